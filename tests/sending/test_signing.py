"""DKIM signatures, verified by dkimpy against keys as DNS publishes them."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.channels.dkimsign import signer
from bot.settings import SettingsError

from .test_composing import composed, read

Key = rsa.RSAPrivateKey | Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def written(key: Key, folder: Path) -> Path:
    path = folder / "dkim.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def published(key: rsa.RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    """The TXT record of the key."""
    if isinstance(key, Ed25519PrivateKey):
        public, kind = key.public_key().public_bytes_raw(), b"ed25519"
    else:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        public, kind = key.public_key().public_bytes(serialization.Encoding.DER, form), b"rsa"
    return b"v=DKIM1; k=" + kind + b"; p=" + base64.b64encode(public)


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def sign(rsa_key: rsa.RSAPrivateKey, tmp_path: Path) -> Callable[[bytes], bytes]:
    return signer(written(rsa_key, tmp_path), "s2026", "desk.example")


def verified(message: bytes, record: bytes) -> bool:
    asked = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    good = dkim.verify(message, dnsfunc=dns)
    assert asked == [b"s2026._domainkey.desk.example."]
    return bool(good)


MAIL = composed(
    text="Grüße\n\n  two  spaces \nFrom here\n.\n\n\n",
    subject="Ein langer Betreff, der über mehrere Zeilen geht, weil er so viele Wörter hat wie dieser hier",
    references=tuple(f"{number}@bakery.example" for number in range(40)),
    automatic=True,
)


def test_what_is_signed_verifies(sign: Callable[[bytes], bytes], rsa_key: rsa.RSAPrivateKey) -> None:
    signed = sign(MAIL)
    assert signed.endswith(MAIL)
    assert verified(signed, published(rsa_key))
    read(signed)
    head = signed.removesuffix(MAIL)
    assert head.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=desk.example; s=s2026;")
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))


def test_relays_may_refold_headers_and_touch_trailing_space(
    sign: Callable[[bytes], bytes], rsa_key: rsa.RSAPrivateKey
) -> None:
    signed = sign(MAIL).replace(b"Subject: ", b"SUBJECT:\r\n\t ").replace(b"\r\nDate: ", b"\r\nX-Relay: y\r\nDate:   ")
    assert verified(signed + b"\r\n\r\n", published(rsa_key))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hi", b"Ho"),
        (b"From: Example Hosting", b"From: Mallory"),
        (b"To: Alice", b"To: Mallory"),
        (b"Auto-Submitted: auto-replied", b"Auto-Submitted: no"),
        (b"From: Example", b"From: mallory@evil.example\r\nFrom: Example"),
        (b"Subject: ", b"Subject: Pay here\r\nSubject: "),
        (b"Date: ", b"Cc: mallory@evil.example\r\nDate: "),
        (b"multipart/alternative", b"text/html"),
    ],
)
def test_what_is_changed_or_added_on_the_way_breaks_the_signature(
    sign: Callable[[bytes], bytes], rsa_key: rsa.RSAPrivateKey, old: bytes, new: bytes
) -> None:
    mail = composed(automatic=True)
    changed = sign(mail).replace(old, new)
    assert old in mail
    assert not verified(changed, published(rsa_key))


@pytest.mark.parametrize(
    "mail",
    [
        b"From: a@desk.example\r\n\r\n",
        b"From: a@desk.example\r\n\r\n \r\n\r\n",
        b"From: a@desk.example\r\nReferences: <1@x.test>\r\nReferences: <2@x.test>\r\n\r\nHi",
    ],
)
def test_messages_of_any_shape_verify(sign: Callable[[bytes], bytes], rsa_key: rsa.RSAPrivateKey, mail: bytes) -> None:
    assert verified(sign(mail), published(rsa_key))


class _VerifyKey:
    """What dkimpy wants of PyNaCl, by `cryptography`: only the curve's arithmetic, all of DKIM stays dkimpy's."""

    def __init__(self, key: bytes, encoder: object = None) -> None:
        self.key = Ed25519PublicKey.from_public_bytes(base64.b64decode(key) if encoder else key)

    def verify(self, message: bytes, signature: bytes) -> bytes:
        self.key.verify(signature, message)
        return message


def test_ed25519_signatures_verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nacl = ModuleType("nacl")
    nacl.signing = SimpleNamespace(VerifyKey=_VerifyKey)  # type: ignore[attr-defined]
    nacl.encoding = SimpleNamespace(Base64Encoder=object())  # type: ignore[attr-defined]
    nacl.exceptions = SimpleNamespace(BadSignatureError=ValueError)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nacl", nacl)
    monkeypatch.setattr(dkim, "nacl", nacl, raising=False)
    key = Ed25519PrivateKey.generate()
    signed = signer(written(key, tmp_path), "s2026", "desk.example")(MAIL)
    assert b"a=ed25519-sha256" in signed
    assert verified(signed, published(key))


def test_a_key_that_cannot_be_used_stops_the_start(tmp_path: Path, rsa_key: rsa.RSAPrivateKey) -> None:
    (tmp_path / "text.pem").write_text("not a key")
    small = written(ec.generate_private_key(ec.SECP256R1()), tmp_path)
    for path in (tmp_path / "nothing.pem", tmp_path / "text.pem", small):
        with pytest.raises(SettingsError, match=r"email\.outgoing\.dkim_key"):
            signer(path, "s2026", "desk.example")
    with pytest.raises(SettingsError, match="dkim_selector"):
        signer(written(rsa_key, tmp_path), "", "desk.example")
