"""What the desk keeps of people goes when it must: every table, by erasure and by time, or it says here why not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core import confirming, privacy
from core.database import Base
from core.ids import new_id
from core.models import (
    AccountHold,
    AddressChange,
    Dialog,
    JournalEntry,
    Letter,
    OneTimeLink,
    Rating,
    SenderRule,
    Ticket,
)
from core.retention import Retention, purge
from core.sealing import NOBODY
from tests.chat.chatting import Chat, with_chats
from tests.desk import CAST, TestDesk
from tests.trust import thief

ALICE, NINA, VICTOR = CAST["alice"][1], CAST["nina"][1], CAST["victor"][1]
HOLDS_PEOPLE = {
    "dialog", "account_hold", "known_address", "address_change", "one_time_link", "chat_link", "subscription",
    "article_feedback", "sent_notice", "inbox", "blob", "outbox", "journal", "ticket", "participant", "ticket_message",
    "attachment", "known_message_id", "audit", "rating", "sender_rule", "client_words",
}  # fmt: skip
"""Erased and, but for what an operator keeps on purpose, purged: tests/test_privacy.py and the tests below."""
HOLDS_NONE = {
    "mailbox_state": "how far a mailbox was read",
    "audit_seal": "hashes",
    "seen_signature": "hashes, for ninety days",
    "ticket_link": "numbers of tickets",
    "ticket_clock": "times, departments and priorities",
    "clock_step": "times",
    "ticket_card": "hashes and rooms of staff",
    "time_spent": "minutes, by staff",
    "staff_absence": "staff",
    "canned_reply": "texts of staff",
}


def test_every_table_is_known_to_hold_people_or_to_hold_none() -> None:
    """A new table has to be thought about: does `client erase` reach it, and does the purge?"""
    ours = {table.name for table in Base.metadata.sorted_tables if not table.name.startswith("local_")}
    unknown = {name for name in ours - HOLDS_PEOPLE - HOLDS_NONE.keys() if not _is_behind(name)}
    assert not unknown, unknown


def _is_behind(name: str) -> bool:
    """The tables of the embedded client area: the operator's records, which law lets them keep."""
    module = next(m.class_.__module__ for m in Base.registry.mappers if m.local_table.name == name)
    return module.startswith("core.backends")


@pytest.fixture
def desk(desk_on_sqlite: TestDesk) -> TestDesk:
    return with_chats(desk_on_sqlite)


def erase(desk: TestDesk, address: str) -> None:
    desk.clock.advance(minutes=1)
    privacy.erase(desk.app.sessions, address, desk.clock(), desk.app.around.tokens.mark)


def stored(desk: TestDesk) -> str:
    tables = {mapper.local_table.name for mapper in Base.registry.mappers if _is_behind(mapper.local_table.name)}
    return thief.everything_stored(desk, but=tables)


def a_life(desk: TestDesk) -> None:
    """Alice writes, chats, is asked, stops, gets letters, pages and a code; staff tag her ticket and she rates it."""
    chat = Chat(desk)
    chat.links(ALICE)
    mails = desk.says("alice", "My secret recipe page shows an error.", attach=[("r.txt", "text/plain", b"flour")])
    desk.says("sam", "#tag recipe\n#note\nAlice sounds angry.", reply_to=mails.to("sam"))
    desk.says("sam", "Fixed, Alice.", reply_to=mails.to("sam"))
    chat.says("our recipe shop shows a blank page and nobody knows why")
    desk.says("alice", "EPP code for bakery-shop.example")
    desk.says("alice", "Sign me in, please")
    desk.says("alice", "STOP", reply_to=desk.says("alice", "Please unlock bakery.example").to("alice"))
    with desk.app.sessions.begin() as session:
        session.scalars(select(AccountHold)).one().reason = f"locked by {ALICE}"
    desk.sends()
    ticket = desk.tickets()[-1]["number"]
    with desk.app.sessions.begin() as session:
        row = session.scalars(select(Ticket).where(Ticket.number == ticket)).one()
        row.fields = {"Recipe": "bread"}
        asked = Rating(
            ticket_id=row.id, address=ALICE, asked_at=desk.clock(), score=1, comment="My recipe is still down"
        )
        session.add(asked)
        session.add(SenderRule(sender=ALICE, verdict="wanted", by="sam@desk.example", at=desk.clock()))


def test_after_an_erasure_no_table_names_the_person_or_says_what_they_wrote(desk: TestDesk) -> None:
    a_life(desk)
    held = stored(desk)
    assert all(word in held for word in (ALICE, "recipe", "4711", "flour", "angry"))
    erase(desk, ALICE)
    left = stored(desk).lower()
    for word in (ALICE, "alice martin", "recipe", "4711", "flour", "angry"):
        assert not re.search(rf"(?<!\d){re.escape(word)}(?!\d)", left), word
    with desk.app.sessions() as session:
        assert not session.scalar(select(func.count()).select_from(OneTimeLink))
        assert confirming.held(session, "1001", desk.clock()), "the stop of the account goes on"
        assert session.scalars(select(Rating)).one().score == 1, "how content somebody was is still counted"
        orphans = select(JournalEntry.arrival_id).where(
            JournalEntry.arrival_id.in_(select(Dialog.id).where(Dialog.address == ALICE))
        )
        assert not session.scalars(orphans).all()


def test_the_export_holds_what_every_table_knows(desk: TestDesk) -> None:
    a_life(desk)
    document = privacy.export(desk.app.sessions, desk.app.around.billing, ALICE)
    assert document is not None
    for part in ("tickets", "letters", "chat_links", "ratings", "questions", "mail_put_aside", "trail"):
        assert document[part], part
    assert "still down" in str(document["ratings"]) and "blank page" in str(document["tickets"])
    assert not thief.CODE.search(str(document)), "no code, used or not"


def test_the_export_is_not_cut_off_after_the_newest_hundred_tickets(desk: TestDesk) -> None:
    for number in range(102):
        desk.says("nina", f"Question number {number}", subject=f"Question {number}")
        desk.clock.advance(minutes=7)
    document = privacy.export(desk.app.sessions, desk.app.around.billing, NINA)
    assert document is not None and len(document["tickets"]) == 102


def test_of_a_chat_that_two_people_used_each_gets_and_loses_only_their_own(desk: TestDesk) -> None:
    shared = Chat(desk)
    shared.links(ALICE)
    shared.says("our bakery shop shows a blank page and nobody knows why")
    shared.says("unlink")
    shared.links(VICTOR)
    desk.clock.advance(hours=13)
    shared.says("our gallery shows a blank page and nobody knows why")
    hers = privacy.export(desk.app.sessions, desk.app.around.billing, ALICE)
    assert hers is not None and "bakery shop" in str(hers["tickets"]) and "gallery" not in str(hers)
    erase(desk, ALICE)
    left = stored(desk)
    assert "bakery shop" not in left and "our gallery" in left
    his = privacy.export(desk.app.sessions, desk.app.around.billing, VICTOR)
    assert his is not None and "our gallery" in str(his["tickets"])


def test_who_wrote_with_her_reply_address_gets_his_words_of_her_ticket_and_no_other(desk: TestDesk) -> None:
    mails = desk.says("alice", "My secret recipe page shows an error.", subject="Recipe")
    answer = desk.says("sam", "What does it say?", reply_to=mails.to("sam")).to("alice")
    desk.says("victor", "Tell me as well.", reply_to=answer)
    desk.says("sam", "It is the flour module.", reply_to=mails.to("sam"))
    document = privacy.export(desk.app.sessions, desk.app.around.billing, VICTOR)
    assert document is not None and "Tell me as well." in str(document["tickets"])
    assert not [word for word in ("ecipe", "flour", "What does", "lice") if word in str(document["tickets"])]


def test_tickets_of_a_chat_that_was_unlinked_before_are_erased_too_and_no_one_else_s(desk: TestDesk) -> None:
    ann, he = Chat(desk), Chat(desk, id="33", name="Victor")
    ann.links(ALICE)
    he.links(VICTOR)
    asked = ann.says("our bakery shop shows a blank page and nobody knows why")
    he.says("please send me her invoices of the gallery", marker=asked.one.marker)
    erase(desk, VICTOR)
    assert "bakery shop" in stored(desk), "he only wrote on her ticket"
    ann.says("unlink")
    erase(desk, ALICE)
    assert "bakery shop" not in stored(desk)


def test_a_ticket_that_was_closed_years_ago_has_no_people_any_more(desk: TestDesk) -> None:
    a_life(desk)
    for ticket in desk.tickets():
        with desk.app.sessions.begin() as session:
            row = session.scalars(select(Ticket).where(Ticket.number == ticket["number"])).one()
            row.status, row.closed_at = "Closed", desk.clock()
    count = len(desk.tickets())
    with desk.app.sessions.begin() as session:
        session.execute(update(Letter).values(state="sent"))
    desk.clock.advance(days=1100)
    purge(desk.app.sessions, Retention(), desk.clock(), desk.app.around.tokens.mark)
    with desk.app.sessions() as session:
        assert session.scalars(select(Rating)).one().address == NOBODY
    for ticket in desk.tickets():
        said = str(desk.ticket(ticket["number"])).lower()
        assert not [
            word
            for word in (ALICE, "recipe", "bakery", "martin", "1001", "4711")
            if re.search(rf"(?<!\d){word}(?!\d)", said)
        ], said
    assert len(desk.tickets()) == count, "that there were tickets stays"


def test_what_ended_by_itself_is_thrown_away_and_what_a_person_must_lift_stays(desk: TestDesk) -> None:
    now = desk.clock()
    with desk.app.sessions.begin() as session:
        session.add(AccountHold(client_id="1001", since=now, reason="locked by its owner", until=None))
        session.add(AccountHold(client_id="1002", since=now, reason="wrong codes", until=now + timedelta(days=1)))
        for days in (0, 80):
            at = now + timedelta(days=days)
            session.add(AddressChange(id=new_id(), client_id="1001", before="a@b.example", after=ALICE, at=at))
    desk.clock.advance(days=100)
    purge(desk.app.sessions, Retention(), desk.clock(), desk.app.around.tokens.mark)
    with desk.app.sessions() as session:
        assert [one.client_id for one in session.scalars(select(AccountHold))] == ["1001"]
        assert len(session.scalars(select(AddressChange)).all()) == 1
