"""From a Reply to Content: escaping, filters in the reader's language, translations, limits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from jinja2 import DictLoader
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError, TemplateNotFound, UndefinedError

from bot import i18n
from bot.templating import OUTPUT_LIMIT, TemplateError, Templates, masked
from core.content import LineBreak, Paragraph, Text, plain
from core.messages import say


def rendered(markup: str, language: str = "en", **context: object) -> str:
    templates = Templates(DictLoader({"reply.html": f"<title>t</title><p>{markup}</p>"}))
    (block,) = templates.content(say("reply", **context), language).blocks
    assert isinstance(block, Paragraph)
    return plain(block.spans)


def test_the_title_is_the_subject_and_values_are_only_text() -> None:
    templates = Templates(DictLoader({"reply.html": "<title>Hello {{ name }}</title><p>{{ name }} {{ desk }}</p>"}))
    content = templates.content(say("reply", name='</p><menu><button says="cancel">'), "en", desk="Example Hosting")
    assert content.title == 'Hello </p><menu><button says="cancel">'
    assert content.blocks == (Paragraph((Text('</p><menu><button says="cancel"> Example Hosting'),)),)


def test_the_replys_own_values_win_over_shared_ones() -> None:
    templates = Templates(DictLoader({"reply.html": "<title>{{ name }}</title>"}))
    assert templates.content(say("reply", name="own"), "en", name="shared").title == "own"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "€1,234.50 | 8 March 2026"),
        ("de", "1.234,50\u00a0€ | 8. März 2026"),
        ("de-AT", "€\u00a01.234,50 | 8. März 2026"),
        ("fr_FR", "1\u202f234,50\u00a0€ | 8 mars 2026"),
        ("tlh", "€1,234.50 | 8 March 2026"),
        ("", "€1,234.50 | 8 March 2026"),
        ("../../etc/passwd", "€1,234.50 | 8 March 2026"),
    ],
)
def test_money_and_days_are_written_as_the_reader_writes_them(language: str, expected: str) -> None:
    markup = "{{ amount|money('EUR') }} | {{ when|day }}"
    assert rendered(markup, language, amount=Decimal("1234.5"), when=date(2026, 3, 8)) == expected


def test_moments_are_told_in_the_readers_zone() -> None:
    moment = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
    assert rendered("{{ m|moment('Europe/Berlin') }}", "de", m=moment) == "09.03.2026, 00:30 CET"


def test_numbers_and_lists_are_written_as_the_reader_writes_them() -> None:
    assert rendered("{{ 1234.5|number }}", "de") == "1.234,5"
    assert rendered("{{ names|listed }}", "de", names=["a", "<b>", "c"]) == "a, <b> und c"


@pytest.mark.parametrize(
    ("address", "shown"),
    [("alice@bakery.example", "a…@bakery.example"), ("é@x.test", "é…@x.test"), ("nothing", "…"), ("", "…")],
)
def test_masked_shows_the_first_letter_and_the_domain(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_somebodys_plain_text_becomes_paragraphs_with_their_line_breaks() -> None:
    templates = Templates(DictLoader({"reply.html": "<title>t</title>{{ body|paragraphs }}"}))
    content = templates.content(say("reply", body="Hi <b>\r\nthere\r\n\r\n\r\nbye\n"), "en")
    assert content.blocks == (Paragraph((Text("Hi <b>"), LineBreak(), Text("there"))), Paragraph((Text("bye"),)))


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="nobody"):
        rendered("{{ nobody }}")


def test_a_slip_in_the_markup_is_an_error_that_names_the_template() -> None:
    with pytest.raises(TemplateError, match=r"reply\.html: line 1: <i> is not known"):
        rendered("<i>x</i>")


def test_output_is_limited() -> None:
    with pytest.raises(TemplateError, match="more than"):
        rendered("{% for _ in range(99999) %}12345{% endfor %}")
    assert len(rendered("{{ text }}", text="a" * (OUTPUT_LIMIT - 100))) == OUTPUT_LIMIT - 100


@pytest.mark.parametrize(
    "markup", ["{{ ''.__class__.__mro__ }}", "{{ x.append(1) }}", "{{ self.__init__.__globals__ }}"]
)
def test_a_template_cannot_leave_its_sandbox(markup: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        rendered(markup, x=[])


@pytest.mark.parametrize("name", ["../mail", "/etc/passwd", "nothing"])
def test_templates_come_from_their_folder_only(name: str) -> None:
    with pytest.raises(TemplateNotFound):
        Templates().content(say(name), "en")


def test_all_templates_of_the_product_compile() -> None:
    """For readers of English; in every language they are rendered by tests/test_replies.py."""
    templates = Templates()
    templates.compile()
    assert all(not name.endswith(".html") for name in templates.names())


def test_a_template_that_does_not_compile_is_named() -> None:
    with pytest.raises(JinjaError):
        Templates(DictLoader({"broken.html": "{% if %}"})).compile()


CATALOGUE = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Invoice %(number)s"
msgstr "Rechnung %(number)s"

msgid "%(count)s domain"
msgid_plural "%(count)s domains"
msgstr[0] "eine Domain"
msgstr[1] "%(count)s Domains"
"""

TRANSLATED = """<title>{% trans number=number %}Invoice {{ number }}{% endtrans %}</title>
<p>{% trans count=count %}{{ count }} domain{% pluralize %}{{ count }} domains{% endtrans %}</p>"""


def test_a_catalogue_is_read_as_translators_write_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "helpdesk.po").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.setattr(i18n, "_LOCALES", tmp_path)
    monkeypatch.setattr(i18n, "LANGUAGES", i18n._found())
    i18n._translations.cache_clear()
    templates = Templates(DictLoader({"reply.html": TRANSLATED}))

    def read(language: str, count: int) -> tuple[str, str]:
        content = templates.content(say("reply", number="<7>", count=count), language)
        (block,) = content.blocks
        assert isinstance(block, Paragraph)
        return content.title, plain(block.spans)

    assert i18n.LANGUAGES == ("en", "de")
    assert read("de_AT", 2) == ("Rechnung <7>", "2 Domains")
    assert read("de", 1) == ("Rechnung <7>", "eine Domain")
    assert read("en", 2) == ("Invoice <7>", "2 domains")
    assert read("fr", 1) == ("Invoice <7>", "1 domain")
    i18n._translations.cache_clear()


def test_languages_we_do_not_speak_are_answered_in_english() -> None:
    assert [i18n.spoken(language) for language in ("xx", "", "en_GB", "zh-Hant")] == ["en"] * 4
    assert i18n.translations("xx").gettext("Hello") == "Hello"
