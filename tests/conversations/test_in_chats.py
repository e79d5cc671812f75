"""The same dialogues in Slack, in Telegram and at a terminal: what mail answers is answered there, as far as it may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.templating import masked
from core.models import Letter as Row
from core.post import ONE_TIME_PAGE
from tests.conversations import FILES, FOLDER, quoted_after, sections
from tests.conversations.channels import WORD, ChatReplay, Turn
from tests.conversations.voices import CHANNELS, InSlack, Voice, in_channel, made, on_the_wire
from tests.desk import CAST, TestDesk

OTHERWISE = {
    ("chats", ""): "there a chat is linked, by mail none was yet",
    ("ticket-changes", "Reopen the ticket, please"): "several tickets go on in one chat, so it is asked which",
}
"""(file, words): why a chat says something else than mail."""


OF_HER_ACCOUNT = ("INV-", "Alice Bakery", "bakery.example", "bakery-shop.example", "alice-cakes.example", "rue du Four")


@pytest.fixture
def desk(tmp_path: Path, sqlite_filled: Path) -> Iterator[TestDesk]:
    made_desk = made(tmp_path, sqlite_filled)
    yield made_desk
    made_desk.app.engine.dispose()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_same_dialogues_are_had_in_a_chat(path: Path, channel: str, desk: TestDesk) -> None:
    with in_channel(desk, channel) as voice:
        they_are_had(path, desk, voice)


@pytest.mark.parametrize("name", ["contacts", "credit", "domains", "invoices", "panel", "services"])
def test_where_others_read_it_nothing_of_an_account_is_said(name: str, desk: TestDesk) -> None:
    """The same questions in a channel: the answers go to her, and the channel reads that they do."""
    written = [
        (section, at, line) for section in sections(FOLDER / f"{name}.md") for at, line in enumerate(section.lines)
    ]
    asked = [quoted_after(section.lines, at) for section, at, line in written if line.startswith("Alice writes")]
    with in_channel(desk, "slack") as voice:
        assert isinstance(voice, InSlack) and asked
        for text in asked:
            desk.clock.advance(minutes=10)  # Each begins a ticket, and ten in an hour are a flood.
            said = voice.says_in_a_channel("alice", text)
            assert said.text.strip(), text
            assert not [words for words in OF_HER_ACCOUNT if words in said.handed_over], (text, said)
        voice.nothing_was_refused()


@pytest.mark.parametrize("channel", ["slack", "telegram"])
@pytest.mark.parametrize("name", ["domains", "panel", "tickets"])
def test_some_of_them_are_had_over_sockets(name: str, channel: str, tmp_path: Path, sqlite_filled: Path) -> None:
    with on_the_wire(channel, tmp_path, sqlite_filled) as (desk, voice):
        they_are_had(FOLDER / f"{name}.md", desk, voice)


def they_are_had(path: Path, desk: TestDesk, voice: Voice) -> None:
    replay = ChatReplay(desk, voice)
    told: set[str] = set()
    for turn in (turn for section in sections(path) for turn in replay.play(section)):
        told |= {secret for letter in turn.letters for secret in letter.secrets}
        assert turn.shown.text.strip() or turn.mailed or not turn.by_mail, turn
        assert turn.agrees or is_otherwise(path, turn), (turn.text, turn.by_mail, turn.shown.text)
        no_secret_is_shown(turn, told)
        whoever_was_mailed_a_secret_is_told(turn)
        no_word_is_lost(turn, voice.channel)
    voice.nothing_was_refused()
    nothing_waits(desk, voice)


def is_otherwise(path: Path, turn: Turn) -> bool:
    return (path.stem, turn.text) in OTHERWISE or (path.stem, "") in OTHERWISE


def no_secret_is_shown(turn: Turn, told: set[str]) -> None:
    """Codes, passwords and pages that open once: neither to be read nor hidden in what the platform was given."""
    assert ONE_TIME_PAGE not in turn.shown.handed_over, turn
    assert not [secret for secret in told if secret in turn.shown.handed_over], turn


def whoever_was_mailed_a_secret_is_told(turn: Turn) -> None:
    """They read in the chat to which address it went."""
    address = CAST[turn.who][1]
    secret = any(letter.mail_only and letter.draft.to.value == address for letter in turn.letters)
    if secret and turn.shown.text:
        assert masked(address) in turn.shown.text, turn


def no_word_is_lost(turn: Turn, channel: str) -> None:
    """Nothing is cut off: every word of what was composed for this chat stands in it, a button's words as well."""
    shown = set(WORD.findall(turn.shown.text))
    for letter in turn.letters:
        to = letter.draft.to
        if to.channel == channel and not letter.mail_only:
            assert not (lost := [word for word in letter.words if word not in shown]), (lost, turn)
            assert len(turn.shown.files) >= len(letter.draft.attachments), turn


def nothing_waits(desk: TestDesk, voice: Voice) -> None:
    with desk.app.sessions() as session:
        states = session.scalars(select(Row.state).where(Row.channel == voice.channel)).all()
        assert set(states) <= {"sent"}, states
