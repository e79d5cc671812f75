"""Content as the HTML part of a mail, in the layout templates/layouts/mail.html.

Mail programs are no browsers: styles stand in the tags (some drop the sheet), nothing is fetched (the pictures of a
report come with the mail), and the sheets in the head only add what can be missed: small screens, and dark colours in
one of their own because Gmail drops a sheet whole for one rule that it does not know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.channels.lists import nested
from bot.channels.plain import untranslated
from core.content import Content, amount_columns, plain
from core.messages import Attachment

TRAILER = "<!--trailer-->"
"""Where the composer puts what it adds to one recipient's copy."""


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.templates", "layouts"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(amount_columns=amount_columns, nested=nested, plain=plain)
    environment.globals.update(kind=lambda thing: type(thing).__name__)
    return environment


_LAYOUT = _environment().get_template("mail.html")


def html(
    content: Content,
    *,
    desk_name: str,
    footer: Sequence[str] = (),
    reply_to: str = "",
    language: str = "en",
    gettext: Callable[[str], str] = untranslated,
    pictures: Sequence[Attachment] = (),
) -> str:
    """A whole HTML document; buttons write a mail to `reply_to`, without one their words are shown instead."""

    def answer(says: str) -> str:
        return f"mailto:{quote(reply_to, safe='@+=.-_')}?subject={quote(f'Re: {content.title}')}&body={quote(says)}"

    return _LAYOUT.render(
        content=content,
        desk_name=desk_name,
        footer=footer,
        answer=answer if reply_to else None,
        language=language.replace("_", "-"),
        trailer=TRAILER,
        gettext=gettext,
        pictures=[(content_id(picture), picture.picture) for picture in pictures],
    )


def content_id(picture: Attachment) -> str:
    """By which the page names a picture that comes with the mail (RFC 2392)."""
    return f"{hashlib.sha256(picture.content).hexdigest()[:24]}@picture"
