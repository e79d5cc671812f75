"""What a door reads of a mail without parsing it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.envelope import fingerprint, recipients, sender_address
from tests.growth import assert_in_step

from .listening import knows, mail

DEFAULT = "help@desk.example"
WORD = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12)
BODY = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30), max_size=6)
TRACE = st.lists(
    st.sampled_from(
        [
            "Received: from relay.desk.example by mx.desk.example;\r\n\tMon, 2 Mar 2026 10:00:01 +0000",
            "Return-Path: <alice@bakery.example>",
            "Delivered-To: support@desk.example",
            "Authentication-Results: mx.desk.example; dkim=pass",
            "DKIM-Signature: v=1; d=bakery.example;\r\n b=AAAA",
            "ARC-Seal: i=1; cv=none",
            "X-Spam-Score: 0.1",
        ]
    )
)


@given(body=BODY, before=TRACE, after=TRACE, blank=st.integers(0, 3))
def test_the_way_a_mail_took_does_not_change_its_fingerprint(
    body: list[str], before: list[str], after: list[str], blank: int
) -> None:
    first = mail(body="\r\n".join(body))
    head, _, text = first.partition(b"\r\n\r\n")
    trace = [[line.encode() + b"\r\n" for line in lines] for lines in (before, after)]
    again = b"".join(trace[0]) + head + b"\r\n" + b"".join(trace[1]) + b"\r\n" + text + b"\r\n" * blank
    assert fingerprint(again) == fingerprint(first)
    assert fingerprint(again.replace(b"\r\n", b"\n")) == fingerprint(first)


@given(name=WORD, other=WORD, body=BODY, more=WORD)
def test_another_content_under_the_same_message_id_is_another_mail(
    name: str, other: str, body: list[str], more: str
) -> None:
    same = {"Message_ID": "<same@bakery.example>", "body": "\r\n".join(body)}
    first = fingerprint(mail(name, **same))
    assert (fingerprint(mail(other, **same)) == first) == (name == other)
    assert fingerprint(mail(name, **{**same, "body": same["body"] + more})) != first
    assert fingerprint(mail(name, **same, From=f"{more}@bakery.example")) != first
    assert fingerprint(mail(name, **same, Date="Tue, 3 Mar 2026 10:00:00 +0000")) != first


def test_folding_and_the_spelling_of_header_names_do_not_matter() -> None:
    flat = mail("A question about the shop").replace(b"Subject: A question", b"SUBJECT:A question")
    folded = mail("A question about the shop").replace(b"question about", b"question\r\n about")
    assert fingerprint(flat) == fingerprint(folded) == fingerprint(mail("A question about the shop"))


def test_a_header_in_the_body_is_body() -> None:
    raw = mail().replace(b"Message-ID: ", b"X-Was: ") + b"\r\nMessage-ID: <in.the.body@bakery.example>\r\n"
    assert fingerprint(raw) != fingerprint(raw.replace(b"X-Was", b"X-Xas"))


@given(raw=st.binary(max_size=300), more=st.binary(min_size=1, max_size=5))
def test_without_a_message_id_every_byte_counts(raw: bytes, more: bytes) -> None:
    assert fingerprint(b"X: 1\n\n" + raw) != fingerprint(b"X: 1\n\n" + raw + more)


@given(st.binary(max_size=400), st.text(max_size=50))
def test_any_bytes_are_survived(raw: bytes, mail_from: str) -> None:
    assert len(fingerprint(raw)) == 64
    sender = sender_address(raw, mail_from)
    assert sender.isascii()
    assert 0 < len(sender) <= 320
    assert sender == sender.lower()
    assert recipients(raw, lambda address: True, DEFAULT)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("alice@bakery.example", "alice@bakery.example"),
        ("Alice Martin <Alice@Bakery.Example>", "alice@bakery.example"),
        ('"<alice@bakery.example>" <mallory@evil.example>', "mallory@evil.example"),
        ('"a \\" b <alice@bakery.example>" <mallory@evil.example>', "mallory@evil.example"),
        ("mallory@evil.example (alice@bakery.example)", "mallory@evil.example"),
        ("alice@bakery.example <mallory@evil.example>", "mallory@evil.example"),
        ("=?utf-8?q?Alice?=\r\n <alice@bakery.example>", "alice@bakery.example"),
        ("< alice@bakery.example >", "alice@bakery.example"),
        ('"Alice Martin <alice@bakery.example>', "alice@bakery.example"),
        ("nobody at all", "envelope@bakery.example"),
        ("", "envelope@bakery.example"),
        ("\xfc@bakery.example", "\\xc3\\xbc@bakery.example"),
    ],
)
def test_the_sender_is_the_address_of_from(value: str, address: str) -> None:
    assert sender_address(mail(From=value), "Envelope@Bakery.Example") == address


@pytest.mark.parametrize("mail_from", ["", "<>", "nobody", "\udcff"])
def test_a_mail_of_nobody_has_a_sender_too(mail_from: str) -> None:
    assert sender_address(b"Subject: x\r\n\r\nFrom: alice@bakery.example\r\n", mail_from) == "-"


def test_recipients_are_those_of_ours_that_are_named() -> None:
    raw = mail(
        To='"nobody@desk.example" <sales@desk.example>, nina@stone.example,\r\n\tSales <SALES@desk.example>',
        Cc="undisclosed, <help+Tok3n@desk.example> (postmaster@desk.example)",
    )
    assert recipients(raw, knows, DEFAULT) == ("sales@desk.example", "help+Tok3n@desk.example")


@pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To"])
def test_trace_headers_name_recipients_that_to_does_not(name: str) -> None:
    raw = f"{name}: support@desk.example\r\n".encode() + mail(To="list@stone.example")
    assert recipients(raw, knows, DEFAULT) == ("support@desk.example",)


def test_the_mailbox_itself_counts_only_when_nothing_more_exact_is_named() -> None:
    delivered = b"Delivered-To: help@desk.example\r\n"
    assert recipients(delivered + mail(To="sales@desk.example"), knows, DEFAULT) == ("sales@desk.example",)
    assert recipients(delivered + mail(To="list@stone.example"), knows, DEFAULT) == (DEFAULT,)
    assert recipients(mail(To="list@stone.example"), knows, DEFAULT) == (DEFAULT,)
    assert recipients(b"", knows, DEFAULT) == (DEFAULT,)


def test_recipients_are_limited() -> None:
    raw = mail(To=",\r\n ".join(f"help+{number}@desk.example" for number in range(5000)))
    assert len(recipients(raw, knows, DEFAULT)) == 100


HOSTILE = {
    "100,000 headers": b"".join(b"X-%d: y\r\n" % number for number in range(100_000)) + b"From: a@b.test\r\n\r\nbody",
    "a header of 5 MB": b"From: " + b"a" * 5_000_000 + b"\r\n\r\n",
    "quotes that never close": b"From: " + b'"\\' * 60_000 + b"\r\nTo: " + b'"(' * 30_000 + b"\r\n\r\n",
    "angles": b"From: " + b"<a@" * 40_000 + b"\r\nTo: " + b"a@" * 20_000 + b"\r\n\r\n",
    "at signs": b"From: " + b"@" * 120_000 + b"\r\n\r\n",
    "folds": b"From:" + b"\r\n " * 40_000 + b"\r\n\r\n",
    "spaces in angles": b"From: <" + b" " * 120_000 + b"\r\n\r\n",
    "many angles with spaces": b"From: " + (b"<" + b" " * 300) * 400 + b"\r\n\r\n",
    "open comments": b"From: " + b"(" * 120_000 + b"\r\n\r\n",
    "one word": b"From: " + b"a" * 120_000 + b"\r\n\r\n",
    "line ends": b"\r\n" * 60_000,
    "line feeds after a header": b"From: x\r" * 60_000,
    "no headers": b"x" * 5_000_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_headers_cost_no_more_than_their_length(raw: bytes) -> None:
    for look in (fingerprint, lambda part: sender_address(part, ""), lambda part: recipients(part, knows, DEFAULT)):
        assert_in_step(look, lambda n: raw[: len(raw) * n // 4])
