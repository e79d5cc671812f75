"""Mails, keys and fixed DNS records for the tests of the proof of sender: real keys, real signatures, no network."""

from __future__ import annotations

import base64
import functools
import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime

import dkim
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from dkim.canonicalization import CanonicalizationPolicy

from bot.channels.authentication import Origin, SenderProof
from bot.channels.resolver import Resolver, ResolverTrouble, ZoneFile
from bot.settings import Authentication
from core.people import Proof

NOW = datetime.now(UTC).replace(microsecond=0)
ALICE = "alice@bakery.test"
MX = "192.0.2.25"
STRANGE = "198.51.100.66"

# 512 bits, made for this file with openssl: no library of today generates one so small.
SMALL_KEY = b"""-----BEGIN RSA PRIVATE KEY-----
MIIBOwIBAAJBAOO0gwtpfoIIkfHz6I/m7TMEfAdFNA4BR9PZA0JghkG+dq3JXGYR
64Scz47xrGNN3fexER/Zizmkh+ZOPmIc83cCAwEAAQJBALLuR0exd1rhNyZE/0wN
L/m2HWxtIhGbSgEb9+ayCO4hK/9qwkB/kSA57lYkN7xF1+r3gEYDIbvE9Uke/tNu
TKkCIQD/WUm1MeQ541Fgn3a7aZpHuq42kCCpf5KKepDshK9r/QIhAORJLQ1bIcU3
ejKK9FudfLTXLweSLQPLG3lpT/Lh68WDAiANVzzimpix7Y5y3eH2KK5G0RoI/761
HFUrpvurX8NKgQIgAtCEJa4B9JSChS0BZj/C0df1VHqQ44MVi6Gowq3WYlECIQC2
Xe3ZKRJhnJg0el0pfJNLiu/nfwGQ48f+orfmX2Oa7w==
-----END RSA PRIVATE KEY-----
"""
SMALL_PUBLIC = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOO0gwtpfoIIkfHz6I/m7TMEfAdFNA4B"
    "R9PZA0JghkG+dq3JXGYR64Scz47xrGNN3fexER/Zizmkh+ZOPmIc83cCAwEAAQ=="
)


@functools.cache
def rsa_key(name: str = "bakery") -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@functools.cache
def ed25519_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def pem(key: RSAPrivateKey) -> bytes:
    kind = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())


def record(key: RSAPrivateKey | Ed25519PrivateKey, extra: str = "") -> str:
    """The DNS record of a key; `extra` are tags such as "t=y; "."""
    if isinstance(key, Ed25519PrivateKey):
        raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; {extra}p={base64.b64encode(raw).decode()}"
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; {extra}p={base64.b64encode(der).decode()}"


def zone(**changes: dict[str, list[str]]) -> ZoneFile:
    """The records of bakery.test and of evil.test; a keyword "a__b" adds or replaces the name "a.b"."""
    names = {
        "sel._domainkey.bakery.test": {"TXT": [record(rsa_key())]},
        "ed._domainkey.bakery.test": {"TXT": [record(ed25519_key())]},
        "sel._domainkey.mail.bakery.test": {"TXT": [record(rsa_key())]},
        "sel._domainkey.evil.test": {"TXT": [record(rsa_key("evil"))]},
        "bakery.test": {"TXT": ["v=spf1 ip4:192.0.2.25 -all"], "MX": ["10 mx.bakery.test"]},
        "mail.bakery.test": {"TXT": ["v=spf1 ip4:192.0.2.25 -all"]},
        "mx.bakery.test": {"A": ["192.0.2.25"]},
        "evil.test": {"TXT": ["v=spf1 ip4:198.51.100.66 -all"]},
    }
    return ZoneFile.parse(names | {name.replace("__", "."): types for name, types in changes.items()})


def mail(
    sender: str = "Alice Martin <alice@bakery.test>",
    to: str = "help@desk.example",
    subject: str = "Please unlock bakery.test",
    date: datetime = NOW,
    extra: str = "",
    body: str = "Please unlock bakery.test\r\n\r\nAlice\r\n",
) -> bytes:
    text = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {format_datetime(date)}\r\n"
        f"Message-ID: <1@bakery.test>\r\n{extra}\r\n{body}"
    )
    return text.encode()


def sign(raw: bytes, domain: str = "bakery.test", key: bytes | None = None, **options: object) -> bytes:
    """The mail with a signature by dkimpy on top (relaxed/simple, all usual fields, RSA 2048)."""
    options.setdefault("include_headers", [b"from", b"to", b"subject", b"date", b"message-id"])
    return dkim.sign(raw, b"sel", domain.encode(), key or pem(rsa_key()), **options) + raw


def sign_with_tags(raw: bytes, tags: dict[str, str], key: RSAPrivateKey | Ed25519PrivateKey | None = None) -> bytes:
    """A signature with any tags, good in itself, also those that dkimpy would not write."""
    headers, body = dkim.rfc822_parse(raw)
    both = {"c": "relaxed/relaxed"} | tags
    policy = CanonicalizationPolicy.from_c_value(both["c"].encode())
    hashed = base64.b64encode(hashlib.sha256(policy.canonicalize_body(body)).digest()).decode()
    algorithm = "ed25519-sha256" if isinstance(key, Ed25519PrivateKey) else "rsa-sha256"
    defaults = {"v": "1", "a": algorithm, "d": "bakery.test", "s": "sel", "h": "from:to:subject:date", "bh": hashed}
    tags = defaults | both
    value = " " + "; ".join(f"{name}={text}" for name, text in tags.items()) + "; b="
    names = [name.encode() for name in tags["h"].split(":")]
    field = (b"DKIM-Signature", value.encode())
    digest = hashlib.sha256()
    dkim.hash_headers(digest, policy, policy.canonicalize_headers(headers), names, field, {})
    signature = base64.b64encode(_signature(key or rsa_key(), digest.digest())).decode()
    return f"DKIM-Signature:{value}{signature}\r\n".encode() + raw


def _signature(key: RSAPrivateKey | Ed25519PrivateKey, digest: bytes) -> bytes:
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(digest)
    return key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))


def ours(address: str) -> bool:
    return address.lower().endswith("@desk.example")


def prove(
    raw: bytes,
    sender: str = ALICE,
    *,
    peer: str = STRANGE,
    mail_from: str = "bounces@relay.test",
    helo: str = "relay.test",
    auth_user: str = "",
    host: str = "",
    unambiguous: bool = True,
    resolver: Resolver | None = None,
    now: datetime = NOW,
    **settings: object,
) -> Proof:
    """The proof of a mail that, unless told otherwise, came from a host that may send for nobody here."""
    proof = SenderProof(Authentication(**settings), resolver or zone(), ours)  # type: ignore[arg-type]
    return proof.of(raw, sender, unambiguous, Origin(peer, helo, mail_from, auth_user, host), now)


def why(proof: Proof) -> str:
    return "; ".join(proof.reasons)


class Troubled:
    """A resolver that can't get an answer about names that contain a text, and otherwise reads the zone."""

    def __init__(self, part: str, records: ZoneFile | None = None) -> None:
        self.part = part
        self.records = records or zone()
        self.asked: list[tuple[str, str]] = []

    def lookup(self, name: str, record_type: str) -> tuple[str, ...]:
        self.asked.append((name, record_type))
        if self.part in name:
            raise ResolverTrouble(name)
        return self.records.lookup(name, record_type)
