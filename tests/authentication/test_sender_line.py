"""The From line: what two programs could read differently is not believed, whoever signed it."""

from __future__ import annotations

import random
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.authentication import Origin, SenderProof, describe, domains
from bot.channels.authentication.fields import only_mailbox, read, same_address
from bot.settings import Authentication
from tests.authentication.signing import ALICE, NOW, mail, prove, sign, why, zone

GOOD_LINES = [
    "alice@bakery.test",
    "<alice@bakery.test>",
    "Alice Martin <alice@bakery.test>",
    '"Martin, Alice" <alice@bakery.test>',
    '"mallory@evil.test" <alice@bakery.test>',
    '"Alice \\"the baker\\"" <alice@bakery.test>',
    "=?utf-8?q?Alice_M=C3=A4rtin?= <alice@bakery.test>",
    "Alice Märtin <alice@bakery.test>",
    "alice@bakery.test (Alice Martin)",
    "Alice\r\n Martin\r\n <alice@bakery.test>",
    "A. J. Martin-O'Neil <alice@bakery.test>",
]


@pytest.mark.parametrize("line", GOOD_LINES)
def test_an_honest_from_line_has_one_reading(line: str) -> None:
    assert prove(sign(mail(sender=line))).verified


BAD_LINES = [
    "alice@bakery.test, mallory@evil.test",
    "mallory@evil.test, alice@bakery.test",
    "alice@bakery.test <mallory@evil.test>",
    "<alice@bakery.test> <mallory@evil.test>",
    "<mallory@evil.test> alice@bakery.test",
    "alice@bakery.test (<mallory@evil.test>)",
    "(alice@bakery.test) mallory@evil.test",
    "<@evil.test,@b.test:alice@bakery.test>",
    "<alice@bakery.test,mallory@evil.test>",
    "<alice@bakery.test>mallory@evil.test",
    "group: alice@bakery.test;",
    "group: alice@bakery.test, mallory@evil.test;",
    "alice@bakery.test@evil.test",
    '"alice@bakery.test"@evil.test',
    '"alice@bakery.test',
    "alice@bakery.test\\,mallory@evil.test",
    "alice(x)@bakery.test",
    "alice@(mallory@evil.test)bakery.test",
    "=?utf-8?b?YWxpY2VAYmFrZXJ5LnRlc3Q=?=",
    "=?utf-8?q?=22alice=40bakery=2Etest=22?= <mallory@evil.test>",
    "alice@bakery.test\0@evil.test",
    "alice@bakery.test\r <mallory@evil.test>",
    "alice@bakery.test;mallory@evil.test",
    "alice@[192.0.2.1]",
    "alice@bakery.test.",
    "alice@bakery",
    "alice",
    "",
    "<>",
    "(" * 500 + "alice@bakery.test",
    '"' * 501 + "<alice@bakery.test>",
]


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_from_line_with_two_readings_is_not_believed(line: str) -> None:
    """Rows 2 and 3, the tricks by which an authenticator and a reader are shown different senders."""
    for sender in (ALICE, "mallory@evil.test"):
        raw = mail(sender=line)
        proof = prove(raw, sender, peer="192.0.2.25", mail_from=ALICE, auth_user=sender)
        if not (sender.endswith("evil.test") and only_mailbox(read(raw)) == sender):
            assert not proof.verified and proof.ambiguous, proof


@pytest.mark.parametrize(
    "top",
    [
        "From: mallory@evil.test\r\n",
        "from: mallory@evil.test\r\n",
        "FROM:mallory@evil.test\r\n",
        "From : mallory@evil.test\r\n",
        "From\t: mallory@evil.test\r\n",
        "From\0: mallory@evil.test\r\n",
        "Subject: x\rFrom: mallory@evil.test\r\n",
        "Subject: x\r\r\nFrom: mallory@evil.test\r\n",
        " From: mallory@evil.test\r\n",
        "no field at all\r\n",
        "Fr\u00f6m: mallory@evil.test\r\n",
        ": empty\r\n",
    ],
)
@pytest.mark.parametrize("place", ["top", "bottom"])
def test_a_second_from_in_any_disguise_makes_the_sender_ambiguous(top: str, place: str) -> None:
    signed = sign(mail())
    raw = top.encode() + signed if place == "top" else signed.replace(b"\r\n\r\n", b"\r\n" + top.encode() + b"\r\n", 1)
    proof = prove(raw, peer="192.0.2.25", mail_from=ALICE)
    if place == "bottom" and top.startswith(" "):
        assert proof.verified  # the folded end of the Message-ID, for every reader
    else:
        assert not proof.verified and proof.ambiguous


@pytest.mark.parametrize(
    "name", ["Sender", "Subject", "Date", "Message-ID", "To", "Cc", "Content-Type", "Reply-To", "sUBJECT", "message-id"]
)
def test_a_doubled_field_is_not_believed(name: str) -> None:
    """Row 3."""
    raw = mail(extra=f"{name}: x\r\n{name}: x\r\n")
    proof = prove(raw, auth_user=ALICE)
    assert not proof.verified
    assert f"{name.title()} stands".lower() in why(proof).lower()


def test_the_one_from_line_must_be_written_the_usual_way() -> None:
    """Row 3: some programs read "From :", some don't, and some stop a field at a NUL."""
    for name in ("From ", "From\t", "From\0"):
        proof = prove(mail().replace(b"From", name.encode(), 1), auth_user=ALICE)
        assert not proof.verified and proof.ambiguous
    assert not prove(mail(subject="a\0b"), auth_user=ALICE).verified
    assert only_mailbox(read(b"From: alice@bakery.test\r\nFrom: alice@bakery.test\r\n\r\n")) == ""


def test_a_mail_without_from_is_not_believed() -> None:
    raw = mail().replace(b"From:", b"Reply-To:")
    assert prove(raw, auth_user=ALICE).reasons == ("the mail has no From line",)


def test_the_readers_own_doubt_is_enough() -> None:
    proof = prove(sign(mail()), unambiguous=False)
    assert not proof.verified and proof.ambiguous
    assert describe(proof) == "Sender NOT verified: the From line can be read in more than one way"


def test_a_sender_that_is_not_in_the_from_line_is_not_believed() -> None:
    assert not prove(sign(mail()), "bob@bakery.test").verified
    assert not prove(sign(mail()), "").verified


def test_an_mbox_line_on_top_is_no_field() -> None:
    assert prove(b"From alice@bakery.test Mon Jan  1 00:00:00 2024\r\n" + sign(mail())).verified


def test_an_international_domain_is_verified_by_its_a_labels() -> None:
    name = "b\u00e4ckerei.test"
    ascii_name = name.encode("idna").decode()
    records = zone(**{ascii_name: {"TXT": ["v=spf1 ip4:192.0.2.25 -all"]}})
    for written, sender in ((name, name), (name, ascii_name), (ascii_name, name)):
        raw = mail(sender=f"alice@{written}")
        proof = prove(raw, f"alice@{sender}", peer="192.0.2.25", mail_from=f"alice@{ascii_name}", resolver=records)
        assert proof.reasons == (f"SPF: 192.0.2.25 may send for {ascii_name}",)


@pytest.mark.parametrize(
    "twin",
    ["alice@b\u0430kery.test", "alice@\uff42akery.test", "\u0430lice@bakery.test", "al\u0131ce@bakery.test",
     "alice@bakery.test\u200b", "alice@bakery\u3002test"],
)  # fmt: skip
def test_a_look_alike_is_another_address(twin: str) -> None:
    """Rows 12 and 13: no Unicode folding, no compatibility mapping."""
    assert not same_address(twin, ALICE)
    assert not prove(sign(mail(sender=twin)), ALICE).verified


def test_a_header_too_big_is_not_read() -> None:
    assert "longer than any honest" in why(prove(mail(extra="X: " + "a" * 200_000 + "\r\n")))
    assert "more fields" in why(prove(mail(extra="X: a\r\n" * 1100)))


PIECES = st.sampled_from(
    ["alice@bakery.test", "mallory@evil.test", "<", ">", '"', ",", ";", ":", "(", ")", "\\", "@", " ", "\r\n ", "\r",
     "\0", "Alice", "=?utf-8?q?alice=40bakery.test?=", "bakery.test", "evil.test", ".", "\u00e4", "From:",
     "\r\nFrom: ", "\t"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_for_any_from_text_the_domain_used_is_the_domain_verified(text: str) -> None:
    """A host of evil.test may send for evil.test only: whoever the reader takes for the sender, it is not Alice."""
    raw = f"From: {text}\r\n".encode() + mail().partition(b"\r\n")[2]
    for sender in (ALICE, "mallory@evil.test"):
        proof = prove(raw, sender, peer="198.51.100.66", mail_from="mallory@evil.test")
        if proof.verified:
            assert sender == "mallory@evil.test"
            parsed = message_from_bytes(raw, policy=policy.default)["from"]
            assert [address.addr_spec for address in parsed.addresses] == [sender]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.text(max_size=40), st.text(max_size=40), st.booleans())
def test_no_bytes_make_it_raise(noise: bytes, sender: str, envelope: str, signed: bool) -> None:
    raw = sign(mail()) if signed else b""
    place = len(noise) * 7 % (len(raw) + 1)
    proof_of = SenderProof(
        Authentication(trusted_authserv_ids=("mx.test",), trusted_arc_sealers=("forwarder.test",)),
        zone(),
        lambda a: True,
    )
    proof = proof_of.of(raw[:place] + noise + raw[place:], sender, True, Origin(envelope, envelope, envelope), NOW)
    assert describe(proof)
    assert proof.verified or proof.reasons


def test_no_garbled_mail_makes_it_raise() -> None:
    """Two thousand signed mails, each with a few bytes overwritten, cut out or doubled."""
    chance = random.Random(7)
    whole = b"ARC-Seal: i=1; d=forwarder.test\r\nAuthentication-Results: mx.test; dmarc=pass header.from=a\r\n" + sign(
        mail()
    )
    options = {"trusted_authserv_ids": ("mx.test",), "trusted_arc_sealers": ("forwarder.test",)}
    for _ in range(2000):
        garbled = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(garbled))
            garbled[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        assert "could not be examined" not in why(prove(bytes(garbled), **options))  # type: ignore[arg-type]


def test_a_fault_of_a_library_is_no_proof_and_no_crash() -> None:
    class Broken:
        def lookup(self, name: str, record_type: str) -> tuple[str, ...]:
            raise RuntimeError("unexpected")

    proof = prove(sign(mail()), resolver=Broken())
    assert not proof.verified and proof.reasons == ("could not be examined (RuntimeError)",)


def test_names_are_normal_or_nothing() -> None:
    good = {"Bakery.TEST": "bakery.test", "bakery.test.": "bakery.test", "_x.bakery.test": "_x.bakery.test"}
    assert {name: domains.normal(name) for name in good} == good
    for bad in (
        "",
        ".",
        "test",
        "a..test",
        "-a.test",
        "a b.test",
        "192.0.2.1",
        "[192.0.2.1]",
        "a" * 64 + ".test",
        "a.test\n",
    ):
        assert domains.normal(bad) == "", bad
