"""DKIM signatures on what we send (RFC 6376, Ed25519 by RFC 8463).

Canonicalisation is dkimpy's, the signature is made by `cryptography`: the RSA of dkimpy is plain Python and takes a
dozen times as long. relaxed/relaxed, since relays on the way refold headers and touch trailing space.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from dkim.canonicalization import Relaxed

from bot.settings import SettingsError

_ONCE = ("from", "to", "cc", "reply-to", "subject", "date", "message-id")
"""Signed once more than they occur, so that none can be added on the way (RFC 6376 8.15)."""
_IF_THERE = (
    "in-reply-to",
    "references",
    "auto-submitted",
    "list-unsubscribe",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
)
_FIELD = re.compile(rb"([!-9;-~]+):((?:[^\r\n]|\r\n[ \t])*)\r\n")
_SMALLEST_RSA = 1024

Field = tuple[bytes, bytes]


def signer(key_pem_path: str | Path, selector: str, domain: str) -> Callable[[bytes], bytes]:
    """A function that puts a DKIM-Signature before a message (CRLF lines).

    Raises SettingsError when the key can't be read or is neither RSA (1024 bits or more) nor Ed25519.
    """
    algorithm, sign = _signature(_key(Path(key_pem_path)))
    if not selector:
        raise SettingsError("email.outgoing.dkim_selector: missing; write the name under which the key is in DNS")

    def signed(message: bytes) -> bytes:
        head, _, body = message.partition(b"\r\n\r\n")
        fields = [(name.lower(), value) for name, value in _FIELD.findall(head + b"\r\n")]
        names = _to_sign([name.decode("ascii") for name, _ in fields])
        value = (
            f" v=1; a={algorithm}; c=relaxed/relaxed; d={domain}; s={selector};\r\n"
            f" t={int(time.time())}; {_folded_names(names)};\r\n"
            f" bh={_body_hash(body)};\r\n b="
        ).encode("ascii")
        signature = sign(_signed_bytes(fields, names, value))
        return b"DKIM-Signature:" + value + _folded_base64(signature) + b"\r\n" + message

    return signed


def _key(path: Path) -> RSAPrivateKey | Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError(f"email.outgoing.dkim_key: {path} is no readable PEM private key: {error}") from None
    if isinstance(key, Ed25519PrivateKey) or isinstance(key, RSAPrivateKey) and key.key_size >= _SMALLEST_RSA:
        return key
    raise SettingsError(f"email.outgoing.dkim_key: {path} is neither an RSA key of 1024 bits or more nor Ed25519")


def _signature(key: RSAPrivateKey | Ed25519PrivateKey) -> tuple[str, Callable[[bytes], bytes]]:
    if isinstance(key, RSAPrivateKey):
        rsa = key
        return "rsa-sha256", lambda data: rsa.sign(data, PKCS1v15(), hashes.SHA256())
    ed25519 = key
    return "ed25519-sha256", lambda data: ed25519.sign(hashlib.sha256(data).digest())


def _to_sign(present: Sequence[str]) -> list[str]:
    once = [name for name in _ONCE for _ in range(present.count(name) + 1)]
    return once + [name for name in _IF_THERE for _ in range(present.count(name))]


def _signed_bytes(fields: Sequence[Field], names: Sequence[str], own_value: bytes) -> bytes:
    """The named fields, each name taking the next one from below, then the signature's own without its value."""
    below = list(reversed(fields))
    chosen = []
    for name in names:
        found = next((field for field in below if field[0] == name.encode("ascii")), None)
        if found:
            below.remove(found)
            chosen.append(found)
    canonical = Relaxed.canonicalize_headers([*chosen, (b"dkim-signature", own_value)])
    return b"".join(name + b":" + value for name, value in canonical).removesuffix(b"\r\n")


def _body_hash(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(Relaxed.canonicalize_body(body)).digest()).decode("ascii")


def _folded_names(names: Sequence[str]) -> str:
    lines = [names[at : at + 5] for at in range(0, len(names), 5)]
    return "h=" + ":\r\n ".join(":".join(line) for line in lines)


def _folded_base64(signature: bytes) -> bytes:
    text = base64.b64encode(signature)
    return b"\r\n ".join(text[at : at + 72] for at in range(0, len(text), 72))
