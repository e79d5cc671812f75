"""Public keys of DKIM and ARC in DNS (RFC 6376 section 3.6.1, RFC 8463): read, and refused when they prove nothing.

The record is written by whoever signed, so its size is bounded before anything is computed with it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from dkim.util import InvalidTagValueList, parse_tag_value

from bot.channels.resolver import Resolver

SMALLEST_RSA = 1024
LARGEST_RSA = 8192
_LONGEST_RECORD = 4096


class DoesNotCount(Exception):
    """A signature (or its key) that proves nothing; the text says why, for staff."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    key: RSAPublicKey | Ed25519PublicKey
    exact_identity: bool
    """Flag t=s: the domain of i= must be the domain of d= itself."""

    def verifies(self, signature: bytes, digest: bytes) -> bool:
        """`digest` is the SHA-256 of the signed header fields; Ed25519 signs the digest itself (RFC 8463)."""
        try:
            if isinstance(self.key, RSAPublicKey):
                self.key.verify(signature, digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
            else:
                self.key.verify(signature, digest)
        except InvalidSignature:
            return False
        return True


def fetch(selector: str, domain: str, algorithm: str, resolver: Resolver) -> SigningKey:
    """The key of a signature whose a= is `algorithm`. Raises DoesNotCount and ResolverTrouble."""
    records = [text for text in resolver.lookup(f"{selector}._domainkey.{domain}", "TXT") if "p=" in text]
    if not records:
        raise DoesNotCount("its key is not in DNS")
    return parse(records[0], algorithm)


def parse(record: str, algorithm: str) -> SigningKey:
    """Raises DoesNotCount."""
    tags = _tags(record)
    flags = [flag.strip() for flag in tags.get("t", "").split(":")]
    if tags.get("v", "DKIM1") != "DKIM1":
        raise DoesNotCount("its key has an unknown version")
    if not tags.get("p"):
        raise DoesNotCount("its key was revoked")
    if "y" in flags:
        raise DoesNotCount("its key is marked as a test (t=y)")
    if not {"*", "email"} & {service.strip() for service in tags.get("s", "*").split(":")}:
        raise DoesNotCount("its key is not for mail")
    if "sha256" not in [name.strip() for name in tags.get("h", "sha256").split(":")]:
        raise DoesNotCount("its key does not allow SHA-256")
    if algorithm != f"{tags.get('k', 'rsa')}-sha256":
        raise DoesNotCount(f"its key is not one for {algorithm}")
    return SigningKey(_public_key(tags.get("k", "rsa"), tags["p"]), "s" in flags)


def _tags(record: str) -> dict[str, str]:
    if len(record) > _LONGEST_RECORD:
        raise DoesNotCount("its key record is longer than any honest one")
    try:
        tags = parse_tag_value(record.encode("ascii"))
    except (InvalidTagValueList, UnicodeError, IndexError):
        raise DoesNotCount("its key record can't be read") from None
    return {name.decode("ascii"): value.decode("ascii") for name, value in tags.items()}


def _public_key(kind: str, text: str) -> RSAPublicKey | Ed25519PublicKey:
    try:
        encoded = base64.b64decode("".join(text.split()), validate=True)
        if kind == "ed25519":
            return Ed25519PublicKey.from_public_bytes(encoded)
        key = serialization.load_der_public_key(encoded)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        raise DoesNotCount("its key can't be read") from None
    if not isinstance(key, RSAPublicKey):
        raise DoesNotCount("its key is not an RSA key")
    if key.key_size < SMALLEST_RSA:
        raise DoesNotCount(f"its key is too small ({key.key_size} bits)")
    if key.key_size > LARGEST_RSA:
        raise DoesNotCount("its key is larger than any honest one")
    return key
