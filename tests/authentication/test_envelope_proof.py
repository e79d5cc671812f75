"""SPF: an aligned envelope sender from a host of its domain proves the sender, unless the host sends for many."""

from __future__ import annotations

import pytest

from bot.channels.authentication import SenderProof
from bot.channels.resolver import Resolver, ZoneFile
from bot.settings import Authentication, SettingsError
from core.people import Proof
from tests.authentication.signing import (
    ALICE,
    STRANGE,
    Troubled,
    ed25519_key,
    mail,
    prove,
    sign,
    sign_with_tags,
    why,
    zone,
)


def with_record(text: str, **more: dict[str, list[str]]) -> ZoneFile:
    return zone(bakery__test={"TXT": [text], "A": ["192.0.2.25"], "MX": ["10 mx.bakery.test"]}, **more)


def from_the_bakery(resolver: Resolver, peer: str = "192.0.2.25", **options: object) -> Proof:
    return prove(mail(), peer=peer, mail_from=ALICE, helo="mx.bakery.test", resolver=resolver, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 ip4:192.0.2.25 -all",
        "v=spf1 ip4:192.0.2.0/24 ~all",
        "v=spf1 a -all",
        "v=spf1 mx -all",
        "v=spf1 a:mx.bakery.test ?all",
        "v=spf1 include:_spf.bakery.test -all",
        "v=spf1 redirect=_spf.bakery.test",
        "v=spf1 exists:%{ir}.list.bakery.test -all",
    ],
)
def test_a_host_of_the_domain_verifies_the_sender(record: str) -> None:
    more = {
        "_spf.bakery.test": {"TXT": ["v=spf1 ip4:192.0.2.25 -all"]},
        "25.2.0.192.list.bakery.test": {"A": ["127.0.0.2"]},
    }
    proof = from_the_bakery(with_record(record, **more))
    assert proof.reasons == ("SPF: 192.0.2.25 may send for bakery.test",)
    assert proof.verified


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("v=spf1 ip4:192.0.2.1 -all", "SPF: 192.0.2.25 may not send for bakery.test"),
        ("v=spf1 ip4:192.0.2.1 ~all", "should not send"),
        ("v=spf1 ip4:192.0.2.1 ?all", "neither yes nor no"),
        ("v=spf1 ip4:192.0.2.1", "neither yes nor no"),
        ("something else", "has no SPF record"),
        ("v=spf1 ip4:nonsense -all", "is broken"),
        ("v=spf1 ip4:192.0.2.25 \u00e4 -all", "is broken"),
        ("v=spf1 include:nowhere.bakery.test ip4:192.0.2.25 -all", "is broken"),
        ("v=spf1 include:bakery.test -all", "is broken"),
        ("v=spf1 redirect=bakery.test", "is broken"),
        ("v=spf1 a:n1.test a:n2.test a:n3.test a:n4.test ip4:192.0.2.25 -all", "is broken"),
        ("v=spf1 +all", "the whole world"),
        ("v=spf1 all", "the whole world"),
        ("v=spf1 ip4:0.0.0.0/0 -all", "the whole world"),
        ("v=spf1 redirect=open.bakery.test", "the whole world"),
    ],
)
def test_anything_but_a_pass_does_not_verify(record: str, reason: str) -> None:
    proof = from_the_bakery(with_record(record, **{"open.bakery.test": {"TXT": ["v=spf1 +all"]}}))
    assert not proof.verified and not proof.try_later
    assert reason in why(proof)


def test_more_than_ten_lookups_break_a_record() -> None:
    names = {f"a{n}.bakery.test": {"A": ["192.0.2.1"]} for n in range(11)}
    ten = " ".join(f"a:{name}" for name in list(names)[:10])
    eleven = " ".join(f"a:{name}" for name in names)
    assert from_the_bakery(with_record(f"v=spf1 {ten} ip4:192.0.2.25 -all", **names)).verified
    assert "is broken" in why(from_the_bakery(with_record(f"v=spf1 {eleven} ip4:192.0.2.25 -all", **names)))


def test_two_records_are_a_broken_record() -> None:
    records = zone(bakery__test={"TXT": ["v=spf1 ip4:192.0.2.25 -all", "v=spf1 +all"]})
    assert "is broken" in why(from_the_bakery(records))


def test_dns_trouble_asks_for_another_look() -> None:
    proof = from_the_bakery(Troubled("_spf", with_record("v=spf1 include:_spf.bakery.test -all")))
    assert not proof.verified and proof.try_later
    assert "could not be looked up" in why(proof)


@pytest.mark.parametrize("peer", ["192.0.2.25", "::ffff:192.0.2.25"])
def test_a_host_that_sends_for_many_proves_nothing(peer: str) -> None:
    """Row 9: any tenant of a shared host can send as any other (CVE-2024-7208)."""
    proof = from_the_bakery(zone(), peer=peer, shared_outbound=("192.0.2.0/24", "2001:db8::/32"))
    assert not proof.verified
    assert "SPF proves nothing: 192.0.2.25 sends for many" in why(proof)


def test_other_hosts_count_beside_shared_ones() -> None:
    assert from_the_bakery(zone(), shared_outbound=("203.0.113.0/24",)).verified


def test_a_shared_network_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(SettingsError, match=r"email\.authentication\.shared_outbound\[1\].*192\.0\.2\.0/24"):
        SenderProof(Authentication(shared_outbound=("192.0.2.0/24", "mine")), zone(), lambda address: True)
    with pytest.raises(SettingsError, match=r"email\.authentication\.enforces_sender\[0\]"):
        SenderProof(Authentication(enforces_sender=("192.0.2.0/8",)), zone(), lambda address: True)


SHARED = ("192.0.2.0/24",)


def through(*hops: str) -> bytes:
    lines = "".join(
        f"Received: from x (x [{hop}]) by y with ESMTP; Wed, 25 Nov 2026 09:00:00 +0000\r\n" for hop in hops
    )
    return lines.encode() + sign(mail())


@pytest.mark.parametrize("peer", ["192.0.2.25", "::ffff:192.0.2.25"])
def test_a_signature_that_a_shared_host_put_on_a_mail_counts_only_when_it_enforces_the_sender(peer: str) -> None:
    """Row 9: its signature is on the mails of every tenant, under whatever domain they wrote (CVE-2024-7209)."""
    refused = prove(sign(mail()), peer=peer, shared_outbound=SHARED)
    assert not refused.verified and "192.0.2.25, which may sign for anybody" in why(refused)
    assert prove(sign(mail()), peer=peer, shared_outbound=SHARED, enforces_sender=("192.0.2.25/32",)).verified
    assert not prove(sign(mail()), peer=peer, shared_outbound=SHARED, enforces_sender=("192.0.2.26/32",)).verified


@pytest.mark.parametrize("peer", ["127.0.0.1", "", "203.0.113.9"])
def test_a_shared_host_is_seen_behind_a_relay_of_ours_too(peer: str) -> None:
    """Behind an MTA the peer is that MTA; who handed the mail to it stands in Received."""
    assert prove(through("203.0.113.9"), peer=peer, shared_outbound=SHARED).verified
    for hops in (("192.0.2.7",), ("203.0.113.9", "IPv6:::ffff:192.0.2.7"), ("10.0.0.1", "192.0.2.7", "192.0.2.25")):
        assert not prove(through(*hops), peer=peer, shared_outbound=SHARED).verified, hops
    some = ("192.0.2.0/28",)
    assert prove(through("192.0.2.7"), peer=peer, shared_outbound=SHARED, enforces_sender=some).verified
    both = through("192.0.2.7", "192.0.2.25")
    assert not prove(both, peer=peer, shared_outbound=SHARED, enforces_sender=some).verified


def test_the_key_of_a_shared_host_proves_nobody_wherever_the_mail_comes_from() -> None:
    """A tenant has the host sign a mail to himself, and brings it to us from a machine of his own."""
    laundered = prove(sign(mail()), peer=STRANGE, shared_outbound=SHARED, shared_selectors=("SEL",))
    assert not laundered.verified and "selector sel is one of a host" in why(laundered)
    own = sign_with_tags(sign(mail()), {"s": "ed"}, ed25519_key())
    assert prove(own, shared_outbound=SHARED, shared_selectors=("sel",)).verified, "her own key still does"


def test_without_shared_hosts_no_received_line_makes_a_signature_doubtful() -> None:
    assert prove(through("192.0.2.7"), peer="192.0.2.25").verified


def test_the_null_sender_counts_by_its_helo() -> None:
    def bounce(helo: str) -> Proof:
        return prove(mail(), peer="192.0.2.25", mail_from="<>", helo=helo)

    records = zone(mx__bakery__test={"A": ["192.0.2.25"], "TXT": ["v=spf1 a -all"]})
    assert prove(mail(), peer="192.0.2.25", mail_from="<>", helo="mx.bakery.test", resolver=records).verified
    assert not bounce("mx.bakery.test").verified
    assert "SPF not aligned" in why(bounce("evil.test"))
    assert "of no domain" in why(bounce("[192.0.2.25]"))


@pytest.mark.parametrize(
    "mail_from",
    [
        "mallory@evil.test",
        '"alice@bakery.test"@evil.test',
        "alice@bakery.test@evil.test",
        "alice@bakery.test, mallory@evil.test",
        "bakery.test",
        "alice@[192.0.2.25]",
        "alice@bakery.test\0.evil.test",
    ],
)
def test_an_envelope_sender_elsewhere_is_not_aligned(mail_from: str) -> None:
    """The thief's own host may send for evil.test, and the From line names the bakery."""
    proof = prove(mail(), peer=STRANGE, mail_from=mail_from, helo="evil.test")
    assert not proof.verified


def test_an_odd_local_part_does_not_move_the_domain_that_is_asked() -> None:
    records = Troubled("nothing")
    prove(mail(), peer=STRANGE, mail_from='"x@evil.test"@bakery.test', resolver=records)
    assert not [name for name, _ in records.asked if "evil" in name]


@pytest.mark.parametrize(("aspf", "verified"), [("r", True), ("s", False)])
def test_a_sub_domain_is_aligned_as_the_dmarc_record_says(aspf: str, verified: bool) -> None:
    records = zone(_dmarc__bakery__test={"TXT": [f"v=DMARC1; p=none; aspf={aspf}"]})
    proof = prove(mail(), peer="192.0.2.25", mail_from="x@mail.bakery.test", resolver=records)
    assert proof.verified is verified


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.1.2.3", "192.168.1.1", "fd00::1"])
def test_a_relay_of_our_own_is_not_taken_for_the_senders_host(peer: str) -> None:
    """Some public records list 127.0.0.1; behind a relay on this machine that would verify everybody."""
    records = zone(bakery__test={"TXT": [f"v=spf1 ip{'6' if ':' in peer else '4'}:{peer} -all"]})
    assert "inside our own network" in why(prove(mail(), peer=peer, mail_from=ALICE, resolver=records))
    assert prove(mail(), peer=peer, mail_from=ALICE, resolver=records, dns={"zone": "z.json"}).verified


@pytest.mark.parametrize("peer", ["", "unix:/run/desk.sock", "nonsense", "list"])
def test_without_a_peer_there_is_no_spf(peer: str) -> None:
    assert "SPF not checked" in why(prove(mail(), peer=peer, mail_from=ALICE))


def test_a_fetched_mail_names_the_mailbox_server() -> None:
    assert "fetched from imap.desk.example" in why(prove(mail(), peer="", host="imap.desk.example"))


def test_signing_in_as_the_sender_verifies() -> None:
    proof = prove(mail(), auth_user="Alice@Bakery.test")
    assert proof.verified and proof.reasons == (f"signed in to our mail server as {ALICE}",)


@pytest.mark.parametrize("user", ["bob@bakery.test", "alice", "alice@bakery.test.evil.test", "@bakery.test"])
def test_signing_in_as_somebody_else_does_not_verify(user: str) -> None:
    assert not prove(mail(), auth_user=user).verified


def test_signing_in_does_not_excuse_a_second_from() -> None:
    assert not prove(b"From: bob@bakery.test\r\n" + mail(), auth_user=ALICE).verified


def test_with_verification_off_the_operator_vouches() -> None:
    proof = prove(mail(), verify=False)
    assert proof.verified and proof.reasons == ("not checked (email.authentication.verify is off)",)


def test_with_verification_off_an_ambiguous_sender_is_still_not_believed() -> None:
    assert not prove(mail(), verify=False, unambiguous=False).verified
    assert not prove(b"From: bob@bakery.test\r\n" + mail(), verify=False).verified
