"""Whether an article helped: what counts as a vote, and what a person reads instead."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core import dialogs
from core.models import ArticleFeedback, Participant, Ticket
from tests.desk import Read, TestDesk


def article(desk: TestDesk) -> Read:
    desk.clock.advance(minutes=1)
    return desk.says("nina", "Show article 9").to("nina")


def votes(desk: TestDesk) -> list[bool | None]:
    with desk.app.sessions() as session:
        return list(session.scalars(select(ArticleFeedback.helped)))


@pytest.mark.parametrize(
    ("answer", "helped"),
    [
        ("That helped a lot!", True),
        ("This was useful.", True),
        ("Das hat geholfen!", True),
        ("Ça m'a bien aidée", True),
        ("That has not helped", False),
        ("Das hat nicht geholfen", False),
    ],
)
def test_what_says_that_an_article_helped_is_a_vote(desk_on_sqlite: TestDesk, answer: str, helped: bool) -> None:
    desk = desk_on_sqlite
    shown = article(desk)
    desk.clock.advance(minutes=1)
    assert desk.says("nina", answer, reply_to=shown).all_to("nina")
    assert votes(desk) == [helped]


@pytest.mark.parametrize(
    "answer",
    [
        "It helped a bit, but the shop page still shows the warning.",
        "That helped? I do not see where to click.",
        "The first half helped, yet on my phone there is no such menu at all.",
    ],
)
def test_what_says_more_is_read_by_a_person_and_is_no_vote(desk_on_sqlite: TestDesk, answer: str) -> None:
    desk = desk_on_sqlite
    shown = article(desk)
    desk.clock.advance(minutes=1)
    assert desk.says("nina", answer, reply_to=shown).all_to("sam")
    assert votes(desk) == []


@pytest.mark.parametrize(
    ("text", "awaited"),
    [
        ("Yes, thanks", True),
        ("Thanks, that helped", True),
        ("ja danke", True),
        ("Thank you very much!", False),
        ("Merci", False),
    ],
)
def test_thanks_that_answer_the_article_are_told_from_mere_thanks(
    desk_on_sqlite: TestDesk, text: str, awaited: bool
) -> None:
    """What core/clientdesk.py asks before it drops thanks."""
    desk = desk_on_sqlite
    article(desk)
    with desk.app.sessions() as session:
        ticket = session.scalars(select(Ticket)).one()
        person = session.scalars(select(Participant)).one()
        found = dialogs.awaited(session, ticket.id, person.address, text, desk.clock())
        assert found is awaited
        assert not dialogs.awaited(session, ticket.id, "alice@bakery.example", text, desk.clock())
