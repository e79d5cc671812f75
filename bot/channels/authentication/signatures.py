"""DKIM: which signatures of the sender's domain stand on a message, and whether they prove it (RFC 6376, RFC 8463).

The tags and the canonical header come from dkimpy, the arithmetic from OpenSSL by way of cryptography (Ed25519
included). Beyond the RFC a signature proves nothing here when it covers the body in part (l=), has expired, leaves
out From or Subject, or was made for somebody else's mailbox and sent on to us.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import dkim
from dkim.canonicalization import CanonicalizationPolicy, InvalidCanonicalizationPolicyError
from dkim.util import InvalidTagValueList, parse_tag_value

from bot.channels.authentication import domains, keys
from bot.channels.authentication.bodies import Body
from bot.channels.authentication.fields import RawMail
from bot.channels.authentication.keys import DoesNotCount
from bot.channels.resolver import Resolver

MOST_SIGNATURES = 10
OLDEST = timedelta(days=5)
"""A queue gives up after five days; what is older was kept and sent again."""
NEWEST = timedelta(days=1)
_LONGEST_FIELD = 4096
_MOST_SIGNED_FIELDS = 300
_ALGORITHMS = ("rsa-sha256", "ed25519-sha256")
_SELECTOR = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_QUOTED_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*+"|\([^()]*+\)')
_ADDRESS = re.compile(r"[^\s<>(),:;\"@\[\]]++@[^\s<>(),:;\"@\[\]]++")
_MOST_RECIPIENTS = 500


@dataclass(frozen=True, slots=True)
class Signature:
    field: tuple[bytes, bytes]
    """Name and value exactly as they stand in the message."""
    tags: dict[bytes, bytes]
    domain: str
    """d= in its normal form."""
    signed: tuple[str, ...]
    """h= in lower case."""

    def text(self, tag: str, default: str = "") -> str:
        return self.tags.get(tag.encode(), default.encode()).decode("ascii", "replace")


Headers = list[list[bytes]]


def header_of(mail: RawMail) -> Headers:
    """Pairs of name and raw value. Raises DoesNotCount for a header that is none."""
    try:
        headers: Headers = dkim.rfc822_parse(mail.header + b"\r\n\r\n")[0]
    except (dkim.DKIMException, IndexError):
        raise DoesNotCount("the header is malformed") from None
    return headers


def signatures(headers: Headers) -> list[Signature]:
    """Those that can be read, topmost first."""
    found = []
    for name, value in headers:
        if name.lower() == b"dkim-signature" and len(value) <= _LONGEST_FIELD:
            signature = _read(name, value)
            if signature is not None:
                found.append(signature)
    return found


def _read(name: bytes, value: bytes) -> Signature | None:
    try:
        tags = parse_tag_value(value)
        domain = domains.normal(tags[b"d"].decode("utf-8"))
        signed = tuple(part.strip().lower() for part in tags[b"h"].decode("ascii").split(":"))
    except (InvalidTagValueList, UnicodeError, LookupError):
        return None
    return Signature((name, value), tags, domain, signed) if domain else None


def verify(signature: Signature, headers: Headers, body: Body, resolver: Resolver, now: datetime) -> None:
    """Returns when the signature is good. Raises DoesNotCount with the reason, and ResolverTrouble."""
    algorithm = signature.text("a")
    _well_formed(signature, now)
    _covers_what_matters(signature, headers)
    _body_unchanged(signature, body)
    selector = signature.text("s").lower()
    if not _SELECTOR.fullmatch(selector):
        raise DoesNotCount("its selector is not a name")
    key = keys.fetch(selector, signature.domain, algorithm, resolver)
    identity = domains.of_address(signature.text("i", f"@{signature.domain}"))
    if key.exact_identity and identity != signature.domain:
        raise DoesNotCount("it was made for a sub-domain, which its key forbids")
    if not key.verifies(_decoded(signature, "b"), _header_digest(signature, headers)):
        raise DoesNotCount("the header was changed or the key is another one")


def fingerprint(signature: Signature) -> str:
    """SHA-256 (hex) of the signature's own bytes, however its text is spelled; "" for one that can't be read."""
    try:
        return hashlib.sha256(_decoded(signature, "b")).hexdigest()
    except DoesNotCount:
        return ""


def _well_formed(signature: Signature, now: datetime) -> None:
    expiry = signature.text("x")
    if expiry.isdigit() and int(expiry) < now.timestamp():
        raise DoesNotCount("it has expired")
    if signature.text("a") not in _ALGORITHMS:
        raise DoesNotCount(f"its algorithm is not one of {', '.join(_ALGORITHMS)}")
    try:
        dkim.validate_signature_fields(signature.tags)
    except (dkim.DKIMException, ValueError, LookupError):
        raise DoesNotCount("it is malformed") from None


def _covers_what_matters(signature: Signature, headers: Headers) -> None:
    if len(signature.signed) > _MOST_SIGNED_FIELDS:
        raise DoesNotCount("it names more header fields than any honest one")
    present = {name.lower() for name, _ in headers}
    if "from" not in signature.signed:
        raise DoesNotCount("it leaves out From")
    if b"subject" in present and "subject" not in signature.signed:
        raise DoesNotCount("it leaves out Subject")


def _body_unchanged(signature: Signature, body: Body) -> None:
    policy = signature.text("c").partition("/")[2] or "simple"
    if policy not in ("simple", "relaxed"):
        raise DoesNotCount("its canonicalisation is unknown")
    hashed = body.hashed(policy)
    if b"l" in signature.tags:
        length = int(signature.text("l") or "0")
        if length < hashed.length:
            raise DoesNotCount("it covers only the beginning of the body (l=)")
        if length > hashed.length:
            raise DoesNotCount("the body was cut (l=)")
    if _decoded(signature, "bh") != hashed.digest:
        raise DoesNotCount("the body was changed")


def _decoded(signature: Signature, tag: str) -> bytes:
    try:
        return base64.b64decode("".join(signature.text(tag).split()), validate=True)
    except (binascii.Error, ValueError):
        raise DoesNotCount(f"its {tag}= can't be read") from None


def _header_digest(signature: Signature, headers: Headers) -> bytes:
    """SHA-256 over the signed fields and the signature itself without its b= (RFC 6376 section 3.7)."""
    try:
        policy = CanonicalizationPolicy.from_c_value(signature.tags.get(b"c", b"simple/simple"))
    except InvalidCanonicalizationPolicyError:
        raise DoesNotCount("its canonicalisation is unknown") from None
    digest = hashlib.sha256()
    # One From more than is named: a second From, wherever it was put, breaks every signature.
    names = [name.encode("ascii") for name in (*signature.signed, "from")]
    dkim.hash_headers(digest, policy, policy.canonicalize_headers(headers), names, signature.field, signature.tags)
    return digest.digest()


def for_us_and_fresh(signature: Signature, mail: RawMail, own_address: Callable[[str], bool], now: datetime) -> None:
    """Raises DoesNotCount for a mail that was perhaps written to another desk, or long ago, and is sent again to us.

    Only what the signature covers is looked at: the rest is the resender's to write.
    """
    signed_at = written(mail) if "date" in signature.signed else _signing_time(signature)
    within_days(signed_at, now)
    if not any(addressed_to(mail, name, own_address) for name in ("to", "cc") if name in signature.signed):
        raise DoesNotCount("none of our addresses is in its signed To or Cc: it may have been sent to somebody else")


def within_days(written_at: datetime | None, now: datetime) -> None:
    if written_at is None:
        raise DoesNotCount("the mail says nothing signed about when it was written")
    if not now - OLDEST <= written_at <= now + NEWEST:
        raise DoesNotCount("its date is too far from today: it may be an old mail sent again")


def written(mail: RawMail) -> datetime | None:
    """The Date field; one without a time zone is taken as UTC."""
    values = mail.values("date")
    if len(values) != 1 or len(values[0]) > 200:
        return None
    try:
        date = parsedate_to_datetime(values[0].decode("ascii"))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _signing_time(signature: Signature) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(signature.text("t")), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def addressed_to(mail: RawMail, name: str, own_address: Callable[[str], bool]) -> bool:
    """Whether one of our addresses is a recipient; a display name that looks like one ("us" <other>) is not."""
    text = b" ".join(mail.values(name)).decode("utf-8", "replace")
    pieces = re.split("[,;:]", _QUOTED_OR_COMMENT.sub(" ", text))
    addresses = (piece.rpartition("<")[2].partition(">")[0].strip() for piece in pieces[:_MOST_RECIPIENTS])
    return any(own_address(address) for address in addresses if _ADDRESS.fullmatch(address))
