"""A terminal as a chat: what is typed becomes a message, and a reply the text that is shown.

It proves nothing: who may run the command on the desk's machine has its database anyway. Secrets go by mail all the
same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot import i18n
from bot.channels import plain
from bot.channels.ports import Delivery
from bot.templating import Templates
from core.content import Content
from core.messages import TERMINAL, InboundMessage, terminal_of
from core.people import Proof
from core.post import Composed, Draft

NO_TITLE = "-"
"""The title of a template that never stands alone."""


def delivery(mailbox: str, name: str, text: str, key: str) -> Delivery:
    """A typed line as a door hands it over; `key` is different for each."""
    said = json.dumps({"id": key, "from": mailbox, "name": name, "text": text}, ensure_ascii=False)
    return Delivery(TERMINAL, said.encode(), (TERMINAL,), terminal_of(mailbox).value, key=key)


@dataclass(frozen=True, slots=True)
class TerminalTranslator:
    desk_address: str

    def translate(self, raw: bytes, claimed: Any) -> InboundMessage:
        said = json.loads(raw)
        return InboundMessage(
            id=f"{TERMINAL}:{said['from']}:{said['id']}",
            sender=terminal_of(said["from"], said["name"]),
            recipient=self.desk_address,
            text=said["text"],
            received=claimed.received_at,
            proof=Proof(verified=True, reasons=("typed at a terminal of the desk's machine",)),
        )


@dataclass(frozen=True, slots=True)
class TerminalComposer:
    """Renders a draft's replies as plain text; `shared` is what every template may use."""

    templates: Templates
    shared: Callable[[], dict[str, object]]

    def compose(self, draft: Draft) -> Composed:
        gettext = i18n.translations(i18n.spoken(draft.language)).gettext
        contents = [self.templates.content(reply, draft.language, **self.shared()) for reply in draft.replies]
        content = Content(contents[0].title, tuple(block for each in contents for block in each.blocks))
        text = plain.text(content, gettext=gettext)
        files = [file.filename for file in draft.attachments]
        title = "" if content.title == NO_TITLE else content.title
        payload = [{"from": draft.from_name, "title": title, "text": text, "files": files}]
        return Composed(
            json.dumps(payload, ensure_ascii=False).encode(), "" if content.secret else text, content.secret
        )
