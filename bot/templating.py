"""A Reply becomes Content: its template, rendered in the reader's language and read back as blocks.

Templates see values and the filters below, nothing else: they run in Jinja2's sandbox, a name that isn't there is an
error, and what comes out is limited, so that an operator's own template can be wrong but not dangerous.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.lists import format_list
from jinja2 import BaseLoader, PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from bot import i18n, markdown
from core.content import Content, ContentError, parse
from core.messages import Reply

OUTPUT_LIMIT = 256 * 1024
"""Characters that a rendered template may have."""


class TemplateError(Exception):
    """A template can't be used; the text names it and says why."""


@dataclass(slots=True)
class Templates:
    """The reply templates, compiled once for each language that readers have."""

    loader: BaseLoader = field(default_factory=lambda: PackageLoader("bot.templates", "replies"))
    _environments: dict[str, ImmutableSandboxedEnvironment] = field(default_factory=dict)

    def content(self, reply: Reply, language: str, **shared: object) -> Content:
        """Render `reply` for a reader of `language`; `shared` is what all templates may use (the reply's own wins).

        Raises TemplateError for a slip in the template, jinja2.TemplateError for one that Jinja2 finds.
        """
        template = self._environment(language).get_template(f"{reply.template}.html")
        markup = _limited(reply.template, template.generate({**shared, **reply.context}))
        try:
            return parse(markup)
        except ContentError as error:
            raise TemplateError(f"{reply.template}.html: {error}") from error

    def page(self, name: str, language: str, **context: object) -> str:
        """A whole HTML page, not read back: for the desk's own pages in the browser."""
        return _limited(name, self._environment(language).get_template(f"{name}.html").generate(context))

    def names(self) -> list[str]:
        """All templates by the name that `say` wants."""
        return [name.removesuffix(".html") for name in self.loader.list_templates() if name.endswith(".html")]

    def compile(self, language: str = i18n.ENGLISH) -> None:
        """Compile all of them now. Raises jinja2.TemplateSyntaxError."""
        for name in self.names():
            self._environment(language).get_template(f"{name}.html")

    def _environment(self, language: str) -> ImmutableSandboxedEnvironment:
        # Keyed by what Babel makes of it, not by what was asked for: a made-up language must not make one more.
        key = str(i18n.locale(language))
        environment = self._environments.get(key)
        if environment is None:
            environment = self._environments[key] = _environment(self.loader, key)
        return environment


def _limited(name: str, pieces: Iterable[str]) -> str:
    markup, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > OUTPUT_LIMIT:
            raise TemplateError(f"{name}.html: makes more than {OUTPUT_LIMIT} characters")
        markup.append(piece)
    return "".join(markup)


def _environment(loader: BaseLoader, language: str) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(i18n.translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(masked=masked, paragraphs=paragraphs, lines=lines, markdown=markdown.blocks)
    written = _Written(i18n.locale(language))
    environment.filters.update(
        money=written.money, day=written.day, moment=written.moment, number=written.number, listed=written.listed
    )
    return environment


@dataclass(frozen=True, slots=True)
class _Written:
    """Values as readers of one language write them."""

    locale: Locale

    def money(self, amount: Decimal, currency: str) -> str:
        return numbers.format_currency(amount, currency, locale=self.locale)

    def day(self, value: date) -> str:
        """3 March 2026, in the reader's order."""
        return dates.format_date(value, "long", locale=self.locale)

    def moment(self, value: datetime, time_zone: str | ZoneInfo = "UTC") -> str:
        """Day, time and zone; `value` must know its zone (naive ones are UTC to Babel)."""
        zone = ZoneInfo(time_zone) if isinstance(time_zone, str) else time_zone
        day = dates.format_date(value.astimezone(zone), "medium", locale=self.locale)
        time = dates.format_time(value.astimezone(zone), "short", tzinfo=zone, locale=self.locale)
        return f"{day}, {time} {value.astimezone(zone).tzname()}"

    def number(self, value: Decimal | int | float) -> str:
        return numbers.format_decimal(value, locale=self.locale)

    def listed(self, values: Iterable[str]) -> str:
        """One, two and three."""
        return format_list([str(value) for value in values], locale=self.locale)


def masked(address: str) -> str:
    """Enough of an address for its owner to know it: a…@bakery.example."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if local else "…"


def paragraphs(text: str) -> Markup:
    """Somebody's plain text as <p>, empty lines between them, the other line breaks kept."""
    blocks = [block.strip("\n") for block in _unix(text).split("\n\n")]
    return Markup("").join(Markup("<p>{}</p>").format(lines(block)) for block in blocks if block.strip())


def lines(text: str) -> Markup:
    """Somebody's plain text with its line breaks kept, to stand within a block."""
    return Markup("<br>").join(escape(line.strip()) for line in _unix(text).strip().split("\n"))


def _unix(text: str) -> str:
    return str(text).replace("\r\n", "\n").replace("\r", "\n")
