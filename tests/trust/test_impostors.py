"""Rows 1 to 28: the wrong person is believed. Each test is a mail of the thief, and what he has afterwards."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import demo
from bot.settings import Authentication, Email
from core import inbox
from core.models import Arrival, Dialog, Letter, Participant, SeenSignature
from core.people import Risk
from core.pipeline import Pipeline
from core.retention import Retention, purge
from core.tokens import Token, TokenKind, Tokens
from tests import desk as desks
from tests.authentication.signing import rsa_key, sign_with_tags
from tests.desk import CAST, ELSEWHERE, HOME, TestDesk
from tests.doors.conftest import OpenDoor, need
from tests.doors.listening import Store, until
from tests.doors.servers import Postfix, swaks
from tests.trust import thief
from tests.trust.thief import Watched

ROOT = Path(__file__).parents[2]
TROUBLE = "My site shows an error since this morning."


def proved_reasons(desk: TestDesk) -> str:
    """What staff read about the proof of the message that opened the last ticket."""
    return str(desk.ticket()["messages"][0]["evidence"])


def level(desk: TestDesk) -> int:
    return int(desk.ticket()["messages"][0]["assurance"])


# ---------------------------------------- 1 forged, all intents


def test_a_forged_mail_for_every_intent_looks_at_nothing_changes_nothing_and_asks_the_address_on_file(
    watched: Watched,
) -> None:
    desk, before = watched.desk, watched.possessions()
    for entry, phrase in thief.phrases():
        watched.forget()
        mails = thief.forged(desk, "alice", phrase)
        told = [mail for mail in mails if mail.kind != "notification"]
        assert {mail.to for mail in told} <= {CAST["alice"][1]} and len(told) <= 1, (phrase, mails.kinds())
        if entry.risk is not Risk.PUBLIC:  # What anybody may know, prices among it, is nobody's secret.
            assert not [word for mail in told for word in thief.leaks(mail)], phrase
            assert watched.looks == [], (phrase, watched.calls)
        assert watched.acts == [], (phrase, watched.calls)
        if entry.risk is Risk.HUMAN:
            assert {mail.kind for mail in told} <= {"acknowledgement"} and mails.of_kind("notification"), phrase
        elif entry.risk is not Risk.PUBLIC:
            assert [mail.kind for mail in told] == ["ask-back"], (phrase, mails.kinds())
        desk.clock.advance(hours=25)
    assert watched.possessions() == before
    assert len(desk.tickets()) == min(100, len(list(thief.phrases()))), "every one of them can be looked up"


def test_a_stranger_s_mail_for_every_intent_becomes_a_ticket_and_tells_him_nothing(watched: Watched) -> None:
    desk, before = watched.desk, watched.possessions()
    for entry, phrase in thief.phrases():
        watched.forget()
        mails = desk.says("mallory", phrase)
        to_him = mails.all_to("mallory")
        assert len(to_him) <= 1 and not mails.all_to("alice"), (phrase, mails.kinds())
        if entry.risk is not Risk.PUBLIC:
            assert not [word for mail in to_him for word in thief.leaks(mail)], phrase
        assert watched.looks == [] and watched.acts == [], phrase
        if entry.risk is not Risk.PUBLIC:
            assert [mail.kind for mail in to_him] == ["stranger"] and mails.of_kind("notification"), phrase
        desk.clock.advance(hours=25)
    assert watched.possessions() == before


def test_a_second_forged_mail_of_the_day_brings_no_second_question(watched: Watched) -> None:
    first = thief.forged(watched.desk, "alice", "Which domains do I have?")
    again = [thief.forged(watched.desk, "alice", phrase) for _, phrase in list(thief.phrases())[:5]]
    assert first.to("alice").kind == "ask-back"
    assert not [mail for mails in again for mail in mails.of_kind("ask-back")]
    assert watched.acts == [] and watched.looks == []


# ---------------------------------------- 2, 3 the From line

TWO_READINGS = (
    "alice@bakery.example <mallory@evil.example>",
    '"alice@bakery.example" <mallory@evil.example>, alice@bakery.example',
    "<alice@bakery.example> <mallory@evil.example>",
    "mallory@evil.example, alice@bakery.example",
    "Alice: alice@bakery.example, mallory@evil.example;",
    "<@evil.example:alice@bakery.example>",
    "alice@bakery.example(\r\n <mallory@evil.example>)",
    "alice@bakery.example\x00@evil.example",
    "=?utf-8?q?alice=40bakery=2Eexample?= <mallory@evil.example>",
    "alice@bakery.example%evil.example <mallory@evil.example>",
)


@pytest.mark.parametrize("sender", TWO_READINGS)
def test_a_from_line_of_two_readings_never_gets_alice_s_account_told_with_mallory_s_proof(
    watched: Watched, sender: str
) -> None:
    """Mallory's own server and signature vouch for evil.example, whichever of the two a reader takes."""
    raw = thief.signed(thief.written(watched.desk, text="Which domains do I have?", sender=sender), "evil.example")
    mails = watched.desk.receives(raw, [thief.DESK], mail_from=CAST["mallory"][1], peer=HOME)
    assert watched.looks == [] and level(watched.desk) < 2
    assert not [word for who in ("mallory", "alice") for mail in mails.all_to(who) for word in thief.leaks(mail)]


@pytest.mark.parametrize("name", ["From", "From ", "FROM", "Sender", "Subject", "Date", "Message-ID", "To", "Reply-To"])
def test_a_field_that_stands_twice_makes_the_mail_a_mere_claim(watched: Watched, name: str) -> None:
    value = {"reply-to": "mallory@evil.example", "date": "Wed, 25 Nov 2026 09:00:00 +0000"}.get(
        name.strip().lower(), "mallory@evil.example"
    )
    raw = thief.signed(thief.written(watched.desk, text="Which domains do I have?", headers={"Reply-To": "a@b.test"}))
    watched.desk.receives(f"{name}: {value}\r\n".encode() + raw, [thief.DESK], mail_from=CAST["alice"][1], peer=HOME)
    if name not in ("Sender",):
        assert watched.looks == [] and level(watched.desk) == 0, proved_reasons(watched.desk)


# ---------------------------------------- 4, 5 results of others


def test_results_that_the_thief_writes_himself_prove_nothing(watched: Watched) -> None:
    for claim in (
        "mx.desk.example; dmarc=pass header.from=bakery.example",
        "MX.DESK.EXAMPLE.; dkim=pass header.d=bakery.example; spf=pass smtp.mailfrom=bakery.example",
        "evil (mx.desk.example); dmarc=pass header.from=bakery.example",
        "mx.desk.example 1;\r\n dmarc=pass (p=reject) header.from=bakery.example",
        'mx.desk.example; dkim=pass header.d=evil.example(.bakery.example header.from="bakery.example"',
    ):
        raw = thief.written(
            watched.desk,
            text="Which domains do I have?",
            headers={"Authentication-Results": claim, "X-Authentication-Results": claim},
        )
        thief.relayed(watched.desk, f"ARC-Authentication-Results: i=1; {claim}\r\n".encode() + raw)
        assert level(watched.desk) == 0, claim
    assert watched.looks == []


# ---------------------------------------- 6, 7, 8 signatures


def domains_told(mails: desks.Mails) -> bool:
    return any("bakery-shop.example" in mail for mail in mails)


def test_a_mail_with_an_aligned_signature_is_answered_though_a_foreign_host_relayed_it(watched: Watched) -> None:
    raw = thief.signed(thief.written(watched.desk, text="Which domains do I have?"))
    assert domains_told(thief.relayed(watched.desk, raw)) and level(watched.desk) == 2


def _l_and_more(desk: TestDesk) -> bytes:
    raw = thief.written(desk, text="Hello")
    return _with_tags(raw, l="7") + b"Which domains do I have?\r\n"


def _with_tags(raw: bytes, **tags: str) -> bytes:
    return sign_with_tags(raw, {"d": "bakery.example", **tags}, rsa_key("bakery.example"))


STOLEN: dict[str, Callable[[TestDesk], bytes]] = {
    "unaligned: Mallory signs with his own domain": lambda desk: thief.signed(ask(desk), "evil.example"),
    "unaligned: another client of the same desk signs": lambda desk: thief.signed(ask(desk), "hale.example"),
    "a key of his own under her name": lambda desk: sign_with_tags(ask(desk), {"d": "bakery.example"}, rsa_key("x")),
    "expired": lambda desk: _with_tags(ask(desk), t="1700000000", x="1700003600"),
    "the body exchanged": lambda desk: thief.signed(
        thief.written(desk, text="All is well, thank you, no answer needed")
    ).replace(b"All is well, thank you, no answer needed", b"Which domains do I have?"),
    "a text appended behind l=": _l_and_more,
    "the subject left out": lambda desk: _with_tags(ask(desk), h="from:to:date"),
    "the subject exchanged": lambda desk: thief.signed(ask(desk)).replace(b"A question", b"Do it now"),
    "replayed: it was written to another desk": lambda desk: thief.signed(ask(desk, to="help@other.example")),
    "replayed: our address only in an unsigned Cc": lambda desk: (
        b"Cc: support@desk.example\r\n" + thief.signed(ask(desk, to="help@other.example"))
    ),
    "replayed: six days old": lambda desk: _aged(desk, timedelta(days=6)),
    "a second From on top": lambda desk: b"From: mallory@evil.example\r\n" + thief.signed(ask(desk)),
    "a second From below": lambda desk: thief.signed(ask(desk)).replace(
        b"\r\n\r\n", b"\r\nFrom: alice@bakery.example\r\n\r\n", 1
    ),
}


def ask(desk: TestDesk, to: str = thief.DESK) -> bytes:
    return thief.written(desk, text="Which domains do I have?", to=to)


def _aged(desk: TestDesk, age: timedelta) -> bytes:
    raw = thief.signed(ask(desk))
    desk.clock.now += age
    return raw


@pytest.mark.parametrize("how", STOLEN)
def test_a_signature_that_does_not_cover_what_is_asked_of_us_now_proves_nothing(watched: Watched, how: str) -> None:
    mails = thief.relayed(watched.desk, STOLEN[how](watched.desk))
    assert level(watched.desk) == 0, proved_reasons(watched.desk)
    assert watched.looks == [] and not domains_told(mails)
    assert not [word for mail in mails if mail.kind != "notification" for word in thief.leaks(mail)]


def test_a_genuine_mail_sent_again_is_walked_once_and_its_copy_under_a_new_id_proves_nothing(
    watched_everywhere: Watched,
) -> None:
    """Message-ID is not among the signed fields, so he may write what he likes there."""
    watched = watched_everywhere
    desk, before = watched.desk, watched.possessions()
    raw = thief.signed(thief.written(desk, text="EPP code for bakery-shop.example"), include_headers=list(_SOME))
    assert thief.relayed(desk, raw).of_kind("secret")
    assert len(thief.relayed(desk, b"Received: from evil.example\r\n" + raw)) == 0
    watched.forget()
    for sent_again in copies_of(raw):
        desk.clock.advance(minutes=10)
        mails = thief.relayed(desk, sent_again, mail_from=CAST["mallory"][1])
        assert level(desk) == 0 and "its signature came with another message before" in proved_reasons(desk)
        asked = [mail for mail in mails if mail.kind != "notification"]
        assert {mail.to for mail in asked} <= {CAST["alice"][1]} and not mails.of_kind("secret")
    assert len(desk.letters().of_kind("ask-back")) == 1
    assert watched.looks == [] and watched.acts == [] and watched.possessions() == before


def copies_of(raw: bytes) -> list[bytes]:
    """The same signed mail under other ids, its signature spelled in other ways."""
    named = [raw.replace(b"Message-ID: <t", b"Message-ID: <again%d" % number) for number in range(4)]
    without = re.sub(rb"Message-ID: [^\r]*\r\n", b"", raw)
    folded = re.sub(rb"b=(?=[A-Za-z0-9+/]{4})", b"b=\r\n\t", named[0].replace(b"again0", b"folded"))
    return [named[0], b"Received: from x by y; now\r\n" + named[1], named[2] + b"\r\n", without, folded]


def test_two_signatures_of_her_domain_are_not_two_chances(watched: Watched) -> None:
    """He takes off the one that proved her mail and sends the other."""
    desk = watched.desk
    below = thief.signed(ask(desk), include_headers=list(_SOME))
    assert domains_told(thief.relayed(desk, _with_tags(below, t=str(int(desk.clock().timestamp())))))
    desk.clock.advance(minutes=1)
    thief.relayed(desk, below.replace(b"Message-ID: <t", b"Message-ID: <again"))
    assert level(desk) == 0, proved_reasons(desk)


def test_her_own_mail_for_another_of_our_addresses_or_delivered_twice_keeps_its_proof(
    watched_everywhere: Watched,
) -> None:
    """The memory of signatures is for copies; what is the same mail stays what it was, walked again or not."""
    desk = watched_everywhere.desk
    raw = thief.signed(thief.written(desk, text=TROUBLE, to="support@desk.example, sales@desk.example"))
    thief.relayed(desk, raw, "support@desk.example")
    told = thief.relayed(desk, b"Received: from another.example by mx.example\r\n" + raw, "sales@desk.example")
    shown = " ".join(told.to("dana").text.split())
    assert "Proved to be Alice Martin: DKIM signature of bakery.example verified" in shown and "before" not in shown
    assert len(thief.relayed(desk, raw, "support@desk.example", "sales@desk.example")) == 0
    with desk.app.sessions() as session:
        session.execute(update(Arrival).values(state="new", result=""))
        session.commit()
    desk.clock.advance(minutes=1)
    desk.walks()
    assert len(desk.tickets()) == 2 and "another message" not in str(desk.ticket()) and level(desk) == 2


def test_a_walk_that_failed_has_used_up_no_signature(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered but in the commit that marks the message done: a crash before it leaves no trace."""
    desk, commits = watched.desk, []

    def crash(session: Session, *_: object) -> None:
        commits.append(1)
        session.flush()
        if len(commits) == 1:
            raise RuntimeError("the power went off")

    monkeypatch.setattr(inbox, "finish", _before(inbox.finish, crash))
    mails = thief.relayed(desk, thief.signed(ask(desk)))
    assert len(commits) == 2 and domains_told(mails) and level(desk) == 2
    with desk.app.sessions() as session:
        assert session.scalar(select(func.count()).select_from(SeenSignature)) == 1


def _before(inner: Callable[..., None], first: Callable[..., None]) -> Callable[..., None]:
    def both(*arguments: Any, **named: Any) -> None:
        first(*arguments)
        inner(*arguments, **named)

    return both


def test_of_two_workers_that_meet_on_one_signature_one_commits_and_the_other_sees_it(
    watched_everywhere: Watched,
) -> None:
    """The order of a sender's mails keeps them apart; if that ever failed, the primary key would."""
    desk = watched_everywhere.desk
    raw = thief.signed(thief.written(desk, text=TROUBLE), include_headers=list(_SOME))
    for number, mail in enumerate((raw, raw.replace(b"Message-ID: <t", b"Message-ID: <again"))):
        desk.accepts(mail, [thief.DESK], peer=ELSEWHERE)
        with desk.app.sessions() as session:
            session.execute(update(Arrival).where(Arrival.state == "new").values(conversation=f"{number}"))
            session.execute(update(Arrival).values(state="held"))
            session.commit()
    with desk.app.sessions() as session:
        session.execute(update(Arrival).values(state="new"))
        session.commit()
    around = desk.app.around
    one, other = (inbox.claim(around.sessions, f"host/1/{n}", desk.clock(), 1)[0] for n in (1, 2))
    first, second = Pipeline(around, one.taken_by), Pipeline(around, other.taken_by)
    with around.sessions() as mine, around.sessions() as theirs:
        first._walk_one(mine, one)
        second._walk_one(theirs, other)
        first._commit(mine)
        with pytest.raises(IntegrityError):
            second._commit(theirs)
    second._walk_alone(other)
    assert desk.results() == ["ticket", "ticket"]
    levels = [entry["assurance"] for ticket in desk.tickets() for entry in desk.ticket(ticket["number"])["messages"]]
    assert sorted(levels) == [0, 2]


def test_a_signature_is_remembered_for_ninety_days(watched: Watched) -> None:
    desk = watched.desk
    thief.relayed(desk, thief.signed(ask(desk)))
    for days, kept in ((89, 1), (2, 0)):
        desk.clock.advance(days=days)
        purge(desk.app.sessions, Retention(), desk.clock(), desk.app.around.tokens.mark)
        with desk.app.sessions() as session:
            assert session.scalar(select(func.count()).select_from(SeenSignature)) == kept, days


_SOME = (b"from", b"to", b"subject", b"date")


def test_fields_put_on_a_signed_mail_move_no_answer(watched: Watched) -> None:
    raw = b"Reply-To: mallory@evil.example\r\n" + thief.signed(ask(watched.desk))
    mails = thief.relayed(watched.desk, raw, mail_from=CAST["mallory"][1])
    assert {mail.to for mail in mails} == {CAST["alice"][1]}


def test_a_mail_keeps_its_signature_through_a_real_postfix_and_a_forged_one_gains_nothing_by_it(
    watched: Watched, open_door: OpenDoor, start_postfix: Callable[[str], Postfix], store: Store
) -> None:
    need("swaks")
    port = open_door(protocol="lmtp").listener.port  # type: ignore[attr-defined]
    postfix = start_postfix(f"lmtp:inet:127.0.0.1:{port}")
    honest, forgery = thief.signed(ask(watched.desk)), ask(watched.desk)
    for raw in (honest, forgery):
        swaks(postfix.port, "--from", "bounces@relay.test", "--to", thief.DESK, raw=raw)
    until(lambda: len(store.kept) == 2, what=postfix.log())
    told = {}
    for delivery in store.kept:
        assert delivery.raw.startswith(b"Received: ")
        mails = watched.desk.receives(delivery.raw, delivery.recipients, mail_from="bounces@relay.test", peer=ELSEWHERE)
        told[b"DKIM-Signature" in delivery.raw] = domains_told(mails)
    assert told == {True: True, False: False}


# ---------------------------------------- 9, 10 shared hosts


def renting(folder: Path, url: str, **more: Any) -> TestDesk:
    """A desk whose operator named the host that Alice and Mallory both send from."""
    email = demo.settings(folder, port=0, sink_port=1).email
    authentication = Authentication(dns={"zone": "zone.json"}, shared_outbound=(f"{HOME}/32",), **more)
    return desks.make(folder, url, email=Email(email.listener, authentication, email.imap, email.outgoing))


def test_spf_and_signature_of_a_host_that_sends_for_many_tenants_prove_no_one_of_them(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Mallory rents from the same provider: her SPF record covers his mails, and the host signs them with her key."""
    shared = renting(tmp_path, sqlite_url)
    watched = thief.watch(shared)
    mails = shared.says("alice", "Which domains do I have?", mail_from=CAST["alice"][1])
    assert mails.to("alice").kind == "ask-back" and watched.looks == []
    for peer, hop in ((HOME, "203.0.113.9"), ("127.0.0.1", HOME), (ELSEWHERE, HOME)):
        shared.clock.advance(minutes=1)
        raw = f"Received: from relay (relay [{hop}]) by mx.example\r\n".encode() + thief.signed(ask(shared))
        by_signature = shared.receives(raw, [thief.DESK], mail_from=CAST["alice"][1], peer=peer)
        assert level(shared) == 0 and not domains_told(by_signature), (peer, hop)
        assert "may sign for anybody" in proved_reasons(shared)
    assert watched.looks == [] and watched.acts == []
    shared.app.engine.dispose()


def test_where_the_operator_says_that_the_host_enforces_the_sender_its_signature_counts_and_spf_still_does_not(
    tmp_path: Path, sqlite_url: str
) -> None:
    shared = renting(tmp_path, sqlite_url, enforces_sender=(f"{HOME}/32",))
    assert shared.says("alice", "Which domains do I have?").to("alice").kind == "ask-back"
    signed = shared.receives(thief.signed(ask(shared)), [thief.DESK], mail_from=CAST["alice"][1], peer=HOME)
    assert domains_told(signed)
    shared.app.engine.dispose()


def test_a_mail_that_the_host_signed_for_him_proves_nothing_from_his_own_machine_either(
    tmp_path: Path, sqlite_url: str
) -> None:
    """He has it signed on the way to himself, strips the trace and brings it to us from elsewhere."""
    shared = renting(tmp_path, sqlite_url, shared_selectors=("sel",))
    mails = thief.relayed(shared, thief.signed(ask(shared)))
    assert level(shared) == 0 and not domains_told(mails) and "shared_selectors" in proved_reasons(shared)
    shared.app.engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_filled: Path) -> str:
    (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
    return f"sqlite:///{tmp_path / 'desk.db'}"


def test_a_colleague_who_writes_as_the_boss_gets_neither_answer_nor_code(watched: Watched) -> None:
    """SPF and DKIM prove the domain, and Bob is in it; what he asks for in Alice's name goes to Alice."""
    for text in ("Which domains do I have?", "Please unlock bakery.example", "EPP code for bakery-shop.example"):
        mails = watched.desk.says("alice", text, mail_from=CAST["bob"][1], headers={"Reply-To": CAST["bob"][1]})
        assert {mail.to for mail in mails} == {CAST["alice"][1]}, text
        for question in mails.of_kind("question"):
            watched.desk.says("bob", thief.code_in(question), reply_to=question)
    assert "set_lock" not in watched.calls


# ---------------------------------------- 11 to 14 twins


@pytest.mark.parametrize(
    "address",
    [
        "alice@b\u0430kery.example",
        "\u0430lice@bakery.example",
        "alice+x@bakery.example",
        "a.lice@bakery.example",
        "alice@bakery.example.evil.example",
        "alice@ba\u212aery.example",
        "al\u0131ce@bakery.example",
        "AL\u0130CE@bakery.example",
        "alice@bakery.ex\u00e4mple",
        "alice@xn--bkery-3ve.example",
        "alice@sub.bakery.example",
    ],
)
def test_an_address_that_only_looks_like_hers_is_a_stranger_s(watched: Watched, address: str) -> None:
    raw = thief.written(watched.desk, text="Which domains do I have?", sender=f"Alice Martin <{address}>")
    mails = watched.desk.receives(raw, [thief.DESK], mail_from=CAST["mallory"][1], peer=ELSEWHERE)
    assert watched.looks == [] and not mails.all_to("alice")
    assert watched.desk.ticket()["client"] is None
    assert not [word for mail in mails if mail.kind != "notification" for word in thief.leaks(mail)]


def test_her_name_over_his_address_is_him_and_staff_read_the_address_first(watched: Watched) -> None:
    raw = thief.written(
        watched.desk, "mallory", "Which domains do I have?", sender="Alice Martin <mallory@evil.example>"
    )
    mails = watched.desk.receives(raw, [thief.DESK], mail_from=CAST["mallory"][1])
    shown = mails.to("sam").text
    assert "Not a client's address on file" in shown.replace("\n", " ")
    assert shown.index("mallory@evil.example") < shown.index("Alice Martin")
    assert watched.looks == [] and watched.desk.ticket()["client"] is None


def test_her_address_in_capitals_is_hers_and_mail_goes_where_it_always_went(watched: Watched) -> None:
    raw = thief.written(watched.desk, text="Which domains do I have?", sender="ALICE@BAKERY.EXAMPLE")
    mails = watched.desk.receives(raw, [thief.DESK], mail_from=CAST["alice"][1])
    assert [mail.to for mail in mails] == ["alice@bakery.example"] and domains_told(mails)


# ---------------------------------------- 15 to 19 tickets, tokens


def test_a_forged_mail_with_the_number_of_her_ticket_is_not_put_on_it(watched: Watched) -> None:
    desk = watched.desk
    desk.says("alice", TROUBLE)
    number = desk.ticket()["number"]
    desk.clock.advance(minutes=1)
    for who in ("alice", "bob", "mallory"):
        thief.forged(desk, who, "What did they answer?", subject=f"Re: Site broken [#{number}]")
        assert desk.ticket()["number"] != number
        desk.clock.advance(minutes=1)
    assert len(desk.ticket(number)["messages"]) == 1


def test_her_reply_address_in_his_hands_adds_text_and_he_never_reads_an_answer(watched: Watched) -> None:
    desk = watched.desk
    opened = desk.says("alice", TROUBLE)
    stolen, for_staff = opened.to("alice"), list(watched.looks)
    mails = desk.says("mallory", "I am Alice. Which domains do I have?", reply_to=stolen, cc="friend@evil.example")
    assert {mail.to for mail in mails} == {CAST["sam"][1]}
    assert "reply address of alice@bakery.example, but from mallory@evil.example" in mails.to("sam").text.replace(
        "\n", " "
    )
    answer = desk.says("sam", "It works again.", reply_to=opened.to("sam"))
    assert [mail.to for mail in answer] == [CAST["alice"][1]]
    assert desk.ticket()["requester"] == CAST["alice"][1] and watched.looks == for_staff


def test_her_reply_address_under_her_forged_name_only_makes_things_safer(watched: Watched) -> None:
    desk = watched.desk
    stolen = desk.says("alice", TROUBLE).to("alice")
    for entry in thief.sampled_intents(thief.account_intents()):
        watched.forget()
        mails = thief.forged(desk, "alice", thief.filled(entry.says[0]), reply_to=stolen)
        assert {mail.to for mail in mails if mail.kind != "notification"} <= {CAST["alice"][1]}
        if not entry.safe:
            assert watched.looks == [] and watched.acts == [], entry.name
        desk.clock.advance(hours=25)


def test_no_address_of_the_desk_with_a_token_that_we_did_not_sign_finds_a_ticket(watched: Watched) -> None:
    """One character of her reply address, her question's address and our Message-ID exchanged, in turn."""
    desk = watched.desk
    letter, question = (
        desk.says("alice", TROUBLE).to("alice"),
        desk.says("alice", "Please unlock bakery.example").to("alice"),
    )
    code, own = thief.code_in(question), len(desk.tickets())
    draw = random.Random(17)
    for real in (letter, question):
        local, _, domain = real.reply_to.partition("@")
        base, _, token = local.partition("+")
        for place in draw.sample(range(len(token)), 8):
            wrong = token[:place] + ("a" if token[place] != "a" else "b") + token[place + 1 :]
            before = len(desk.tickets())
            desk.clock.advance(minutes=30)
            desk.receives(thief.written(desk, text=code, to=f"{base}+{wrong}@{domain}"), [f"{base}+{wrong}@{domain}"])
            assert len(desk.tickets()) == before + 1, wrong
    assert "set_lock" not in watched.calls and len(desk.tickets()) == own + 16


def test_an_id_of_ours_that_he_knows_does_not_become_another_one(watched: Watched) -> None:
    """Message-IDs are signed for a participant: the row's number exchanged, the token is none of that person's."""
    tokens: Tokens = watched.desk.app.around.tokens
    hers = watched.desk.says("alice", TROUBLE).to("alice").message_id.strip("<>")
    watched.desk.clock.advance(minutes=1)
    his = watched.desk.says("mallory", "hello there, is this thing on").to("mallory").message_id.strip("<>")
    read_hers, read_his = tokens.read_message_id(hers), tokens.read_message_id(his)
    assert read_hers is not None and read_his is not None and read_hers.id != read_his.id
    mixed = f"{hers.partition('.')[0]}.{his.partition('.')[2]}"
    mails = watched.desk.says("mallory", "and now?", headers={"In-Reply-To": f"<{mixed}>"})
    assert not mails.all_to("alice")
    assert [p["address"] for p in watched.desk.ticket()["participants"] if p["role"] == "requester"] == [
        CAST["mallory"][1]
    ]


@pytest.mark.parametrize("junk", [None, [], {}, 0, 1.5, b"aaaa", "", "a" * 31, "a" * 33, "\x00" * 32, "é" * 32])
def test_no_kind_of_value_but_a_signed_text_is_a_token_or_a_code(junk: object) -> None:
    tokens = Tokens("secret")
    for call in (tokens.read, tokens.read_address, tokens.read_message_id):
        with contextlib.suppress(AttributeError, TypeError):  # a mistake of the caller's, told at once
            assert call(junk) is None  # type: ignore[arg-type]
    for stored in ("", tokens.code_hash(1, "AAAA-AAAA")):
        with contextlib.suppress(AttributeError, TypeError):
            assert not tokens.is_code(1, junk, stored)  # type: ignore[arg-type]


def test_every_question_ends_counts_its_tries_and_stores_no_code_in_clear(desk_on_sqlite: TestDesk) -> None:
    columns = Dialog.__table__.columns
    assert not columns["expires_at"].nullable and not columns["tries_left"].nullable
    question = desk_on_sqlite.says("alice", "Please unlock bakery.example").to("alice")
    with desk_on_sqlite.app.sessions() as session:
        (dialog,) = session.scalars(select(Dialog)).all()
    assert dialog.expires_at - desk_on_sqlite.clock() == timedelta(minutes=30) and dialog.tries_left == 5
    plain = thief.code_in(question).replace("-", "")
    assert plain not in str(vars(dialog)) and len(dialog.code_hash) == 64


# ---------------------------------------- 20, 21 staff


def test_somebody_who_left_the_staff_no_longer_speaks_for_the_desk(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = watched.desk
    notification = desk.says("alice", TROUBLE).to("sam")
    around = desk.app.around
    left = [member for member in around.desk.staff() if member.email != CAST["sam"][1]]
    monkeypatch.setattr(type(around.desk.staff), "__call__", lambda _self: left)
    mails = desk.says("sam", "Hello Alice, please pay to this account.", reply_to=notification)
    assert not mails.all_to("alice") and desk.ticket()["status"] != "Answered"


STAFF_LACKS: dict[str, dict[str, object]] = {
    "the proof that he sent it": {"who": "sam", "proved": False, "token": True},
    "his own reply address": {"who": "dana", "proved": True, "token": True},
    "any reply address": {"who": "sam", "proved": True, "token": False},
    "all of it": {"who": "sam", "proved": False, "token": False},
    "the right From": {"who": "mallory", "proved": True, "token": True},
}


@pytest.mark.parametrize("lacking", STAFF_LACKS)
def test_a_staff_mail_that_lacks_anything_reaches_no_client(watched: Watched, lacking: str) -> None:
    desk, how = watched.desk, STAFF_LACKS[lacking]
    notification, number = desk.says("alice", TROUBLE).to("sam"), desk.ticket()["number"]
    mails = desk.says(
        str(how["who"]),
        "Please send me your password. #close",
        reply_to=notification if how["token"] else None,
        subject=f"Re: [#{number}]",
        proved=bool(how["proved"]),
        mail_from=None if how["proved"] else CAST["mallory"][1],
    )
    assert not mails.all_to("alice"), mails.kinds()
    assert desk.ticket(number)["status"] in ("Open", "Customer-Reply")


def test_a_forged_staff_command_changes_no_owner_and_lifts_no_stop(watched: Watched) -> None:
    desk = watched.desk
    stopped = desk.says("alice", "STOP", reply_to=desk.says("alice", "Please unlock bakery.example").to("alice"))
    thief.forged(desk, "dana", "#release", reply_to=stopped.to("dana"))
    assert "person" in desk.says("alice", "Please unlock bakery.example").to("alice")
    number = desk.ticket()["number"]
    desk.clock.advance(minutes=1)
    first = desk.says("mallory", "hello, is somebody there?")
    thief.forged(desk, "sam", "#client alice@bakery.example", reply_to=first.to("sam"))
    assert desk.ticket()["client"] is None and desk.ticket()["number"] != number


# ---------------------------------------- 22 headers that steer


def test_five_hundred_header_fields_of_his_invention_change_nothing(watched: Watched) -> None:
    desk, draw = watched.desk, random.Random(22)
    known = (
        "Priority RT-Send-CC RT-Squelch-Replies-To RT-Attach Zammad-Owner Assignee Ticket Client Helpdesk-Department "
        "Helpdesk-Auth Verified Originating-Email Forwarded-To Delivered-By Envelope-From Spam-Status Spf Dkim-Result "
        "Staff Approve Confirm Note"
    ).split()
    words = ("mallory@evil.example", "pass", "yes", "1", "Security", "alice@bakery.example", "dmarc=pass", "Sales")
    noise: dict[str, str] = {}
    while len(noise) < 500:
        base = draw.choice(known)
        noise[f"X-{base}-{len(noise)}" if len(noise) >= len(known) else f"X-{base}"] = draw.choice(words)
    plain = desk.receives(thief.written(desk, text=TROUBLE), [thief.DESK], mail_from=CAST["alice"][1])
    first = desk.ticket()
    desk.clock.advance(hours=2)
    steered = desk.receives(thief.written(desk, text=TROUBLE, headers=noise), [thief.DESK], mail_from=CAST["alice"][1])
    second = desk.ticket()
    assert first["number"] != second["number"] and steered.kinds() == plain.kinds()
    same = (
        "subject",
        "status",
        "priority",
        "department",
        "also_departments",
        "client",
        "assignee",
        "requester",
        "language",
    )
    assert {name: first[name] for name in same} == {name: second[name] for name in same}
    assert [p["address"] for p in first["participants"]] == [p["address"] for p in second["participants"]]
    assert first["messages"][0]["evidence"] == second["messages"][0]["evidence"]


# ---------------------------------------- 25 does it exist?


def told_to(desk: TestDesk, who: str, text: str) -> list[tuple[str, str, str]]:
    """Kind, subject and text of each mail to him, without what differs from mail to mail."""
    told = []
    for mail in desk.says(who, text).all_to(who):
        number = desk.ticket()["number"]
        told.append((mail.kind, mail.subject.replace(number, "N"), mail.text.split("Ref:")[0].replace(number, "N")))
    return told


def test_a_stranger_cannot_tell_whether_an_account_address_or_domain_exists_here(watched: Watched) -> None:
    desk = watched.desk
    answers = []
    for text in (
        "EPP code for bakery-shop.example",
        "EPP code for no-such-name.example",
        "Is alice@bakery.example a client of yours?",
        "Is nobody@nowhere.example a client of yours?",
        "show invoice INV-9002",
        "show invoice INV-1",
    ):
        answers.append(told_to(desk, "mallory", text))
        desk.clock.advance(hours=25)
    assert all(answer == answers[0] for answer in answers) and len(answers[0]) == 1


def test_the_door_does_the_same_work_for_a_client_and_for_nobody(watched: Watched) -> None:
    """So it answers both alike and as fast: it only stores, and what depends on who they are is the walk's, later."""
    asked: dict[str, list[str]] = {"alice": [], "mallory": []}
    for who, statements in asked.items():
        raw = thief.written(watched.desk, who, "Which domains do I have?")
        note = lambda _c, _cursor, statement, *_: statements.append(statement)  # noqa: E731, B023
        event.listen(watched.desk.app.engine, "before_cursor_execute", note)
        watched.desk.accepts(raw, [thief.DESK], mail_from=CAST["mallory"][1], peer=ELSEWHERE)
        event.remove(watched.desk.app.engine, "before_cursor_execute", note)
    assert asked["alice"] == asked["mallory"] != []
    assert watched.calls == [], "the door asks no system who somebody is"


# ---------------------------------------- 26 to 28 recipients


def test_somebody_in_copy_reads_what_staff_say_next_and_nothing_else(watched: Watched) -> None:
    desk = watched.desk
    opened = desk.says("alice", TROUBLE)
    before = desk.says("sam", "The password of your shop is in the panel.", reply_to=opened.to("sam")).to("alice")
    joined = desk.says("alice", "Nina, please have a look as well.", reply_to=before, cc="nina@stone.example")
    assert not joined.all_to("nina")
    account = desk.says("alice", "Which domains do I have?", reply_to=before, cc="nina@stone.example")
    assert domains_told(account) and not account.all_to("nina")
    (note,) = (mail for mail in joined if mail.to == CAST["sam"][1])
    nina = desk.says("sam", "We are on it.", reply_to=note).to("nina")
    assert (
        "We are on it." in nina
        and "password" not in nina.text + nina.html
        and not thief.leaks(nina, (CAST["alice"][1],))
    )
    asked = desk.says("nina", "Which domains do I have?", reply_to=nina)
    assert not asked.all_to("nina") and watched.acts == []


def test_a_verification_mail_that_somebody_has_sent_to_a_ticket_is_seen_by_staff_alone(watched: Watched) -> None:
    """He signs up elsewhere with the reply address of his own ticket and waits for the code to be shown to him."""
    desk = watched.desk
    his = desk.says("mallory", "hello, is somebody there?").to("mallory")
    raw = (
        f"From: no-reply@service.example\r\nTo: {his.reply_to}\r\nSubject: Your code is 424242\r\n"
        "Message-ID: <v@service.example>\r\n\r\nYour verification code is 424242.\r\n"
    ).encode()
    mails = desk.receives(raw, [his.reply_to], mail_from="no-reply@service.example", peer=ELSEWHERE)
    assert not mails.all_to("mallory") and not mails.all_to("no-reply@service.example")
    assert "424242" not in "".join(mail.message.as_string() for mail in desk.letters().all_to("mallory"))


@pytest.mark.parametrize("who", ["alice", "mallory"])
def test_reply_to_names_neither_the_client_nor_where_the_answer_goes(watched: Watched, who: str) -> None:
    other = "mallory" if who == "alice" else "alice"
    for text in ("Which domains do I have?", TROUBLE):
        mails = watched.desk.says(who, text, headers={"Reply-To": CAST[other][1]})
        assert not mails.all_to(other), text
    assert watched.desk.ticket()["requester"] == CAST[who][1]


def test_a_mail_without_from_whose_reply_to_is_hers_proves_nothing(watched: Watched) -> None:
    raw = thief.written(watched.desk, text="Which domains do I have?", headers={"Reply-To": CAST["alice"][1]})
    raw = raw.partition(b"\r\n")[2]
    watched.desk.receives(raw, [thief.DESK], mail_from=CAST["alice"][1], peer=HOME)
    assert watched.looks == [] and level(watched.desk) == 0


def test_a_token_of_one_person_never_names_another(watched: Watched) -> None:
    """Every reply address that ever left the desk belongs to the address that it was sent to."""
    desk = watched.desk
    mails = desk.says("alice", TROUBLE, cc="Bob Roux <bob@bakery.example>, nina@stone.example")
    desk.says("sam", "We are on it.", reply_to=mails.to("sam"))
    with desk.app.sessions() as session:
        for letter in desk.letters():
            token = desk.app.around.tokens.read_address(letter.reply_to)
            assert isinstance(token, Token) and token.kind is not TokenKind.BOUNCE
            participant = session.get(Participant, token.id)
            assert participant is not None and participant.address == letter.to
        assert session.scalar(select(Letter.id).where(Letter.recipient.contains(","))) is None
