"""DKIM: only a signature of the sender's domain, whole, fresh and for us, proves the sender."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import dkim
import pytest

from bot.channels.authentication import describe, fields, keys, signatures
from bot.channels.authentication.bodies import Body, canonical_body
from tests.authentication.signing import (
    ALICE,
    NOW,
    SMALL_KEY,
    SMALL_PUBLIC,
    Troubled,
    ed25519_key,
    mail,
    pem,
    prove,
    record,
    rsa_key,
    sign,
    sign_with_tags,
    why,
    zone,
)


def test_an_aligned_signature_verifies_the_sender() -> None:
    proof = prove(sign(mail()))
    assert proof.verified
    assert proof.reasons == ("DKIM signature of bakery.test verified",)
    assert describe(proof) == "Sender verified: DKIM signature of bakery.test verified"


def test_a_forged_from_line_is_not_verified() -> None:
    """Row 1: a From line is a claim."""
    proof = prove(mail())
    assert not proof.verified and not proof.ambiguous and not proof.try_later
    assert why(proof) == "no DKIM signature; SPF not aligned (envelope sender is of relay.test)"
    assert describe(proof).startswith("Sender NOT verified: no DKIM signature")


@pytest.mark.parametrize("canonicalisation", ["simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"])
def test_every_canonicalisation_verifies(canonicalisation: str) -> None:
    header, body = canonicalisation.encode().split(b"/")
    raw = mail(body="Two  blanks \t and\ttabs  \r\n\r\n \r\nend\r\n\r\n\r\n")
    assert prove(sign(raw, canonicalize=(header, body))).verified


def test_an_ed25519_signature_verifies() -> None:
    assert prove(sign_with_tags(mail(), {"s": "ed"}, ed25519_key())).verified


def test_an_ed25519_signature_over_another_header_does_not_verify() -> None:
    raw = sign_with_tags(mail(), {"s": "ed"}, ed25519_key()).replace(b"Please unlock", b"Please delete", 1)
    assert "the header was changed" in why(prove(raw))


def test_mail_with_bare_line_feeds_verifies() -> None:
    assert prove(sign(mail()).replace(b"\r\n", b"\n")).verified


def test_a_signature_of_another_domain_does_not_count() -> None:
    proof = prove(sign(mail(), "evil.test", pem(rsa_key("evil"))))
    assert not proof.verified
    assert "DKIM signature is of evil.test, not of bakery.test" in proof.reasons


def test_a_foreign_key_in_the_name_of_the_domain_does_not_count() -> None:
    assert "the key is another one" in why(prove(sign(mail(), key=pem(rsa_key("evil")))))


@pytest.mark.parametrize(
    ("signer", "sender", "dmarc", "verified"),
    [
        ("mail.bakery.test", ALICE, "v=DMARC1; p=none", True),
        ("mail.bakery.test", ALICE, "v=DMARC1; p=none; adkim=r", True),
        ("mail.bakery.test", ALICE, "v=DMARC1; p=none; adkim=s", False),
        ("bakery.test", "alice@mail.bakery.test", "v=DMARC1; p=none", True),
        ("bakery.test", "alice@mail.bakery.test", "v=DMARC1; p=none; adkim=s", False),
        ("bakery.test", ALICE, "v=DMARC1; p=none; adkim=s", True),
        ("mail.bakery.test", ALICE, "this is no DMARC record", True),
    ],
)
def test_a_sub_domain_is_aligned_as_the_dmarc_record_says(signer: str, sender: str, dmarc: str, verified: bool) -> None:
    records = zone(_dmarc__bakery__test={"TXT": [dmarc]})
    proof = prove(sign(mail(sender=sender), signer), sender, resolver=records)
    assert proof.verified is verified


@pytest.mark.parametrize(
    ("signer", "sender"),
    [
        ("evil.example", "alice@bakery.example"),
        ("evil.test", ALICE),
        ("evil.co.uk", "alice@bakery.co.uk"),
        ("evil.github.io", "alice@bakery.github.io"),
        ("co.uk", "alice@bakery.co.uk"),
        ("bakery.test.evil.test", ALICE),
        ("evilbakery.test", ALICE),
    ],
)
def test_two_organisations_under_one_suffix_are_never_aligned(signer: str, sender: str) -> None:
    key = {"TXT": [record(rsa_key("evil"))]}
    records = zone(**{f"sel._domainkey.{signer}": key})
    proof = prove(sign(mail(sender=sender), signer, pem(rsa_key("evil"))), sender, resolver=records)
    assert not proof.verified
    assert f"DKIM signature is of {signer}" in why(proof)


def test_two_dmarc_records_are_none() -> None:
    records = zone(_dmarc__bakery__test={"TXT": ["v=DMARC1; p=reject; adkim=s", "v=DMARC1; p=none"]})
    assert prove(sign(mail(), "mail.bakery.test"), resolver=records).verified


def test_a_second_from_breaks_a_signature_by_itself() -> None:
    """Even where nobody counted the fields first."""
    signed = sign_with_tags(mail(), {})
    for raw, good in ((signed, True), (b"From: mallory@evil.test\r\n" + signed, False)):
        read = fields.read(raw)
        headers = signatures.header_of(read)
        (signature,) = signatures.signatures(headers)
        with contextlib.nullcontext() if good else pytest.raises(keys.DoesNotCount, match="the header was changed"):
            signatures.verify(signature, headers, Body(read.body), zone(), NOW)


def test_a_changed_body_does_not_count() -> None:
    assert "the body was changed" in why(prove(sign(mail()) + b"P.S. delete everything\r\n"))


def test_a_changed_subject_does_not_count() -> None:
    raw = sign(mail()).replace(b"Subject: Please unlock", b"Subject: Please delete")
    assert "the header was changed" in why(prove(raw))


def test_a_signature_over_a_part_of_the_body_does_not_count() -> None:
    """Row 6: with l= anybody may append a body, and dkimpy itself still says yes."""
    signed = sign(mail(), length=True)
    appended = signed + b"unlock roe.test\r\n"
    assert dkim.verify(appended, dnsfunc=lambda name, timeout: record(rsa_key()).encode())
    assert "covers only the beginning of the body (l=)" in why(prove(appended))


def test_l_of_the_whole_body_counts() -> None:
    assert prove(sign(mail(), length=True)).verified


def test_an_expired_signature_does_not_count() -> None:
    yesterday = str(int((NOW - timedelta(days=1)).timestamp()))
    assert "it has expired" in why(prove(sign_with_tags(mail(), {"x": yesterday})))
    minute = str(int((NOW - timedelta(minutes=1)).timestamp()))
    assert "it has expired" in why(prove(sign_with_tags(mail(), {"x": minute})))


def test_a_signature_that_has_not_expired_counts() -> None:
    tomorrow = str(int((NOW + timedelta(days=1)).timestamp()))
    assert prove(sign_with_tags(mail(), {"x": tomorrow})).verified


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ("t=y; ", "marked as a test"),
        ("t=s:y; ", "marked as a test"),
        ("s=tlsrpt; ", "not for mail"),
        ("h=sha1; ", "does not allow SHA-256"),
    ],
)
def test_a_key_with_a_restriction_does_not_count(extra: str, reason: str) -> None:
    records = zone(sel___domainkey__bakery__test={"TXT": [record(rsa_key(), extra)]})
    assert reason in why(prove(sign(mail()), resolver=records))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v=DKIM1; k=rsa; p=", "not in DNS|revoked"),
        ("v=DKIM2; k=rsa; p=AAAA", "unknown version"),
        ("v=DKIM1; k=rsa; p=AAAA", "can't be read"),
        ("v=DKIM1; k=rsa; p=%%%", "can't be read"),
        ("v=DKIM1; k=ed25519; p=AAAA", "not one for rsa-sha256"),
        ("v=DKIM1; k=rsa; p=" + "A" * 5000, "longer than any honest one"),
        ("v=DKIM1; p=ä", "can't be read"),
        ("=;p=;;=", "can't be read"),
        (f"v=DKIM1; k=rsa; p={SMALL_PUBLIC}", "too small"),
    ],
)
def test_a_key_record_that_is_no_good_does_not_count(text: str, reason: str) -> None:
    proof = prove(sign(mail()), resolver=zone(sel___domainkey__bakery__test={"TXT": [text]}))
    assert not proof.verified and not proof.try_later
    assert any(part in why(proof) for part in reason.split("|"))


def test_a_small_key_does_not_count() -> None:
    records = zone(sel___domainkey__bakery__test={"TXT": [f"v=DKIM1; p={SMALL_PUBLIC}"]})
    proof = prove(sign(mail(), key=SMALL_KEY), resolver=records)
    assert "its key is too small (512 bits)" in why(proof)


def test_the_flag_s_of_a_key_forbids_sub_domains() -> None:
    records = zone(sel___domainkey__bakery__test={"TXT": [record(rsa_key(), "t=s; ")]})
    assert prove(sign(mail()), resolver=records).verified
    assert "which its key forbids" in why(prove(sign(mail(), identity=b"@shop.bakery.test"), resolver=records))


@pytest.mark.parametrize("name", ["from", "subject"])
def test_a_signature_that_leaves_out_from_or_subject_does_not_count(name: str) -> None:
    names = ":".join(other for other in ("from", "to", "subject", "date") if other != name)
    assert f"leaves out {name.title()}" in why(prove(sign_with_tags(mail(), {"h": names})))


@pytest.mark.parametrize(
    ("good", "bad", "reason"),
    [
        ("a=rsa-sha256", "a=rsa-sha1", "its algorithm"),
        ("a=rsa-sha256", "a=", "its algorithm"),
        ("v=1", "v=2", "malformed"),
        ("v=1", "v=1; q=http", "malformed"),
        ("v=1", "v=1; t=soon", "malformed"),
        ("v=1", "v=1; x=soon", "malformed"),
        ("v=1", "v=1; l=many", "malformed"),
        ("v=1", "v=1; i=@evil.test", "malformed"),
        ("v=1", "v=1; i=", "malformed"),
        ("c=relaxed/relaxed", "c=nowsp/relaxed", "canonicalisation"),
        ("c=relaxed/relaxed", "c=relaxed/nowsp", "canonicalisation"),
        ("s=sel", "s=../x", "selector"),
        ("bh=", "bh=!", "malformed"),
        ("bh=", "bh=!!!!", "bh="),
        ("v=1", "v=1; v=1", "no DKIM signature"),
        ("d=bakery.test", "d=bakery", "no DKIM signature"),
        ("d=bakery.test", "e=bakery.test", "no DKIM signature"),
    ],
)
def test_a_malformed_signature_does_not_count(good: str, bad: str, reason: str) -> None:
    raw = sign_with_tags(mail(), {}).replace(good.encode(), bad.encode(), 1)
    proof = prove(raw)
    assert not proof.verified and not proof.try_later and not proof.ambiguous
    assert reason in why(proof)


@pytest.mark.parametrize(
    "field", ["Subject: unlock evil.test", "Reply-To: mallory@evil.example", "From: mallory@evil.example",
              "To: help@desk.example", "Content-Type: text/html", "Date: Mon, 1 Jan 2024 00:00:00 +0000"]
)  # fmt: skip
def test_a_field_put_on_top_of_a_signed_mail_makes_it_unproved(field: str) -> None:
    """Row 7: an added Subject, Reply-To or Content-Type leaves a signature good, so doubles are refused here."""
    raw = mail(extra="Reply-To: alice@bakery.test\r\nContent-Type: text/plain\r\n")
    proof = prove(f"{field}\r\n".encode() + sign(raw))
    assert not proof.verified
    assert f"{field.partition(':')[0]} stands in the header more than once" in proof.reasons


def test_a_reply_to_added_to_a_signed_mail_changes_nothing() -> None:
    """It stays verified, because nobody is answered at a Reply-To."""
    assert prove(b"Reply-To: mallory@evil.example\r\n" + sign(mail())).verified


def test_one_good_signature_of_two_is_enough() -> None:
    assert prove(sign(sign(mail()), "evil.test", pem(rsa_key("evil")))).verified
    bad_on_top = sign(mail()).partition(b"\r\nFrom:")[0].replace(b"bh=", b"bh=AAAA") + b"\r\n" + sign(mail())
    assert prove(bad_on_top).verified


def test_only_ten_signatures_are_looked_at() -> None:
    bad = sign(mail()).partition(b"\r\nFrom:")[0].replace(b"bh=", b"bh=AAAA") + b"\r\n"
    assert prove(bad * 9 + sign(mail())).verified
    assert not prove(bad * 10 + sign(mail())).verified


def test_a_mail_replayed_to_another_desk_does_not_count() -> None:
    """Row 8: Alice wrote "please unlock" to somebody else, who sends it on to us with our envelope."""
    proof = prove(sign(mail(to="help@other.example")))
    assert "none of our addresses" in why(proof)


def test_a_signature_is_recognised_however_its_text_is_spelled() -> None:
    """Row 8: the desk remembers it by its bytes, so that a new fold or a new Message-ID does not make it another."""
    raw = sign(mail(), include_headers=[b"from", b"to", b"subject", b"date"])
    again = raw.replace(b"Message-ID: <1@", b"Message-ID: <2@").replace(b"b=", b"b=\r\n ", 1)
    first, second, other = prove(raw), prove(again.replace(b"\r\n b=", b"\r\n\tb=")), prove(sign(mail(subject="Hello")))
    assert first.verified and second.verified and first.copyable
    assert len(first.signatures) == 1 and first.signatures == second.signatures != other.signatures


def test_every_aligned_signature_of_a_believed_mail_is_remembered_and_no_other() -> None:
    """Whoever takes the topmost one off must not have a fresh one below it."""
    both = sign_with_tags(sign(mail()), {"s": "ed"}, ed25519_key())
    assert len(prove(sign(both, "evil.test", pem(rsa_key("evil")))).signatures) == 2
    assert prove(mail()).signatures == ()


def test_a_mail_that_its_own_server_brought_needs_no_fresh_signature() -> None:
    raw = sign(mail(to="undisclosed-recipients:;"))
    assert not prove(raw, peer="192.0.2.25", mail_from=ALICE).copyable


def test_our_address_in_a_display_name_is_not_a_recipient() -> None:
    """Mallory calls herself help@desk.example and resends Alice's answer to us."""
    for name in ('"help@desk.example"', "help@desk.example", '"a, help@desk.example, b"', "(help@desk.example)"):
        to = f"{name} <mallory@evil.example>"
        assert not prove(sign(mail(to=to))).verified, to


def test_our_address_in_an_unsigned_cc_is_not_a_recipient() -> None:
    raw = b"Cc: help@desk.example\r\n" + sign(mail(to="help@other.example"))
    assert "none of our addresses" in why(prove(raw))


def test_our_address_in_a_signed_cc_is_a_recipient() -> None:
    raw = mail(to="Bob <bob@bakery.test>, x: y@bakery.test;", extra="Cc: Desk <help+token@desk.example>\r\n")
    assert prove(sign(raw, include_headers=[b"from", b"subject", b"date", b"to", b"cc"])).verified


@pytest.mark.parametrize(("days", "verified"), [(-6, False), (-4, True), (0, True), (0.9, True), (1.5, False)])
def test_a_mail_written_too_long_ago_or_ahead_does_not_count(days: float, verified: bool) -> None:
    assert prove(sign(mail(date=NOW + timedelta(days=days)))).verified is verified


def test_a_date_that_is_not_signed_does_not_count_as_fresh() -> None:
    """The signing time t= stands in when Date is not signed, and no time at all is no proof."""
    names = "from:to:subject"
    old, new = (str(int((NOW - timedelta(days=days)).timestamp())) for days in (9, 0))
    assert not prove(sign_with_tags(mail(), {"h": names})).verified
    assert not prove(sign_with_tags(mail(), {"h": names, "t": old})).verified
    assert prove(sign_with_tags(mail(), {"h": names, "t": new})).verified


def test_spf_still_vouches_for_a_mail_that_was_written_to_somebody_else() -> None:
    proof = prove(sign(mail(to="undisclosed-recipients:;")), peer="192.0.2.25", mail_from=ALICE)
    assert proof.verified and proof.reasons == ("SPF: 192.0.2.25 may send for bakery.test",)


def test_dns_trouble_with_the_key_asks_for_another_look() -> None:
    """Row 75: no verdict now, and worth trying again before anybody is asked anything."""
    proof = prove(sign(mail()), resolver=Troubled("_domainkey"))
    assert not proof.verified and proof.try_later
    assert "the DKIM key of bakery.test could not be looked up" in proof.reasons
    assert describe(proof).endswith("; will be looked up again")


def test_dns_trouble_with_the_policy_takes_the_strict_reading() -> None:
    assert prove(sign(mail()), resolver=Troubled("_dmarc")).verified
    sub_domain = prove(sign(mail(), "mail.bakery.test"), resolver=Troubled("_dmarc"))
    assert not sub_domain.verified and sub_domain.try_later


def test_no_key_of_an_unaligned_signature_is_looked_up() -> None:
    resolver = Troubled("nothing")
    prove(sign(mail(), "evil.test", pem(rsa_key("evil"))), resolver=resolver)
    assert not [name for name, _ in resolver.asked if "evil" in name]


def test_a_domain_that_asks_for_rejection_is_told_to_staff() -> None:
    records = zone(_dmarc__bakery__test={"TXT": ["v=DMARC1; p=reject; sp=none"]})
    assert "bakery.test asks to reject such mail (DMARC p=reject)" in prove(mail(), resolver=records).reasons
    below = prove(mail(sender="alice@shop.bakery.test"), "alice@shop.bakery.test", resolver=records)
    assert "p=reject" not in why(below)


@pytest.mark.parametrize(("wanted", "disowned"), [("reject", True), ("quarantine", True), ("none", False), ("", False)])
def test_a_mail_that_its_domain_wants_refused_is_disowned_unless_something_vouches_for_it(
    wanted: str, disowned: bool
) -> None:
    """Row 46: such a mail was not written by whom it names, so nobody but a person of ours hears of it."""
    records = zone(_dmarc__bakery__test={"TXT": [f"v=DMARC1; p={wanted}"]})
    assert prove(mail(), resolver=records).disowned is disowned
    assert prove(b"Subject: two\r\n" + mail(), resolver=records).disowned is disowned
    assert not prove(sign(mail()), resolver=records).disowned
    assert not prove(mail(), resolver=Troubled("_dmarc", records)).disowned


def test_texts_of_the_sender_do_not_get_into_the_reasons() -> None:
    raw = b"DKIM-Signature: v=1; a=rsa-sha256; d=<b>evil</b>; s=x; h=from; bh=AA==; b=AA==\r\n" + mail()
    assert "<b>" not in why(prove(raw, mail_from="<b>@<i>", helo="<u>"))


@pytest.mark.parametrize("body", [
    b"", b"\r\n", b"\r\n\r\n", b"a", b"a\r\n", b"a\r\n\r\n", b" \r\n", b"a \r\n", b"a\t b\r\n", b"\r\n a\r\n",
    b"a\r\r\n", b"a\r", b"a\r\n\r", b"\r\r\n\r\n", b"a\nb\n\n", b"a\rb\r\n", b"  \r\n  \r\n", b"a\r\n\r\r\n\r\n",
])  # fmt: skip
@pytest.mark.parametrize("way", ["simple", "relaxed"])
def test_our_canonical_body_is_dkimpys(body: bytes, way: str) -> None:
    """Our own, for speed; it must never differ where dkimpy's is right."""
    from dkim.canonicalization import ALGORITHMS

    lines = dkim.rfc822_parse(b"From: x\r\n\r\n" + body)[1]
    assert canonical_body(body, way) == ALGORITHMS[way.encode()].canonicalize_body(lines)


def test_blanks_at_the_very_end_of_a_relaxed_body_do_not_count() -> None:
    assert canonical_body(b"a \t", "relaxed") == b"a\r\n"


def test_our_verdict_agrees_with_dkimpy_on_honest_and_changed_mails() -> None:
    def dns(name: bytes, timeout: int = 0) -> bytes:
        return record(rsa_key()).encode()

    signed = sign(mail(body="a line\r\n" * 20))
    for place in range(0, len(signed), 37):
        changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        if prove(changed).verified:
            assert dkim.verify(changed, dnsfunc=dns), changed
