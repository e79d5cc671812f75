"""How content a client is: asked once, answered by a word, and a bad one told to whoever has to know."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import i18n
from bot.app import by_the_clock
from bot.settings import SettingsError, StaffSettings
from bot.settings.life import SatisfactionSettings
from core import ratings
from core.models import Rating, Ticket
from core.ratings import BAD, GOOD
from tests.desk import Mails, Read, TestDesk
from tests.life.waiting import ASKED, FIXED, TROUBLE, Making, flat, passes, status

LEAD = StaffSettings("Dana Cole", "dana@desk.example", (), ("Support",), "lead")
SAM = StaffSettings("Sam Lee", "sam@desk.example", (), ("Support", "Billing"), "agent")


@pytest.fixture
def asking(made: Making) -> TestDesk:
    """A desk that asks, and whose Support is led by Dana."""
    return made(satisfaction=ASKED, staff=(SAM, LEAD))


def closed(desk: TestDesk, who: str = "alice", words: str = FIXED) -> str:
    desk.clock.advance(minutes=1)
    mails = desk.says(who, TROUBLE, subject="Site broken")
    number = str(desk.ticket()["number"])
    desk.says("sam", f"{words}\n\n#close", reply_to=mails.to("sam"))
    return number


def asked(desk: TestDesk, **step: float) -> Mails:
    return passes(desk, "satisfaction", **(step or {"hours": 24}))


def rating(desk: TestDesk) -> tuple[int | None, str]:
    """The only one there is: its score and its comment."""
    with desk.app.sessions() as session:
        (row,) = session.scalars(select(Rating)).all()
        return row.score, row.comment


def question(desk: TestDesk, who: str = "alice") -> tuple[str, Read]:
    number = closed(desk, who)
    return number, asked(desk).to(who)


def test_a_client_is_asked_once_a_day_after_a_person_s_ticket_was_closed(asking: TestDesk) -> None:
    number = closed(asking)
    assert not asked(asking, hours=23, minutes=59).mails
    letter = asked(asking, minutes=1).to("alice")
    assert f"[#{number}]" in letter.subject and "How was our help?" in flat(letter)
    assert "\n    good\n    bad\n" in letter.text and "/once/" in letter.text
    assert not asked(asking, days=40).mails and status(asking, number) == "Closed"


def test_a_good_word_is_kept_and_nobody_is_told(asking: TestDesk) -> None:
    number, letter = question(asking)
    mails = asking.says("alice", "Good", reply_to=letter)
    assert rating(asking) == (GOOD, "") and status(asking, number) == "Closed"
    assert "We are glad" in flat(mails.to("alice")) and len(mails) == 1
    assert "alice@bakery.example rated the ticket: good." in str(asking.ticket(number)["messages"])


def test_a_bad_word_alerts_the_lead_and_leaves_the_ticket_closed(asking: TestDesk) -> None:
    number, letter = question(asking)
    mails = asking.says("alice", "bad", reply_to=letter)
    assert rating(asking) == (BAD, "") and status(asking, number) == "Closed"
    assert "rated the help on this ticket as bad" in flat(mails.to("dana")) and not mails.all_to("sam")
    assert "We are sorry" in flat(mails.to("alice"))


def test_the_comment_of_a_bad_one_stands_on_the_ticket_and_who_worked_on_it_is_told(asking: TestDesk) -> None:
    number, letter = question(asking)
    mails = asking.says("alice", "Bad. It took a week, and nobody called.", reply_to=letter)
    assert rating(asking) == (BAD, "It took a week, and nobody called.")
    for member in ("dana", "sam"):
        assert "It took a week, and nobody called." in flat(mails.to(member))
    assert status(asking, number) == "Closed"
    said = [one["text"] for one in asking.ticket(number)["messages"] if one["author"] == "alice@bakery.example"]
    assert said[-1] == "It took a week, and nobody called."
    assert "Sorry" in asking.says("sam", "Sorry about that.", reply_to=mails.to("sam")).to("alice")


def test_a_quoted_question_and_a_signature_are_no_comment(asking: TestDesk) -> None:
    _, letter = question(asking)
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
    asking.says("alice", f"Good\n\n-- \nAlice Martin\n\nOn 26 Nov 2026, Support wrote:\n{quoted}", reply_to=letter)
    assert rating(asking) == (GOOD, "")


def test_the_admins_are_told_where_a_department_has_no_lead(made: Making) -> None:
    desk = made(satisfaction=ASKED)
    _, letter = question(desk)
    assert [mail.to for mail in desk.says("alice", "bad", reply_to=letter).of_kind("notification")] == [
        "dana@desk.example"
    ]


def test_a_second_answer_changes_the_first_within_a_week(asking: TestDesk) -> None:
    _, letter = question(asking)
    asking.says("alice", "bad", reply_to=letter)
    asking.clock.advance(days=7)
    mails = asking.says("alice", "good, they called me", reply_to=letter)
    assert rating(asking) == (GOOD, "they called me") and "You now rate our help" in flat(mails.to("alice"))
    asking.clock.advance(seconds=1)
    mails = asking.says("alice", "bad", reply_to=letter)
    assert rating(asking)[0] == GOOD and "too late" in flat(mails.to("alice")) and not mails.all_to("dana")


def test_a_reply_to_the_thanks_for_it_is_a_reply_to_the_question(asking: TestDesk) -> None:
    number, letter = question(asking)
    thanks = asking.says("alice", "bad", reply_to=letter).to("alice")
    asking.says("alice", "Good after all", reply_to=thanks)
    assert rating(asking) == (BAD, "") and status(asking, number) == "Customer-Reply"
    asking.says("alice", "Good", reply_to=thanks)
    assert rating(asking) == (GOOD, "")


def test_a_message_to_the_question_that_is_no_rating_opens_the_ticket(asking: TestDesk) -> None:
    number, letter = question(asking)
    mails = asking.says("alice", "Good morning, the error is back since noon.", reply_to=letter)
    assert "error is back" in mails.to("sam") and status(asking, number) == "Customer-Reply"
    assert rating(asking) == (None, "")


def test_thanks_to_the_question_are_no_rating_and_open_nothing(asking: TestDesk) -> None:
    number, letter = question(asking)
    assert not asking.says("alice", "Thank you very much!", reply_to=letter).mails
    assert rating(asking) == (None, "") and status(asking, number) == "Closed"


def test_a_question_behind_a_good_word_is_answered(asking: TestDesk) -> None:
    number, letter = question(asking)
    mails = asking.says("alice", "Good. Which domains do I have?", reply_to=letter)
    assert rating(asking) == (GOOD, "Which domains do I have?")
    assert any("bakery-shop.example" in mail for mail in mails.all_to("alice"))
    assert any("Which domains" in one["text"] for one in asking.ticket(number)["messages"])


def test_nobody_else_can_rate_it(asking: TestDesk) -> None:
    _, letter = question(asking)
    asking.says("mallory", "bad", reply_to=letter)
    assert rating(asking) == (None, "")


def test_an_absence_note_is_no_rating(asking: TestDesk) -> None:
    _, letter = question(asking)
    assert not asking.says("alice", "bad", reply_to=letter, headers={"Auto-Submitted": "auto-replied"}).mails
    assert rating(asking) == (None, "")


def test_one_client_is_asked_once_in_a_month_whoever_of_them_wrote(asking: TestDesk) -> None:
    closed(asking)
    closed(asking, "bob")
    assert len(asked(asking)) == 1
    assert not asked(asking, days=2).mails
    asking.clock.advance(days=27)
    closed(asking)
    assert not asked(asking, hours=23).mails
    assert asked(asking, hours=1).to("alice")


def test_strangers_are_asked_each_for_themselves(asking: TestDesk) -> None:
    closed(asking, "nina")
    closed(asking)
    assert sorted(mail.to for mail in asked(asking)) == ["alice@bakery.example", "nina@stone.example"]
    closed(asking, "nina")
    assert not asked(asking).mails


@pytest.mark.parametrize("change", [{"spam": True}, {"flooded": True}, {"merged_into": 1}], ids=str)
def test_nobody_is_asked_of_spam_floods_and_merged_tickets(asking: TestDesk, change: dict[str, Any]) -> None:
    number = closed(asking)
    with asking.app.sessions.begin() as session:
        session.execute(update(Ticket).where(Ticket.number == number).values(**change))
    assert not asked(asking).mails


def test_nobody_is_asked_of_what_the_desk_alone_answered_or_staff_closed_in_silence(asking: TestDesk) -> None:
    asking.says("alice", "Which domains do I have?")
    asking.says("alice", f"Close ticket #{asking.ticket()['number']}")
    mails = asking.says("alice", TROUBLE)
    asking.says("sam", "#close", reply_to=mails.to("sam"))
    assert asking.ticket()["status"] == "Closed"
    assert not asked(asking, days=2).mails


def test_a_ticket_that_was_opened_again_is_asked_about_after_its_last_end(asking: TestDesk) -> None:
    mails = asking.says("alice", TROUBLE)
    letter = asking.says("sam", f"{FIXED}\n\n#close", reply_to=mails.to("sam")).to("alice")
    asking.clock.advance(hours=2)
    told = asking.says("alice", "The error is back.", reply_to=letter).to("sam")
    assert not asked(asking).mails
    asking.says("sam", "Repaired again.\n\n#close", reply_to=told)
    assert asked(asking).to("alice")


def test_switched_on_it_asks_nobody_of_last_year_and_switched_off_nobody_at_all(made: Making) -> None:
    desk = made(satisfaction=SatisfactionSettings(enabled=False))
    closed(desk)
    assert not asked(desk, days=5).mails
    desk.app.settings = replace(desk.app.settings, satisfaction=ASKED)
    assert not asked(desk, minutes=1).mails


def test_it_is_asked_once_however_many_ring(made: Making) -> None:
    desk = made(satisfaction=ASKED)
    closed(desk)
    closed(desk, "bob")
    desk.clock.advance(days=1)
    together = Barrier(3)

    def ring() -> None:
        together.wait()
        for one in by_the_clock(desk.app):
            one(desk.app.around)

    rings = [Thread(target=ring) for _ in range(3)]
    for thread in rings:
        thread.start()
    for thread in rings:
        thread.join()
    assert len(desk.letters().of_kind("satisfaction")) == 1


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("word, score", [("good", GOOD), ("bad", BAD)])
def test_the_words_that_a_letter_names_are_read(language: str, word: str, score: int) -> None:
    named = i18n.translations(language).gettext(word)
    assert ratings.read(named) == ratings.Said(score, "")
    assert ratings.read(f"{named.capitalize()}!\n\n{FIXED}") == ratings.Said(score, FIXED)


@pytest.mark.parametrize(
    "text, score, comment",
    [
        ("very good", GOOD, ""),
        ("Sehr gut!", GOOD, ""),
        ("Très bien, merci", GOOD, "merci"),
        ("muy bueno", GOOD, ""),
        ("molto bene", GOOD, ""),
        ("heel goed", GOOD, ""),
        ("Bardzo dobrze.", GOOD, ""),
        ("muito bom", GOOD, ""),
        ("Not good.", BAD, ""),
        ("Nicht gut, es dauerte zu lange", BAD, "es dauerte zu lange"),
        ("Not bad", GOOD, ""),
        ("schlecht", BAD, ""),
        ("mauvais - trop lent", BAD, "trop lent"),
        ("Pésimo", BAD, ""),
        ("pessimo", BAD, ""),
        ("slecht", BAD, ""),
        ("Źle", BAD, ""),
        ("ruim", BAD, ""),
        ("5", GOOD, ""),
        ("4/5", GOOD, ""),
        ("1", BAD, ""),
        ("2 / 5\nToo slow.", BAD, "Too slow."),
        ("fünf", GOOD, ""),
        ("jeden", BAD, ""),
        ("👍", GOOD, ""),
        ("👎🏽", BAD, ""),
        ("good\n\nYou were quick.\n\nAlice", GOOD, "You were quick.\n\nAlice"),
    ],
)
def test_a_word_or_number_before_everything_else_is_a_rating(text: str, score: int, comment: str) -> None:
    assert ratings.read(text) == ratings.Said(score, comment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Good morning, my site is down.",
        "Guten Tag, der Fehler ist wieder da.",
        "Bonjour, le site est en panne.",
        "Buenos días",
        "Dzień dobry, nie działa",
        "Bom dia! O site caiu.",
        "Bad gateway since today",
        "One of my domains is gone",
        "10 mailboxes, please",
        "Thank you",
        "Is it good?",
        "I am fine with that, go ahead",
    ],
)
def test_what_only_begins_like_one_is_none(text: str) -> None:
    assert ratings.read(text) is None


@pytest.mark.parametrize(
    "slip, told",
    [
        (SatisfactionSettings(delay_hours=-1), "delay_hours"),
        (SatisfactionSettings(not_again_days=-1), "not_again_days"),
    ],
)
def test_a_slip_in_the_configuration_stops_the_start(made: Making, slip: SatisfactionSettings, told: str) -> None:
    with pytest.raises(SettingsError, match=f"satisfaction.{told}"):
        made(satisfaction=slip)
