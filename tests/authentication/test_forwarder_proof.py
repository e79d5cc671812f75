"""ARC: the seal of a forwarder counts when the operator named him, and nobody else's does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import dkim
import pytest

from bot.channels.authentication import Origin, SenderProof, domains
from bot.channels.resolver import Resolver, ZoneFile
from bot.settings import Authentication
from core.people import Proof
from tests.authentication.signing import ALICE, NOW, Troubled, mail, ours, pem, prove, record, rsa_key, sign, why, zone

NOWHERE = Origin("198.51.100.66", "relay.test", "bounces@relay.test")

RESULTS = (
    "Authentication-Results: mx.forwarder.test; dkim=pass header.d=bakery.test; dmarc=pass header.from=bakery.test\r\n"
)


def records() -> ZoneFile:
    return zone(
        sel___domainkey__forwarder__test={"TXT": [record(rsa_key("forwarder"))]},
        sel___domainkey__second__test={"TXT": [record(rsa_key("second"))]},
    )


def forwarded(
    raw: bytes | None = None, by: str = "forwarder", found: str = RESULTS, headers: tuple[str, ...] = ()
) -> bytes:
    """A mail as the forwarder passes it on: subject changed, then sealed."""
    changed = (raw or sign(mail())).replace(b"Subject: Please", b"Subject: [List] Please")
    changed = found.encode() + changed
    names = [name.encode() for name in headers or ("from", "to", "subject", "date")]
    seal = dkim.arc_sign(
        changed, b"sel", f"{by}.test".encode(), pem(rsa_key(by)), f"mx.{by}.test".encode(), include_headers=names
    )
    return b"".join(seal) + changed


def trusting(raw: bytes, *sealers: str, resolver: Resolver | None = None) -> Proof:
    return prove(raw, resolver=resolver or records(), trusted_arc_sealers=sealers or ("forwarder.test",))


def test_a_trusted_forwarders_seal_verifies_the_sender() -> None:
    proof = trusting(forwarded())
    assert proof.verified
    assert proof.reasons == ("a trusted forwarder saw a good signature of bakery.test (ARC)",)


def test_the_seal_of_an_unknown_forwarder_lifts_nothing() -> None:
    """Row 11: a chain can be perfect and its sealer a liar."""
    assert not prove(forwarded(), resolver=records()).verified
    proof = trusting(forwarded(), "other.test")
    assert not proof.verified and "ARC" not in why(proof)
    assert not trusting(forwarded(), "test").verified
    assert not trusting(forwarded(), "mx.forwarder.test").verified


def test_a_copy_under_another_id_has_the_same_signatures_even_where_the_senders_own_was_taken_off() -> None:
    """Row 8: what a forwarder sealed can be sent to us again as well."""
    raw = forwarded(mail())
    first, second = trusting(raw), trusting(raw.replace(b"Message-ID: <1@", b"Message-ID: <2@"))
    assert first.verified and second.verified and first.copyable
    assert len(first.signatures) == 1 and first.signatures == second.signatures


def test_a_seal_on_a_mail_through_a_shared_host_counts_only_where_that_enforces_the_sender() -> None:
    """Row 9: the forwarder saw a good signature, which the host puts on everybody's mail."""
    shared = Authentication(trusted_arc_sealers=("forwarder.test",), shared_outbound=("192.0.2.0/24",))
    raw = b"Received: from relay (relay [192.0.2.7]) by mx.forwarder.test\r\n" + forwarded()
    refused = SenderProof(shared, records(), ours).of(raw, ALICE, True, NOWHERE, NOW)
    assert not refused.verified and "may sign for anybody" in why(refused)
    settings = replace(shared, enforces_sender=("192.0.2.7/32",))
    assert SenderProof(settings, records(), ours).of(raw, ALICE, True, NOWHERE, NOW).verified


def test_only_the_newest_sealer_counts() -> None:
    twice = forwarded(forwarded(), "second", "Authentication-Results: mx.second.test; arc=pass\r\n")
    assert not trusting(twice, "forwarder.test").verified
    assert "saw no good signature" in why(trusting(twice, "second.test"))
    vouched = forwarded(
        forwarded(), "second", RESULTS.replace("forwarder", "second").replace("; dkim", "; arc=pass; dkim")
    )
    assert trusting(vouched, "second.test").verified


@pytest.mark.parametrize(
    "found",
    [
        "Authentication-Results: mx.forwarder.test; dkim=fail header.d=bakery.test\r\n",
        "Authentication-Results: mx.forwarder.test; dkim=pass header.d=evil.test; dmarc=pass header.from=evil.test\r\n",
        RESULTS.replace("dmarc=pass", "dmarc=fail"),
        "Authentication-Results: mx.forwarder.test; spf=pass smtp.mailfrom=bakery.test\r\n",
    ],
)
def test_a_forwarder_that_saw_no_good_signature_lifts_nothing(found: str) -> None:
    assert "saw no good signature of bakery.test (ARC)" in why(trusting(forwarded(found=found)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"unlock bakery.test\r\n\r\nAlice", b"delete bakery.test\r\n\r\nAlice"),
        (b"Subject: [List] Please", b"Subject: [List] Do not"),
        (b"ARC-Seal: i=1; cv=none", b"ARC-Seal: i=1; cv=pass"),
        (b"dmarc=pass header.from=bakery.test", b"dmarc=pass header.from=evil.test"),
        (b"ARC-Message-Signature: i=1", b"ARC-Message-Signature: i=2"),
        (b"ARC-Authentication-Results", b"X-Authentication-Results"),
    ],
)
def test_a_chain_that_was_touched_does_not_count(old: bytes, new: bytes) -> None:
    raw = forwarded()
    assert old in raw
    proof = trusting(raw.replace(old, new, 1))
    assert not proof.verified
    assert "ARC does not count" in why(proof)


def test_a_stolen_name_without_the_key_does_not_count() -> None:
    """The thief seals as the trusted forwarder with his own key."""
    raw = forwarded(by="evil", found=RESULTS.replace("forwarder", "evil"))
    assert not trusting(raw.replace(b"d=evil.test", b"d=forwarder.test")).verified


def test_a_seal_that_leaves_out_the_subject_does_not_count() -> None:
    assert "leaves out From, Subject or Date" in why(trusting(forwarded(headers=("from", "to", "date"))))


def test_a_seal_over_a_part_of_the_body_does_not_count() -> None:
    raw = forwarded().replace(b"ARC-Message-Signature: i=1;", b"ARC-Message-Signature: i=1; l=3;")
    assert "only the beginning of the body" in why(trusting(raw))


def test_the_order_of_a_seals_tags_does_not_matter() -> None:
    """The thief seals again, with the number of his set at the end."""
    key, name = pem(rsa_key("evil")), b"mx.evil.test"
    found = RESULTS.replace("forwarder", "evil").replace("; dkim", "; arc=pass; dkim").encode() + forwarded()
    headers = [b"from", b"to", b"subject", b"date"]
    again = dkim.arc_sign(found, b"sel", b"evil.test", key, name, include_headers=headers, standardize=True)
    assert b"ARC-Seal: a=rsa-sha256" in b"".join(again)
    proof = trusting(b"".join(again) + found)
    assert not proof.verified and "ARC" not in why(proof)


def test_an_old_sealed_mail_does_not_count() -> None:
    assert "may be an old mail" in why(trusting(forwarded(sign(mail(date=NOW - timedelta(days=9))))))


def test_dns_trouble_asks_for_another_look() -> None:
    proof = trusting(forwarded(), resolver=Troubled("forwarder", records()))
    assert not proof.verified and proof.try_later
    assert "the keys of the ARC chain could not be looked up" in proof.reasons


@pytest.mark.parametrize("length", [6, 40])
def test_a_very_long_chain_is_not_followed(length: int) -> None:
    seals = b"".join(b"ARC-Seal: i=%d; cv=pass; d=forwarder.test; s=sel; b=AA==\r\n" % n for n in range(1, length + 1))
    assert "longer than any honest one" in why(trusting(seals + mail()))


def test_organisations_are_found_without_the_network() -> None:
    names = {
        "a.b.test": "b.test",
        "test": "test",
        "x.bakery.co.uk": "bakery.co.uk",
        "co.uk": "co.uk",
        "a.b.example": "b.example",
    }
    assert {name: domains.organisational(name) for name in names} == names
