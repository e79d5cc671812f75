"""The pages as HTML, from templates/pages, in the language of the link's owner."""

from __future__ import annotations

from dataclasses import dataclass, field

from jinja2 import PackageLoader

from bot.templating import Templates
from bot.web.opening import Found, Opened
from core.desk import Desk


@dataclass(frozen=True, slots=True)
class Pages:
    desk: Desk
    templates: Templates = field(default_factory=lambda: Templates(PackageLoader("bot.templates", "pages")))

    def button(self, found: Found, problem: str = "") -> str:
        """What a visit shows: what the link is for, and the button that uses it."""
        return self._page("button", found.language, kind=found.kind, about=found.about, problem=problem)

    def opened(self, found: Found, opened: Opened) -> str:
        """After the button, where there is nowhere to go to."""
        return self._page("opened", found.language, kind=found.kind, secret=opened.secret, about=opened.about)

    def rating(self, found: Found) -> str:
        """The question how content they are; its two buttons are the answer."""
        return self._page("rating", found.language, about=found.about)

    def rated(self, found: Found, result: str, *, bad: bool) -> str:
        return self._page("rated", found.language, result=result, bad=bad)

    def gone(self, language: str) -> str:
        return self._page("gone", language)

    def trouble(self, language: str) -> str:
        return self._page("trouble", language)

    def _page(self, name: str, language: str, **context: object) -> str:
        return self.templates.page(name, language, desk=self.desk, lang=language, **context)
