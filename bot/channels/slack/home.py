"""The Home tab: what can be asked, one button each; the answers come as direct messages.

It is the same for everybody and says nothing of an account: opening a tab is no question, and must not open a ticket.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.channels.slack import blocks, mrkdwn
from bot.channels.slack.blocks import BlockKit
from bot.channels.slack.manifest import COMMAND, NEW_TICKET


def view(desk_name: str, gettext: Callable[[str], str]) -> dict[str, Any]:
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
            _said(gettext("Ask in your own words in the Messages tab, as you would in a mail, or press a button.")),
            {
                "type": "actions",
                "elements": [blocks.button(label, says, "", n) for n, (label, says) in enumerate(asked)],
            },
            {"type": "divider"},
            {"type": "actions", "elements": [_open_a_ticket(gettext)]},
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
