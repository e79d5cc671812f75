"""The same in a chat: the question has buttons there, and a typed word answers it as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from core.models import Letter, Rating
from core.post import ONE_TIME_PAGE
from tests.conversations.voices import CHANNELS, InSlack, InTelegram, Shown, Voice, _answered, in_channel
from tests.conversations.voices import made as made_with_chats
from tests.desk import TestDesk
from tests.life.waiting import ASKED, FIXED, LIFE, TROUBLE

BY_BUTTON = ("slack", "telegram")


@pytest.fixture
def desk(tmp_path: Path, sqlite_filled: Path) -> Iterator[TestDesk]:
    made = made_with_chats(tmp_path, sqlite_filled)
    made.app.settings = replace(made.app.settings, satisfaction=ASKED, life=LIFE)
    yield made
    made.app.engine.dispose()


def asked(desk: TestDesk, voice: Voice) -> str:
    """Alice asked in the chat, Sam has answered by mail and closed it, and a day has passed: the ticket's number."""
    voice.says("alice", TROUBLE, answers=False)
    number = str(desk.ticket()["number"])
    told = desk.letters().all_to("sam")[-1]
    desk.clock.advance(minutes=1)
    desk.says("sam", f"{FIXED}\n\n#close", reply_to=told)
    desk.clock.advance(days=1)
    desk.rings()
    delivered(desk, voice)
    return number


def delivered(desk: TestDesk, voice: Voice) -> None:
    if isinstance(voice, InSlack | InTelegram):
        _answered(voice.runner, desk, voice.posting)


def score(desk: TestDesk) -> int | None:
    with desk.app.sessions() as session:
        (row,) = session.scalars(select(Rating)).all()
        return row.score


def question(desk: TestDesk) -> Letter:
    with desk.app.sessions() as session:
        (letter,) = session.scalars(select(Letter).where(Letter.kind == "satisfaction")).all()
        return letter


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_question_is_put_where_the_client_writes_without_the_address_of_a_page(
    desk: TestDesk, channel: str
) -> None:
    with in_channel(desk, channel) as voice:
        asked(desk, voice)
        letter = question(desk)
        assert letter.channel == channel and ONE_TIME_PAGE not in letter.payload.decode()


@pytest.mark.parametrize("channel", BY_BUTTON)
@pytest.mark.parametrize("word, wanted", [("good", 2), ("bad", 1)])
def test_a_button_answers_it(desk: TestDesk, channel: str, word: str, wanted: int) -> None:
    with in_channel(desk, channel) as voice:
        number = asked(desk, voice)
        shown: Shown = voice.says("alice", word, answers=True)
        assert score(desk) == wanted and desk.ticket(number)["status"] == "Closed"
        assert f"#{number}" in shown.text
        assert bool([m for m in desk.letters() if "rated the help" in m]) == (word == "bad")


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_typed_word_answers_it_and_another_line_is_a_line_like_any(desk: TestDesk, channel: str) -> None:
    with in_channel(desk, channel) as voice:
        number = asked(desk, voice)
        voice.says("alice", "Which domains do I have?", answers=False)
        assert score(desk) is None
        voice.says("alice", "bad, it took a week", answers=False)
        assert score(desk) == 1 and desk.ticket(number)["status"] == "Closed"
