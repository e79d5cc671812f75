"""A lead's whole day out of her own mail program, whichever it is: what each mail does, and what clients read of it.

Every step is played with every program of tests/staff/programs.py, once more with the HTML of its mails alone. At the
end everything that ever left for a client is looked through for what was not theirs to read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import demo
from bot.channels.reading.markup import text_of
from core.models import Ticket
from core.staff.vocabulary import WORDS
from tests import desk as desks
from tests.desk import CAST, Mails, Read, TestDesk
from tests.staff.programs import PROGRAMS, Draft, Earlier, Program, letter, plain_letter

DANA, SAM = CAST["dana"], CAST["sam"]
ALICE, BOB, VICTOR, NINA = (CAST[who][1] for who in ("alice", "bob", "victor", "nina"))
SUPPORT = ("Example Hosting Support", "support@desk.example")
SIGNATURE = ("Dana Cole", "Example Hosting", "Phone 555 0100")
CANNED = "#tag +cache\nDear {first_name},\n\nplease clear your cache.\n\n#pending 3d\n"
SHORTEST = 16
"""Letters of a line of ours that nobody writes by chance."""

GOSSIP = ("Between us: she has not paid since August.", "The disk again, you know that machine.",
          "He is difficult, be careful with him.", "Phoned, rather angry.")  # fmt: skip


@dataclass(slots=True)
class Day:
    """The desk, the program that Dana writes with, and what the steps before left."""

    desk: TestDesk
    program: Program
    page_alone: bool
    notices: dict[str, Read] = field(default_factory=dict)
    """What Dana was told last of each matter."""
    numbers: dict[str, str] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    """The ids of Dana's mails."""

    def writes(
        self, *lines: str, answers: Read | None = None, forwards: Earlier | None = None, subject: str = ""
    ) -> Mails:
        """Dana writes a mail; what left the desk because of it."""
        quoted = letter(answers) if answers is not None else None
        draft = Draft(lines, DANA, SIGNATURE, quoted, forwards, self.page_alone)
        to = (SUPPORT[0], answers.reply_to) if answers is not None else SUPPORT
        self.sent.append(f"dana{len(self.sent)}.5f@mail.desk.example")
        self.desk.clock.advance(minutes=2)
        raw = self.program.mail(draft, to=to, subject=subject, id=self.sent[-1], sent=self.desk.clock())
        return self.desk.receives(raw, [to[1]], mail_from=DANA[1])

    def told(self, matter: str, mails: Mails) -> Read:
        """Dana is told of it by these mails."""
        self.notices[matter] = mails.to("dana")
        self.numbers[matter] = re.findall(r"#(\d{8})", self.notices[matter].subject)[-1]
        return self.notices[matter]

    def ticket(self, matter: str) -> Ticket:
        with self.desk.app.sessions() as session:
            return session.query(Ticket).filter_by(number=self.numbers[matter]).one()

    def last_said(self, matter: str) -> tuple[str, str]:
        message = self.desk.ticket(self.numbers[matter])["messages"][-1]
        return message["kind"], message["text"]

    @property
    def part(self) -> str:
        """The part that counts: the text where there is one."""
        return "page" if self.page_alone else "text"

    def reads(self, mail: Read, *lines: str) -> bool:
        """Is this all that the client reads in it? A signature that nothing marks may stay: it is meant for clients."""
        shown = _words(mail.text.partition("\nRef: ")[0].replace("[Example Hosting]", ""))
        signed = [[], ["", *SIGNATURE]] if self.part in self.program.shows_signature else [[]]
        return shown in [
            _words("\n".join([*lines, *one, "", "Dana Cole", "Example Hosting Support"])) for one in signed
        ]


def _words(text: str) -> str:
    """Without how lines are broken."""
    return " ".join(text.split())


def she_takes_it(day: Day) -> None:
    notice = day.told(
        "site", day.desk.says("alice", "My site shows an error since this morning.", subject="Site broken")
    )
    assert len(day.writes("#take", answers=notice)) == 0
    assert day.ticket("site").assignee == DANA[1] and day.ticket("site").status == "Open"


def she_notes_something(day: Day) -> None:
    mails = day.writes("#note", GOSSIP[0], "", "@sam do you know more?", answers=day.notices["site"])
    assert mails.kinds() == [(SAM[1], "notification")] and GOSSIP[0] in _words(mails.to("sam").text)
    kind, text = day.last_said("site")
    assert kind == "note" and text.startswith(GOSSIP[0]) and "wrote" not in text and "Proved" not in text


def she_answers(day: Day) -> None:
    lines = ("Hello Alice,", "", "the disk of your server was full. I have made room, and the site works again.", "",
             "Größe: 40 GB, that is enough for a year.")  # fmt: skip
    mails = day.writes(*_as_typed(day, lines), answers=day.notices["site"])
    assert mails.kinds() == [(ALICE, "reply")] and day.reads(mails.to("alice"), *_as_typed(day, lines))
    assert day.ticket("site").status == "Answered"
    day.notices["answer"] = mails.to("alice")


def _as_typed(day: Day, lines: Sequence[str]) -> list[str]:
    """A phone begins each line with a capital."""
    return [f"{line[:1].upper()}{line[1:]}" if day.program.phone else line for line in lines]


def she_hands_it_over(day: Day) -> None:
    notice = day.told("site", day.desk.says("alice", "Now the shop is slow.", reply_to=day.notices["answer"]))
    mails = day.writes("#assign Sam", "#note", GOSSIP[1], answers=notice)
    assert mails.kinds() == [(SAM[1], "notification")] and GOSSIP[1] in _words(mails.to("sam").text)
    assert day.ticket("site").assignee == SAM[1] and day.last_said("site")[0] == "note"


def she_lets_it_sleep(day: Day) -> None:
    mails = day.desk.says("bob", "Our backup of last week is missing one file.", subject="Backup")
    assert len(day.writes("#snooze 2d", answers=day.told("backup", mails))) == 0
    until = day.ticket("backup").wakes_at
    assert until is not None and timedelta(days=1, hours=23) < until - day.desk.clock() <= timedelta(days=2)


def she_merges(day: Day) -> None:
    notice = day.told("shop", day.desk.says("alice", "The shop is very slow today.", subject="Slow shop"))
    lines = _as_typed(day, ("both have the same cause, and we work on it.",))
    mails = day.writes(f"#merge {day.numbers['site']}", *lines, answers=notice)
    assert {to for to, _ in mails.kinds()} == {ALICE} and day.reads(mails.to("alice"), *lines)
    assert day.ticket("shop").merged_into == day.ticket("site").id and day.ticket("shop").status == "Closed"


def she_forwards_a_client_s_mail(day: Day) -> None:
    text = "Hello Dana,\n\nmy certificate has expired.\n\nVictor"
    mail = plain_letter(CAST["victor"], DANA, day.desk.clock() - timedelta(hours=1), "Certificate", text)
    mails = day.writes("#urgent", GOSSIP[2], forwards=mail)
    assert {to for to, _ in mails.kinds()} <= {DANA[1], SAM[1]}
    day.told("certificate", Mails(mails.all_to("dana")[:1]))
    ticket = day.desk.ticket(day.numbers["certificate"])
    assert (ticket["requester"], ticket["subject"], ticket["priority"]) == (VICTOR, "Certificate", "Urgent")
    assert [message["kind"] for message in ticket["messages"]] == ["public", "note"]
    assert _words(ticket["messages"][0]["text"]) == _words(text)
    lines = _as_typed(day, ("hello Victor,", "", "we renew it now."))
    mails = day.writes(*lines, answers=day.notices["certificate"])
    assert mails.kinds() == [(VICTOR, "reply")] and day.reads(mails.to("victor"), *lines)


def she_is_asked_whose_a_mail_is(day: Day) -> None:
    robot = ("Shop", "noreply@stone.example")
    mail = plain_letter(robot, DANA, day.desk.clock() - timedelta(hours=1), "Order 17", "What do forty sites cost?")
    mails = day.writes("#tag +prices", GOSSIP[3], forwards=mail)
    assert mails.kinds() == [(DANA[1], "held")]
    mails = day.writes(NINA, answers=day.told("order", mails))
    assert {to for to, _ in mails.kinds()} <= {DANA[1], SAM[1]} and "held" not in {kind for _, kind in mails.kinds()}
    ticket = day.desk.ticket(day.numbers["order"])
    assert (ticket["requester"], ticket["tags"]) == (NINA, ["prices"])
    assert ticket["messages"][-1]["kind"] == "note" and GOSSIP[3] in ticket["messages"][-1]["text"]


def she_writes_first(day: Day) -> None:
    lines = _as_typed(day, ("hello Bob,", "", "your backup of Monday is complete."))
    mails = day.writes(f"#client {BOB}", "", *lines, subject="Your backup")
    assert mails.kinds() == [(BOB, "reply")] and day.reads(mails.to("bob"), *lines)
    assert day.desk.ticket()["requester"] == BOB and day.desk.ticket()["assignee"] == DANA[1]


def she_closes(day: Day) -> None:
    assert len(day.writes("#close", answers=day.notices["order"])) == 0
    assert day.ticket("order").status == "Closed"
    lines = _as_typed(day, ("hello Victor,", "", "it is renewed."))
    mails = day.writes(*lines, "", "#close", answers=day.notices["certificate"])
    assert mails.kinds() == [(VICTOR, "reply")] and day.reads(mails.to("victor"), *lines)
    assert day.ticket("certificate").status == "Closed"


def she_looks_around(day: Day) -> None:
    notice = day.notices["site"]
    for line, told in (
        ("#find error", day.numbers["site"]),
        ("#status", "Sam Lee"),
        ("#stats", "7"),
        ("#help", "#snooze"),
    ):
        mails = day.writes(line, answers=notice)
        assert mails.kinds() == [(DANA[1], "help")] and told in mails.to("dana"), line


def she_uses_a_canned_reply(day: Day) -> None:
    mails = day.writes("#macro cache", answers=day.notices["site"])
    assert mails.kinds() == [(ALICE, "reply")]
    wanted = "Dear Alice, please clear your cache. Dana Cole Example Hosting Support"
    assert _words(mails.to("alice").text.partition("\nRef: ")[0]) == wanted
    assert (day.ticket("site").status, day.ticket("site").tags) == ("Pending", ["cache"])


def she_is_held_and_sends(day: Day) -> None:
    was = day.ticket("backup").status
    lines = _as_typed(day, ("#Backups are kept for two weeks.", "", "your file of Monday is back."))
    mails = day.writes(*lines, answers=day.notices["backup"])
    assert mails.kinds() == [(DANA[1], "held")] and day.ticket("backup").status == was
    mails = day.writes("#send", answers=mails.to("dana"))
    assert mails.kinds() == [(BOB, "reply")] and day.reads(mails.to("bob"), *lines)
    mails = day.writes("#clsoe", "Hello Bob", answers=day.notices["backup"])
    assert mails.kinds() == [(DANA[1], "held")] and "#close" in mails.to("dana").text
    assert len(day.writes("#cancel", answers=mails.to("dana"))) == 0


def it_wakes(day: Day) -> None:
    day.desk.clock.advance(days=3)
    day.desk.rings()
    assert day.ticket("backup").wakes_at is None


STEPS = (
    she_takes_it, she_notes_something, she_answers, she_hands_it_over, she_lets_it_sleep, she_merges,
    she_forwards_a_client_s_mail, she_is_asked_whose_a_mail_is, she_writes_first, she_closes, she_looks_around,
    she_uses_a_canned_reply, she_is_held_and_sends, it_wakes,
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, sqlite_filled: Path) -> TestDesk:
    """The demo's desk, where Dana leads Support."""
    (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
    (tmp_path / "canned").mkdir()
    (tmp_path / "canned" / "cache.txt").write_text(CANNED)
    sam, dana = demo.STAFF
    staff = (sam, replace(dana, departments=("Support", "Sales"), role="lead"))
    return desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", canned="canned", staff=staff)


FORMS = [(one, alone) for one in PROGRAMS for alone in (False, True) if not (alone and one.one_part)]


@pytest.mark.parametrize(
    ("program", "page_alone"), FORMS, ids=[f"{one.name}{', HTML alone' if alone else ''}" for one, alone in FORMS]
)
def test_a_day_in_her_own_mail_program_shows_clients_what_is_theirs(
    desk: TestDesk, program: Program, page_alone: bool
) -> None:
    day = Day(desk, program, page_alone)
    for step in STEPS:
        step(day)
    assert _told_to_clients_though_inside(day) == []


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (("#reply", "Thank you!"), "Thank you!"),
        (("#close", "Thank you!"), None),
        (("#reply", "", "Best regards", "Dana Cole"), None),
        (("It works again.", "#close", "", "[Logo]", "Dana Cole", "Phone 555 0100"), "It works again."),
        (("#macro cache", "", "Kind regards", "Dana Cole"), "Dear Alice, please clear your cache."),
        (("#close", "Dana Cole calls you today."), "Dana Cole calls you today."),
    ],
)
def test_a_signature_is_said_to_nobody_and_thanks_are_where_they_are_meant(
    desk: TestDesk, lines: Sequence[str], shown: str | None
) -> None:
    notice = desk.says("alice", "My site shows an error since this morning.", subject="Site broken").to("dana")
    mails = desk.says("dana", "\n".join(lines), reply_to=notice)
    assert [_words(mail.text.partition("Dana Cole\nExample")[0]) for mail in mails] == ([shown] if shown else [])


def _told_to_clients_though_inside(day: Day) -> list[tuple[str, str]]:
    """What stands in letters to clients and is none of theirs, with the subject of the letter."""
    staff = {DANA[1], SAM[1]}
    letters = day.desk.letters()
    clients = [mail for mail in letters if mail.to not in staff]
    assert {mail.to for mail in clients} >= {ALICE, BOB, VICTOR}
    ours = {line for mail in letters if mail.to in staff for line in _lines_of_ours(mail)}
    assert len(ours) > 40
    return [(mail.subject, what) for mail in clients for what in (*_words_of_ours(day, mail), *_lines_in(mail, ours))]


def _lines_of_ours(mail: Read) -> set[str]:
    """What a letter to staff says beside what it quotes."""
    lines = {_squeezed(line) for line in mail.text.splitlines() if not line.startswith(">")}
    return {line for line in lines if len(line) >= SHORTEST and re.search(r"\w", line)}


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _lines_in(mail: Read, ours: set[str]) -> list[str]:
    shown = _squeezed(f"{mail.text}\n{text_of(mail.html)}")
    return [line for line in ours if line in shown]


def _words_of_ours(day: Day, mail: Read) -> list[str]:
    """Notes, commands, colleagues, other clients and their numbers, and what would tell of a mail of Dana's."""
    whole = f"{mail.message.items()}\n{mail.text}\n{text_of(mail.html)}"
    low = _words(whole).casefold()
    others = {ALICE, BOB, VICTOR, NINA} - {mail.to}
    names = {"alice martin", "bob roux", "victor hale", "nina stone"} - {_name(mail.to)}
    words = [*(line.casefold() for line in GOSSIP), *others, *names, DANA[1], SAM[1], "sam lee", "noreply@stone",
             *day.sent, "original message", "forwarded", "weitergeleitet", "schrieb", "wrote:", "a écrit", "not sent",
             "proved", "#note", "stays inside", "mailto:", "cid:", "sent from my"]  # fmt: skip
    theirs = {ticket["number"] for ticket in day.desk.tickets() if ticket["requester"] == mail.to}
    numbers = set(re.findall(r"#(\d{8})\b", whole)) - theirs
    commands = [one for one in re.findall(r"(?m)^\s*[#!/]([a-z]+)", mail.text.casefold()) if one in WORDS]
    return [*(word for word in words if word in low), *numbers, *commands]


def _name(address: str) -> str:
    return next(name.casefold() for name, known in CAST.values() if known == address)
