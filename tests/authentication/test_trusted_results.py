"""Authentication-Results count only from a configured server, only where only it can write, and only if they fit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.authentication import domains, results
from core.people import Proof
from tests.authentication.signing import ALICE, NOW, Troubled, mail, prove, why, zone

SERVER = "mx.desk.example"
RECEIVED = f"Received: from out.bakery.test ([192.0.2.25]) by {SERVER} (Postfix) with ESMTPS id 1; Mon\r\n"
FOREIGN = "Received: from laptop by out.bakery.test with ESMTPSA id 2; Mon\r\n"
GOOD = f"Authentication-Results: {SERVER}; dmarc=pass (p=none) header.from=bakery.test\r\n"


def upstream(
    *fields: str, raw: bytes | None = None, peer: str = "127.0.0.1", ids: tuple[str, ...] = (SERVER,), **options: object
) -> Proof:
    """A mail as the server in front handed it over, with these fields on top."""
    whole = "".join(fields).encode() + (raw or mail())
    return prove(whole, peer=peer, verify=False, trusted_authserv_ids=ids, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields",
    [
        (RECEIVED, GOOD, FOREIGN),
        (GOOD, RECEIVED, FOREIGN),
        ("Return-Path: <alice@bakery.test>\r\n", GOOD),
        ("Received: from mx.desk.example by store.desk.example with LMTP; Mon\r\n", RECEIVED, GOOD, FOREIGN),
        ("Received: by 2002:a05:6520:4d8b:b0:2a2:1:2 with SMTP id x; Mon\r\n", RECEIVED, GOOD, FOREIGN),
        (RECEIVED, GOOD.replace("; dmarc", ";\r\n\tdmarc"), FOREIGN),
    ],
)
def test_the_result_of_a_trusted_server_verifies_the_sender(fields: tuple[str, ...]) -> None:
    proof = upstream(*fields)
    assert proof.verified and proof.reasons == ("mx.desk.example verified bakery.test",)


def test_results_are_ignored_while_no_server_is_trusted() -> None:
    """Row 4: anybody can write the field."""
    proof = prove((RECEIVED + GOOD).encode() + mail(), peer="127.0.0.1")
    assert not proof.verified
    assert SERVER not in why(proof)


@pytest.mark.parametrize(
    "fields",
    [
        (RECEIVED, FOREIGN, GOOD),
        (FOREIGN, GOOD),
        (FOREIGN, RECEIVED, GOOD),
        ("Received: from a by evil.test; by mx.desk.example; Mon\r\n", GOOD),
        ("Received: (qmail 12 invoked by uid 0); Mon\r\n", GOOD),
        ("Received: by mx.desk.example.evil.test; Mon\r\n", GOOD),
        ("Received: from x by 10.0.0.1; Mon\r\n", GOOD),
        ("Received: by 198.51.100.66x; Mon\r\n", GOOD),
    ],
)
def test_a_result_below_a_foreign_received_is_forged(fields: tuple[str, ...]) -> None:
    proof = upstream(*fields)
    assert not proof.verified
    assert proof.reasons == ("no results of a trusted server on the mail",)


def test_only_the_topmost_result_of_a_server_counts() -> None:
    """What the sender brought along stands below what the server wrote, even when nobody removed it."""
    own = f"Authentication-Results: {SERVER}; dmarc=fail header.from=bakery.test\r\n"
    assert not upstream(RECEIVED, own, GOOD).verified
    assert not upstream(RECEIVED, f"Authentication-Results: {SERVER}; none\r\n", GOOD).verified
    assert not upstream(
        RECEIVED, f"Authentication-Results: {SERVER}; spf=pass smtp.mailfrom=evil.test\r\n", GOOD
    ).verified
    assert not upstream(RECEIVED, f"Authentication-Results: {SERVER}; broken\r\n", GOOD).verified


def test_a_result_above_is_forged_when_the_mail_did_not_come_from_that_server() -> None:
    """The thief speaks to our port himself and writes the whole header."""
    proof = upstream(RECEIVED, GOOD, peer="198.51.100.66")
    assert not proof.verified
    assert "did not come from mx.desk.example" in why(proof)
    records = zone(mx__desk__example={"A": ["192.0.2.7"], "AAAA": ["2001:db8::7"]})
    assert upstream(RECEIVED, GOOD, peer="192.0.2.7", resolver=records).verified
    assert upstream(RECEIVED, GOOD, peer="2001:db8::7", resolver=records).verified
    assert upstream(RECEIVED, GOOD, peer="", host="imap.desk.example").verified


def test_trouble_with_the_address_of_a_server_asks_for_another_look() -> None:
    proof = upstream(RECEIVED, GOOD, peer="192.0.2.7", resolver=Troubled(SERVER))
    assert not proof.verified and proof.try_later


# Forty ways to write a name and a result, and whether they say that bakery.test vouches for the mail.
STRINGS = [
    ("mx.desk.example; dmarc=pass header.from=bakery.test", True),
    ("MX.Desk.Example; DMARC=PASS header.From=Bakery.TEST", True),
    ("mx.desk.example.; dmarc=pass header.from=bakery.test.", True),
    ("mx.desk.example 1; dmarc=pass header.from=bakery.test", True),
    ("mx.desk.example (ours); dmarc=pass (p=none dis=none) header.from=bakery.test", True),
    ("mx.desk.example; dkim=pass header.d=bakery.test header.s=sel", True),
    ("mx.desk.example; dkim=fail header.d=evil.test; dkim=pass header.d=mail.bakery.test", True),
    ("mx.desk.example; spf=pass smtp.mailfrom=alice@bakery.test", True),
    ("mx.desk.example; spf=pass smtp.mailfrom=bakery.test; dmarc=none header.from=bakery.test", True),
    ("mx.desk.example;dmarc=pass action=none header.from=bakery.test;compauth=pass reason=100", True),
    ("evil (mx.desk.example); dmarc=pass header.from=bakery.test", False),
    ("(mx.desk.example) evil.test; dmarc=pass header.from=bakery.test", False),
    ('"mx.desk.example"; dmarc=pass header.from=bakery.test', False),
    ("mx.desk.example.evil.test; dmarc=pass header.from=bakery.test", False),
    ("amx.desk.example; dmarc=pass header.from=bakery.test", False),
    ("mx.desk.example/evil; dmarc=pass header.from=bakery.test", False),
    ("mx.desk.example evil; dmarc=pass header.from=bakery.test", False),
    ("mx.desk.example..; dmarc=pass header.from=bakery.test", False),
    ("desk.example; dmarc=pass header.from=bakery.test", False),
    ("; dmarc=pass header.from=bakery.test", False),
    ("", False),
    ("mx.desk.example", False),
    ("mx.desk.example 2; dmarc=pass header.from=bakery.test", False),
    ("mx.desk.example; dmarc=pass", False),
    ("mx.desk.example; dmarc=pass header.from=evil.test", False),
    ("mx.desk.example; dmarc=pass header.from=mail.bakery.test", False),
    ("mx.desk.example; dmarc=pass header.from=evil.test header.from=bakery.test", False),
    ("mx.desk.example; dmarc=pass header.from=bakery.test header.from=evil.test", False),
    ("mx.desk.example; dmarc=fail header.from=bakery.test; dkim=pass header.d=bakery.test", False),
    ("mx.desk.example; dmarc=pass header.from=bakery.test; dmarc=pass header.from=evil.test", False),
    ("mx.desk.example; dmarc=bestguesspass header.from=bakery.test", False),
    ("mx.desk.example; dkim=pass header.d=attacker.example(.bakery.test", False),
    ("mx.desk.example; dkim=pass (header.d=bakery.test) header.d=evil.test", False),
    ("mx.desk.example; dkim=pass header.i=@bakery.test", False),
    ("mx.desk.example; dkim=fail header.d=bakery.test", False),
    ("mx.desk.example; spf=pass smtp.helo=bakery.test", False),
    ("mx.desk.example; spf=softfail smtp.mailfrom=bakery.test", False),
    ('mx.desk.example; spf=pass smtp.mailfrom="alice@bakery.test"@evil.test', False),
    ("mx.desk.example; spf=pass smtp.mailfrom=\u0430lice@bakery.t\u0435st", False),
    ("mx.desk.example; none; dmarc=pass header.from=bakery.test", False),
    ("mx.desk.example;" + " x" * 3000 + "; dmarc=pass header.from=bakery.test", False),
    ("mx.desk.example; " + "(" * 2000 + "dmarc=pass header.from=bakery.test", False),
]


@pytest.mark.parametrize(("text", "verified"), STRINGS)
def test_each_way_to_write_a_result_counts_or_does_not(text: str, verified: bool) -> None:
    """Rows 4 and 5: the name is a whole token, a result needs its property, what can't be parsed is not there."""
    assert upstream(RECEIVED, f"Authentication-Results: {text}\r\n", FOREIGN).verified is verified


def test_a_second_name_can_be_trusted() -> None:
    assert upstream(GOOD.replace(SERVER, "mx2"), ids=(SERVER, "MX2.")).verified


def test_an_old_or_misdirected_mail_counts_only_by_spf() -> None:
    """A DKIM signature, and DMARC that may rest on it, can be replayed; the envelope can't."""
    spf = f"Authentication-Results: {SERVER}; spf=pass smtp.mailfrom=bakery.test\r\n"
    for raw in (mail(to="help@other.example"), mail(date=NOW - timedelta(days=9))):
        assert not upstream(RECEIVED, GOOD, raw=raw).verified
        assert upstream(RECEIVED, spf, raw=raw).verified


def test_with_shared_hosts_only_dkim_of_a_server_counts() -> None:
    """The server does not say from which address the mail came."""
    dkim = f"Authentication-Results: {SERVER}; dmarc=pass header.from=bakery.test; dkim=pass header.d=bakery.test\r\n"
    spf = f"Authentication-Results: {SERVER}; spf=pass smtp.mailfrom=bakery.test\r\n"
    shared = ("192.0.2.0/24",)
    elsewhere = RECEIVED.replace("192.0.2.25", "198.51.100.7")
    assert upstream(elsewhere, dkim, shared_outbound=shared).verified
    assert not upstream(elsewhere, GOOD, shared_outbound=shared).verified
    assert not upstream(elsewhere, spf, shared_outbound=shared).verified


def test_a_server_s_dkim_result_on_a_mail_through_a_shared_host_counts_only_where_that_host_enforces_the_sender() -> (
    None
):
    dkim = f"Authentication-Results: {SERVER}; dkim=pass header.d=bakery.test\r\n"
    shared = ("192.0.2.0/24",)
    refused = upstream(RECEIVED, dkim, shared_outbound=shared)
    assert not refused.verified and "may sign for anybody" in "; ".join(refused.reasons)
    assert upstream(RECEIVED, dkim, shared_outbound=shared, enforces_sender=("192.0.2.16/28",)).verified


def test_our_own_findings_and_those_of_a_server_stand_side_by_side() -> None:
    proof = prove((RECEIVED + GOOD).encode() + mail(), peer="127.0.0.1", trusted_authserv_ids=(SERVER,))
    assert proof.verified and proof.reasons == ("mx.desk.example verified bakery.test",)


def test_a_result_does_not_excuse_a_second_from() -> None:
    assert not upstream(RECEIVED, GOOD, "From: bob@bakery.test\r\n").verified


def test_a_result_about_another_address_than_the_senders_does_not_count() -> None:
    assert not upstream(RECEIVED, GOOD, raw=mail(sender="mallory@evil.test"), sender="mallory@evil.test").verified
    assert not upstream(RECEIVED, GOOD, raw=mail(sender="mallory@evil.test"), sender=ALICE).verified


def test_a_result_longer_than_four_kilobytes_says_nothing() -> None:
    said = "mx; dmarc=pass header.from=bakery.test"
    assert results.read(said, "bakery.test", domains.Policy()).dmarc
    assert not results.read(said + " " * 5000 + "x", "bakery.test", domains.Policy()).dmarc
