"""ARC (RFC 8617): what a forwarder that the operator trusts saw before its own change broke the signatures.

A chain says nothing about the honesty of those who sealed it, so only the newest seal of a configured domain counts,
and then only that forwarder's own findings. dkimpy verifies the chain.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Sequence

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from bot.channels.authentication import domains, keys, results
from bot.channels.authentication.bodies import canonical_body
from bot.channels.authentication.fields import RawMail
from bot.channels.authentication.keys import DoesNotCount
from bot.channels.resolver import Resolver, ResolverTrouble

MOST_SEALS = 5
LARGEST_BODY = 8 * 1024 * 1024
"""dkimpy hashes the body again for each set of the chain."""
_LONGEST_FIELD = 4096
_RESULTS = re.compile(r"\s*i\s*=\s*\d+\s*;")
_SIGNED = ("from", "subject", "date")


def verdict(
    mail: RawMail, sealers: Sequence[str], domain: str, policy: domains.Policy, resolver: Resolver
) -> results.Verdict | None:
    """The findings of the newest sealer; None when there is no seal or none of a trusted domain.

    Raises DoesNotCount for a chain that claims a trusted sealer and does not hold, and ResolverTrouble.
    """
    seals = mail.values("arc-seal")
    sealer = _newest_sealer(seals)
    if not sealer or sealer not in {domains.normal(name) for name in sealers}:
        return None
    fields = [field for field in mail.fields if field.name.startswith("arc-")]
    if len(seals) > MOST_SEALS or len(fields) > 3 * MOST_SEALS or any(len(f.value) > _LONGEST_FIELD for f in fields):
        raise DoesNotCount("the ARC chain is longer than any honest one")
    if len(mail.body) > LARGEST_BODY:
        raise DoesNotCount("the mail is too large for its ARC chain to be verified")
    _covers_what_matters(mail)
    newest = _verified(mail, resolver)
    if domains.normal(newest["as-domain"].decode("ascii")) != sealer:
        raise DoesNotCount("the ARC chain names two newest sealers")
    found = newest["aar-value"].decode("ascii", "replace").strip()
    return results.read(_RESULTS.sub("", found, count=1), domain, policy)


def fingerprints(mail: RawMail) -> tuple[str, ...]:
    """SHA-256 (hex) of each signature that the forwarders put on the mail."""
    found = []
    for value in mail.values("arc-message-signature")[:MOST_SEALS]:
        try:
            signature = base64.b64decode("".join(_tags(value).get("b", "").split()), validate=True)
        except binascii.Error:
            continue
        if signature:
            found.append(hashlib.sha256(signature).hexdigest())
    return tuple(found)


def _newest_sealer(seals: Sequence[bytes]) -> str:
    tags = max(map(_tags, seals), key=_instance, default={})
    return domains.normal(tags.get("d", ""))


def _tags(value: bytes) -> dict[str, str]:
    """{} for what can't be read or is longer than any honest field."""
    try:
        tags = parse_tag_value(value) if len(value) <= _LONGEST_FIELD else {}
        return {name.decode("ascii"): text.decode("ascii") for name, text in tags.items()}
    except (InvalidTagValueList, UnicodeError, LookupError):
        return {}


def _instance(tags: dict[str, str]) -> int:
    return int(tags["i"]) if re.fullmatch(r"[0-9]{1,3}", tags.get("i", "")) else 0


def _verified(mail: RawMail, resolver: Resolver) -> dict[str, bytes]:
    """What dkimpy tells of the newest set of a chain that holds."""
    trouble: list[ResolverTrouble] = []
    try:
        chain = dkim.ARC(mail.header + b"\r\n\r\n", minkey=keys.SMALLEST_RSA)
        # The only way ARC signs; linear in time, unlike dkimpy's own.
        chain.body = canonical_body(mail.body, "relaxed")
        state, sets, _reason = chain.verify(dnsfunc=_keys_from(resolver, trouble))
    except (dkim.DKIMException, ValueError, LookupError, TypeError, AssertionError):
        state, sets = dkim.CV_Fail, []
    if trouble:
        raise trouble[0]
    if state != dkim.CV_Pass or not sets:
        raise DoesNotCount("the ARC chain does not hold")
    newest: dict[str, bytes] = sets[0]
    return newest


def _covers_what_matters(mail: RawMail) -> None:
    tags = max(map(_tags, mail.values("arc-message-signature")), key=_instance, default={})
    if "l" in tags:
        raise DoesNotCount("the ARC signature covers only the beginning of the body (l=)")
    signed = {name.strip().lower() for name in tags.get("h", "").split(":")}
    if not signed.issuperset(_SIGNED):
        raise DoesNotCount("the ARC signature leaves out From, Subject or Date")


def _keys_from(resolver: Resolver, trouble: list[ResolverTrouble]) -> Callable[..., bytes]:
    """dkimpy's hook for DNS. Keys that prove nothing, or would take long to compute with, are not there."""

    def txt(name: bytes, timeout: int = 0) -> bytes:
        try:
            selector, _, domain = name.decode("ascii").partition("._domainkey.")
            record = next(iter(resolver.lookup(f"{selector}._domainkey.{domain.rstrip('.')}", "TXT")), "")
            keys.parse(record, "rsa-sha256")
        except ResolverTrouble as error:
            trouble.append(error)
            return b""
        except (DoesNotCount, UnicodeError):
            return b""
        return record.encode("ascii")

    return txt
