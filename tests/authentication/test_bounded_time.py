"""Mails made to keep the desk busy are judged in time in step with their size, however they are built."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.authentication.signing import ALICE, mail, prove, sign
from tests.growth import assert_in_step

MEGABYTE = 1024 * 1024


def signature(tags: str) -> str:
    return f"DKIM-Signature: v=1; a=rsa-sha256; d=bakery.test; s=sel; c=relaxed/relaxed; bh=AA==; {tags}\r\n"


def bombs(n: int) -> Sequence[bytes]:
    """Each of them `n` fourths of its full size."""
    return [
        sign(mail()) + b" " * (n * 5 * MEGABYTE // 2),
        sign(mail()) + b" \t" * (n * 5 * MEGABYTE // 4) + b"x\r\n",
        sign(mail()) + b"\r\n" * (n * 5 * MEGABYTE // 4),
        sign(mail()) + b"\r" * (n * 5 * MEGABYTE // 2),
        (sign(mail()).partition(b"\r\nFrom")[0] + b"\r\n") * 10 + mail(body="x " * (n * 5 * MEGABYTE // 4)),
        mail(sender='"' + "\\a" * (n * 7_500) + "<alice@bakery.test>"),
        mail(sender="a " * (n * 7_500) + "alice@bakery.test"),
        mail(sender="(" * (n * 15_000)),
        mail(to='"' + "\\" * (n * 15_000), extra=signature("h=from:to:subject:date; b=AA==")),
        mail(to="(" * (n * 15_000)),
        mail(to="help@desk.example, " * (n * 1250)),
        mail(extra=signature("h=from:subject; b=" + " \r\n" * (n * 225) + " !") * 30),
        mail(extra=signature("h=" + "from:" * (n * 175) + "subject; b=AA==") * 12),
        mail(extra=signature("h=from" + " " * (n * 875) + "subject; b=AA==") * 12),
        mail(extra=("X" * 60 + ": y\r\n") * (n * 225) + signature("h=" + "x:" * 290 + "from:subject; b=AA==") * 12),
        mail(extra="Authentication-Results: mx.test; " + "dkim=pass (" * (n * 88) + "\r\n"),
        mail(extra=("Authentication-Results: mx.test; " + "a=b; " * (n * 175) + "\r\n") * 20),
        mail(extra=("Received: " + " by" * (n * 250) + "\r\n") * 30),
        mail(extra="".join(f"ARC-Seal: i={i}; cv=pass; d=forwarder.test; b=AA==\r\n" for i in range(1, n * 75))),
        b"From: alice@bakery.test\r\n" + b" x\r\n" * (n * 7_500),
        b"\r\n" * (n * MEGABYTE // 4),
        b"x" * (n * 5 * MEGABYTE // 2),
    ]


WHOLE = bombs(4)


@pytest.mark.parametrize("number", range(len(WHOLE)))
def test_a_bomb_is_judged_in_time_in_step_with_its_size(number: int) -> None:
    def judged(raw: bytes) -> None:
        options = {"trusted_authserv_ids": ("mx.test",), "trusted_arc_sealers": ("forwarder.test",)}
        prove(raw, ALICE, peer="127.0.0.1", **options)  # type: ignore[arg-type]

    assert_in_step(judged, lambda n: WHOLE[number] if n == 4 else bombs(n)[number])


def test_a_record_with_a_huge_key_is_not_computed_with() -> None:
    from tests.authentication.signing import why, zone

    record = {"TXT": ["v=DKIM1; p=" + "A" * 60_000]}
    proof = prove(sign(mail()), resolver=zone(sel___domainkey__bakery__test=record))
    assert "longer than any honest one" in why(proof)
