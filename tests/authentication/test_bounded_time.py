"""Mails made to keep the desk busy are judged in a few seconds, however they are built."""

from __future__ import annotations

import time

import pytest

from tests.authentication.signing import ALICE, mail, prove, sign

MEGABYTE = 1024 * 1024
SECONDS = 5.0
"""Far above what each takes on an idle machine, far below what a quadratic step would."""


def signature(tags: str) -> str:
    return f"DKIM-Signature: v=1; a=rsa-sha256; d=bakery.test; s=sel; c=relaxed/relaxed; bh=AA==; {tags}\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        sign(mail()) + b" " * 10 * MEGABYTE,
        sign(mail()) + b" \t" * 5 * MEGABYTE + b"x\r\n",
        sign(mail()) + b"\r\n" * 5 * MEGABYTE,
        sign(mail()) + b"\r" * 10 * MEGABYTE,
        (sign(mail()).partition(b"\r\nFrom")[0] + b"\r\n") * 10 + mail(body="x " * 5 * MEGABYTE),
        mail(sender='"' + "\\a" * 30_000 + "<alice@bakery.test>"),
        mail(sender="a " * 30_000 + "alice@bakery.test"),
        mail(sender="(" * 60_000),
        mail(to='"' + "\\" * 60_000, extra=signature("h=from:to:subject:date; b=AA==")),
        mail(to="(" * 60_000),
        mail(to="help@desk.example, " * 5000),
        mail(extra=signature("h=from:subject; b=" + " \r\n" * 900 + " !") * 30),
        mail(extra=signature("h=" + "from:" * 700 + "subject; b=AA==") * 12),
        mail(extra=signature("h=from" + " " * 3500 + "subject; b=AA==") * 12),
        mail(extra=("X" * 60 + ": y\r\n") * 900 + signature("h=" + "x:" * 290 + "from:subject; b=AA==") * 12),
        mail(extra="Authentication-Results: mx.test; " + "dkim=pass (" * 350 + "\r\n") * 1,
        mail(extra=("Authentication-Results: mx.test; " + "a=b; " * 700 + "\r\n") * 20),
        mail(extra=("Received: " + " by" * 1000 + "\r\n") * 30),
        mail(extra="".join(f"ARC-Seal: i={n}; cv=pass; d=forwarder.test; b=AA==\r\n" for n in range(1, 300))),
        b"From: alice@bakery.test\r\n" + b" x\r\n" * 30_000,
        b"\r\n" * MEGABYTE,
        b"x" * 10 * MEGABYTE,
    ],
    ids=range(22),
)
def test_a_bomb_is_judged_quickly(raw: bytes) -> None:
    start = time.perf_counter()
    prove(raw, ALICE, trusted_authserv_ids=("mx.test",), trusted_arc_sealers=("forwarder.test",), peer="127.0.0.1")
    assert time.perf_counter() - start < SECONDS


def test_a_record_with_a_huge_key_is_not_computed_with() -> None:
    from tests.authentication.signing import why, zone

    record = {"TXT": ["v=DKIM1; p=" + "A" * 60_000]}
    proof = prove(sign(mail()), resolver=zone(sel___domainkey__bakery__test=record))
    assert "longer than any honest one" in why(proof)
