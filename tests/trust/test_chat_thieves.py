"""Rows 29 to 32 and 66: a thief in the chats: who is believed, what is shown where, whose buttons count.

What these share with honest people is in tests/chat.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import func, select

from bot.channels.slack.composer import SlackComposer
from bot.channels.telegram.composer import TelegramComposer
from bot.templating import Templates
from core.chatlinks import COOLING
from core.models import ChatLink, Dialog
from core.people import Risk
from core.post import Composed, Draft
from tests.chat.chatting import Chat, code_of, with_chats
from tests.chat.slack.running import Scene, play
from tests.chat.slack.standin import SECRET
from tests.desk import TestDesk
from tests.trust import thief
from tests.trust.thief import Watched

ALICE, BOB, VICTOR = "alice@bakery.example", "bob@bakery.example", "victor@hale.example"


@pytest.fixture
def watched(desk_on_sqlite: TestDesk) -> Watched:
    return thief.watch(with_chats(desk_on_sqlite))


@pytest.fixture
def desk(watched: Watched) -> TestDesk:
    return watched.desk


@pytest.fixture
def ann(desk: TestDesk) -> Chat:
    """Alice's chat, linked long ago."""
    chat = Chat(desk)
    chat.links(ALICE)
    desk.clock.advance(seconds=COOLING.total_seconds() + 60)
    return chat


@pytest.fixture
def mallory(desk: TestDesk) -> Chat:
    return Chat(desk, id="666", name="Alice Martin")


def links(desk: TestDesk) -> int:
    with desk.app.sessions() as session:
        return session.scalar(select(func.count()).select_from(ChatLink).where(ChatLink.ended_at.is_(None))) or 0


# ---------------------------------------- 29 who is believed

DISGUISES: Mapping[str, dict[str, Any]] = {
    "her name": {"id": "666", "name": "Alice Martin"},
    "her address as a name": {"id": "666", "name": ALICE},
    "her address as an id": {"id": ALICE, "name": "Alice"},
    "her id at another platform": {"channel": "slack", "name": "Ann"},
    "her id with a space": {"id": "4711 ", "name": "Ann"},
    "her id in another workspace": {"channel": "slack", "id": "T0OTHER/U0ALICE", "name": "Alice Martin"},
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_neither_a_name_nor_an_address_nor_an_id_from_elsewhere_speaks_for_her(
    desk: TestDesk, ann: Chat, watched: Watched, disguise: dict[str, Any]
) -> None:
    slack = Chat(desk, channel="slack", id="T0DESK/U0ALICE")
    slack.links(ALICE)
    he, before = Chat(desk, **disguise), watched.possessions()
    watched.forget()
    for wish in ("which domains do I have?", "unlock bakery.example", "send me the EPP code of bakery-shop.example"):
        came = he.says(wish)
        assert not [word for word in ("bakery-shop", "INV-90", "Bob Roux") if word in came.text.replace(wish, "")]
        assert not [mail for mail in came.mails if mail.kind in ("question", "secret")], wish
    assert watched.looks == [] and watched.possessions() == before and links(desk) == 2


def test_he_who_asks_for_her_code_gets_none_and_whatever_he_types_links_nothing(desk: TestDesk, mallory: Chat) -> None:
    code = code_of(mallory.says(f"link {ALICE}").by_mail(ALICE))
    for guess in ("yes", "YES", "2222-2222", "code", code[:-1], f"{code[:-1]}{'2' if code[-1] != '2' else '3'}"):
        assert "now speaks for" not in mallory.says(guess).text
    assert links(desk) == 0


def test_whoever_calls_himself_staff_in_a_chat_commands_nothing(desk: TestDesk, ann: Chat) -> None:
    ann.says("our shop shows a blank page and nobody knows why")
    number = desk.tickets()[0]["number"]
    he = Chat(desk, id="666", name="Sam Lee sam@desk.example")
    he.says(f"#close #{number}")
    he.says(f"[#{number}] #reply Send us your password")
    ticket = desk.ticket(number)
    assert ticket["status"] != "Closed" and not [one for one in ticket["messages"] if one["by"] == "staff"]


# ---------------------------------------- 30 forged webhooks

BODY = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": {"type": "message", "text": "unlock"}})


def signed(body: str, *, secret: str = SECRET, age: float = 0) -> dict[str, str]:
    at = str(int(time.time() - age))
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body) or ""
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}


def forgeries() -> Iterator[tuple[str, str, dict[str, str]]]:
    good = signed(BODY)
    yield "an old time stamp", BODY, signed(BODY, age=600)
    yield "a time stamp of tomorrow", BODY, signed(BODY, age=-86_400)
    yield "a new time stamp on an old signature", BODY, {**signed(BODY, age=600), **_only(good, "Timestamp")}
    yield "an altered body", BODY.replace("unlock", "unlock roe"), good
    yield "another secret", BODY, signed(BODY, secret="another")
    yield "no signature", BODY, _only(good, "Timestamp")
    yield "no time stamp", BODY, _only(good, "Signature")
    yield "nothing", BODY, {}
    yield "an empty signature", BODY, {**good, "X-Slack-Signature": ""}
    yield "half a signature", BODY, {**good, "X-Slack-Signature": good["X-Slack-Signature"][:20]}
    yield "a signature without a version", BODY, {**good, "X-Slack-Signature": good["X-Slack-Signature"][3:]}


def _only(headers: Mapping[str, str], part: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if part in name}


def test_no_forged_request_in_slack_s_name_is_taken() -> None:
    async def act(stage: Scene) -> None:
        async with aiohttp.ClientSession() as session:
            for name, body, headers in forgeries():
                kind = {"Content-Type": "application/json", **headers}
                async with session.post(stage.people.door, data=body.encode(), headers=kind) as answer:
                    assert answer.status in (400, 401, 403), name
        assert not stage.kept.asked and not stage.kept.deliveries

    play(act, mode="http")


# ---------------------------------------- 31 what is shown where others read


def test_no_wish_of_hers_is_answered_where_others_read_it(desk: TestDesk, ann: Chat) -> None:
    """Every intent, asked in a room: the room learns nothing that is hers, neither do mails to others."""
    for entry, phrase in thief.phrases():
        came = ann.in_room(phrase)
        for bubble in came.bubbles:
            assert bubble.to in (ann.id, "-100"), phrase
            if bubble.to == "-100" and entry.risk is not Risk.PUBLIC:
                said = bubble.text.replace(phrase, "")
                assert not [word for word in ("bakery", "INV-", "Bob", ALICE, "#") if word in said], phrase
                assert not bubble.buttons, phrase
        assert {mail.to for mail in came.mails if mail.kind != "notification"} <= {
            ALICE,
            BOB,
            "hostmaster@bakery.example",
        }
        desk.clock.advance(hours=13)


def test_a_code_and_a_yes_typed_into_a_room_do_nothing(desk: TestDesk, ann: Chat, watched: Watched) -> None:
    before = watched.possessions()
    code = code_of(ann.says("unlock bakery.example").by_mail(ALICE))
    ann.in_room(code)
    ann.says("switch auto-renew of bakery.example off")
    ann.in_room("YES")
    assert watched.possessions() == before


def test_a_code_that_was_read_over_her_shoulder_is_worth_nothing_in_his_chat(
    desk: TestDesk, ann: Chat, mallory: Chat, watched: Watched
) -> None:
    victor = Chat(desk, id="33", name="Victor")
    victor.links(VICTOR)
    before = watched.possessions()
    code = code_of(ann.says("unlock bakery.example").by_mail(ALICE))
    for he in (mallory, victor):
        he.says(code)
        he.says(f"code {code}")
    assert watched.possessions() == before
    assert "bakery.example is unlocked" in ann.says(code).text, "and none of her tries was used up"


# ---------------------------------------- 32 whose buttons count


def test_a_button_is_worth_nothing_in_any_other_hand(
    desk: TestDesk, ann: Chat, mallory: Chat, watched: Watched
) -> None:
    """A stranger's, another client's, one of her id at another platform, and hers after it was unlinked."""
    victor, elsewhere = Chat(desk, id="33", name="Victor"), Chat(desk, channel="slack", id="4711", name="Ann")
    victor.links(VICTOR)
    before = watched.possessions()
    question = ann.says("switch auto-renew of bakery.example off").one
    for he in (mallory, victor, elsewhere):
        for word in ("YES", "NO", "STOP"):
            came = he.says(word, marker=question.marker)
            assert "does not renew" not in came.text and not [mail for mail in came.mails if mail.to == ALICE], word
    assert watched.possessions() == before
    assert "does not renew automatically" in ann.presses("YES", question).one, "the question is still hers"
    another, after = ann.says("switch auto-renew of bakery-shop.example off").one, watched.possessions()
    ann.says("unlink")
    assert links(desk) == 1, "only the other client's is left"
    ann.presses("YES", another)
    assert watched.possessions() == after


def test_the_marker_behind_a_button_cannot_be_guessed_from_another_one(
    desk: TestDesk, ann: Chat, mallory: Chat
) -> None:
    """Every flipped character of a marker is a marker of nothing."""
    question = ann.says("switch auto-renew of bakery.example off").one
    for place in range(0, len(question.marker), 4):
        letter = "a" if question.marker[place] != "a" else "b"
        ann.says("YES", marker=question.marker[:place] + letter + question.marker[place + 1 :])
    with desk.app.sessions() as session:
        kinds = dict(session.execute(select(Dialog.kind, Dialog.state).where(Dialog.kind == "confirm")).all())
    assert kinds == {"confirm": "pending"}


# ---------------------------------------- 66 words that would be markup

EVIL = (
    "<!channel> <!here> <@U0BOB> <https://evil.example|your invoice> @here @channel "
    "[your invoice](https://evil.example) <a href='https://evil.example'>pay</a> tg://user?id=1 *b* _i_ `c` ~s~ |x|"
)
"""In a text, a name and a subject."""


@dataclass
class _Both:
    """What goes to the platform, kept; and what the tests of chats read."""

    real: Any
    read: Any
    made: list[str] = field(default_factory=list)

    def compose(self, draft: Draft) -> Composed:
        calls = json.loads(self.real.compose(draft).payload)
        for call in calls:
            call.pop("plain", "")  # What is sent as it stands, without any markup, where the other is refused.
        self.made.append(json.dumps(calls, ensure_ascii=False))
        composed: Composed = self.read.compose(draft)
        return composed


REAL: dict[str, Any] = {"slack": SlackComposer, "telegram": TelegramComposer}


@pytest.mark.parametrize("channel", REAL)
def test_words_of_people_call_nobody_and_link_nowhere_in_what_the_desk_says_in_a_chat(
    desk: TestDesk, channel: str
) -> None:
    """They come back in the list of her tickets, in the status of one, and in what staff answer."""
    around = desk.app.around
    both = _Both(REAL[channel](Templates(), lambda: {"desk": around.desk}), around.composers[channel])
    desk.app.around = replace(around, composers={**around.composers, channel: both})
    chat = Chat(desk, channel=channel, id="T0DESK/U0ALICE", name=EVIL[:100])
    chat.links(ALICE)
    asked = chat.says(f"our shop shows a blank page and nobody knows why {EVIL}", subject=EVIL)
    notification = next(mail for mail in asked.mails if mail.kind == "notification")
    desk.says("sam", f"Have you tried {EVIL}", reply_to=notification)
    chat.says("list my tickets")
    assert sum("evil.example" in one for one in both.made) >= 2, "the words are shown"
    for one in both.made:
        assert not WORKS[channel].search(one), one
    if channel == "slack":
        calls = [call["arguments"] for one in both.made for call in json.loads(one)]
        assert calls and all(call["parse"] == "none" and call["link_names"] is False for call in calls)


WORKS = {
    "slack": re.compile(r"<!(channel|here)|<@U0BOB|<https?://evil"),
    "telegram": re.compile(r"<a href=.{0,3}(https://evil|tg:)|text_mention|markdown|@(here|channel)", re.IGNORECASE),
}
"""What would call somebody or lead there, in the payload that goes to the platform."""
