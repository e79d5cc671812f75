"""The Home tab: what its person has with us in a few figures, and what can be asked, one button each.

Opening a tab is no question, and must not open a ticket: nothing of it is stored. Whose figures these are is the
core's to say; who is not linked sees the buttons alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot import i18n
from bot.channels.slack import blocks, detailsform, mrkdwn, web
from bot.channels.slack.blocks import BlockKit
from bot.channels.slack.manifest import COMMAND, NEW_TICKET
from bot.templating import Templates
from core.messages import Address, Reply

log = logging.getLogger("helpdesk.slack")

_REMEMBERED = 10_000


class Home(Protocol):
    """What the page says of its person (core/chathome.py)."""

    @property
    def reply(self) -> Reply: ...

    @property
    def language(self) -> str: ...


def no_figures(_: Address) -> Home | None:
    """Nobody's: the buttons alone."""
    return None


@dataclass(slots=True)
class HomeTab:
    """One for the door, which shows it when it is opened, and the sender, which brings it up to date."""

    desk_name: str
    language: str
    templates: Templates = field(default_factory=Templates)
    shared: Callable[[], dict[str, object]] = dict
    figures: Callable[[Address], Home | None] = no_figures
    _shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By person: what was published last by this process."""

    async def show(self, client: AsyncWebClient, account: str) -> None:
        """`account` is <team>/<user>. Published whatever stood there: an earlier version may have written it."""
        await self._publish(client, account, await asyncio.to_thread(self.view, account))

    async def bring_up_to_date(self, client: AsyncWebClient, account: str) -> None:
        """After something was said to this person: published where it differs from what they have before them."""
        made = await asyncio.to_thread(self.view, account)
        if made != self._shown.get(account):
            await self._publish(client, account, made)

    def view(self, account: str) -> dict[str, Any]:
        """Never fails: without the figures the tab is still of use."""
        try:
            home = self.figures(Address("slack", account))
            if home is not None:
                gettext = i18n.translations(home.language).gettext
                content = self.templates.content(home.reply, home.language, **self.shared())
                return view(self.desk_name, gettext, blocks.blocks(content, "", gettext))
        except Exception:
            log.exception("the figures of a Home tab could not be read")
        return view(self.desk_name, i18n.translations(self.language).gettext)

    async def _publish(self, client: AsyncWebClient, account: str, made: dict[str, Any]) -> None:
        try:
            await client.views_publish(user_id=account.rpartition("/")[2], view=made)
        except web.CALL_ERRORS as error:
            # Whoever opens the tab again sees it; that is not worth an error of its own.
            log.warning("Slack: the Home tab is not shown: %s", web.trouble(error).reason)
            return
        if len(self._shown) > _REMEMBERED:
            self._shown.clear()
        self._shown[account] = made


def view(desk_name: str, gettext: Callable[[str], str], figures: list[BlockKit] | None = None) -> dict[str, Any]:
    asked = [
        (gettext("Overview of my account"), "what is open on my account"),
        (gettext("My invoices"), "invoices"),
        (gettext("My domains"), "domains"),
        (gettext("My services"), "services"),
        (gettext("My tickets"), "tickets"),
        (gettext("What else can I ask?"), "help"),
    ]
    return {
        "type": "home",
        "blocks": [
            blocks.header(desk_name),
            *(figures or ()),
            _said(gettext("Ask in your own words in the Messages tab, as you would in a mail, or press a button.")),
            {
                "type": "actions",
                "elements": [blocks.button(label, says, "", n) for n, (label, says) in enumerate(asked)],
            },
            {"type": "divider"},
            {"type": "actions", "elements": [_open_a_ticket(gettext), detailsform.button(gettext)]},
            blocks.context(
                mrkdwn.escaped(
                    gettext(
                        "What concerns your account is only ever answered in the direct message. In every channel "
                        "you can write %(command)s and a few words: nobody else sees it."
                    )
                    % {"command": COMMAND}
                )
            ),
        ],
    }


def _said(text: str) -> BlockKit:
    return blocks.section(mrkdwn.escaped(text))


def _open_a_ticket(gettext: Callable[[str], str]) -> BlockKit:
    label = {"type": "plain_text", "text": gettext("Open a ticket"), "emoji": False}
    return {"type": "button", "action_id": NEW_TICKET, "text": label, "style": "primary"}
