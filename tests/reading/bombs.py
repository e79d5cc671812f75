"""Mails made to be expensive, each far beyond a limit."""

# ruff: noqa: E501

from __future__ import annotations

import base64
import struct

_HEAD = b"From: Mallory <mallory@evil.example>\nSubject: My site\n"
_TEXT = b"Content-Type: text/plain; charset=utf-8\n\n"
_HTML = b"Content-Type: text/html; charset=utf-8\n\n"
_MIXED = b'Content-Type: multipart/mixed; boundary="b"\n\n'
_BOUNCE = b"From: MAILER-DAEMON@evil.example\nSubject: failure notice\nContent-Type: text/plain\n\n"
_TOKENS = b"\xff" + b"\x00\x0f" * 8
_LZ = b"\0" * 8 + b"LZFu" + b"\0" * 4 + _TOKENS * 1_000
_PROPERTY = struct.pack("<IHHII", 1, 0x102, 0x1009, 1, len(_LZ)) + _LZ
_RTF = b"\x78\x9f\x3e\x22\1\0" + struct.pack("<BII", 1, 0x69003, len(_PROPERTY)) + _PROPERTY + b"\0\0"
MEGABYTE = 1_000_000


def nested(depth: int, filling: bytes = b"Hello\n") -> bytes:
    levels = (b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (i, i) for i in range(depth))
    return _HEAD + b"".join(levels) + _TEXT + filling


def all_of_them() -> dict[str, bytes]:
    return {
        "nested parts": nested(5_000),
        "nested parts with ten megabytes inside": nested(99, b"x " * (5 * MEGABYTE)),
        "many parts": _HEAD + _MIXED + b"--b\n\nx\n" * 100_000,
        "many lines like a boundary": _HEAD + _MIXED + b"--b\n\nHello\n" + b"--bb\n" * 500_000 + b"--b--\n",
        "many fields": _HEAD + b"X-A: 1\n" * 200_000 + b"\nHello\n",
        "long field": _HEAD + b"X-A: " + b"a" * (5 * MEGABYTE) + b"\n\nHello\n",
        "many parentheses": b"From: " + b"(" * 50_000 + b"a@evil.example\n\nHello\n",
        "many quotes": b"From: " + b'"' * 50_000 + b"a@evil.example\n\nHello\n",
        "many angles": b"From: " + b"<" * 50_000 + b"a@evil.example\n\nHello\n",
        "many ats": b"From: " + b"@" * 50_000 + b"\n\nHello\n",
        "long local name": b"From: Alice <x> " + b"a" * 60_000 + b"\nMessage-ID: " + b"a" * 30_000 + b"\n\nHello\n",
        "bounce of dashes": _BOUNCE + b"-" * 64_000,
        "bounce of blank lines": _BOUNCE + b"\n" * 64_000,
        "bounce of letters": _BOUNCE + b"a" * 64_000,
        "long lines of ats": _HEAD + _TEXT + (b"<" + b"@" * 980 + b":\n") * 2_000,
        "long lines of letters": _HEAD + _TEXT + (b"From: " + b"a" * 980 + b"@:\n\n") * 2_000,
        "lines that share": _HEAD + _TEXT + (b"on 1 1:11" * 200 + b" wrote:\n") * 2_000,
        "phones": _HEAD + _TEXT + (b"sent from my " + b"android " * 15 + b"?\n") * 10_000,
        "yenc": _HEAD + _TEXT + b"=ybegin " + b"name=" * 1_000_000,
        "many winmails": _HEAD + _MIXED + (b"--b\nContent-Type: application/ms-tnef\n\n" + _RTF + b"\n") * 400,
        "many addresses": _HEAD + b"To: " + b", ".join(b"a%d@evil.example" % i for i in range(16_000)) + b"\n\nHello\n",
        "many encoded words": b"Subject: " + b" ".join([b"=?utf-8?q?=C3=A4?="] * 5_000) + b"\n\nHello\n",
        "question marks": b"Subject: " + b"=?utf-8?q?" * 9_000 + b"?" * 9_000 + b"\n\nHello\n",
        "many parameters": _HEAD + b"Content-Type: text/plain" + b"; a*0*=utf-8''x" * 6_000 + b"\n\nHello\n",
        "blank parameters": _HEAD + b"Content-Type: text/plain; a=" + b" \t" * 40_000 + b"b\n\nHello\n",
        "one line of text": _HEAD + _TEXT + b"a" * (10 * MEGABYTE),
        "one line of words": _HEAD + _TEXT + b"on 1/1/26 a wrote: " * 500_000,
        "many quoted lines": _HEAD + _TEXT + b"> a\n" * (2 * MEGABYTE),
        "many introductions": _HEAD + _TEXT + b"On 1/1/26 a@b.example wrote:\n> a\nb\n" * 100_000,
        "many labels": _HEAD + _TEXT + b"From:\n\n" * 200_000,
        "many dashes": _HEAD + _TEXT + b"-" * 900 + b"\n" + (b"-----\n" * 300_000),
        "deep quotes": _HEAD + _TEXT + b"".join(b">" * i + b" a\n" for i in range(3_000)),
        "flowed": _HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * MEGABYTE,
        "comments": _HEAD + _HTML + b"<!--" * 50_000,
        "deep markup": _HEAD + _HTML + b"<div>" * 200_000 + b"Hello",
        "deep quotes in markup": _HEAD + _HTML + b"<blockquote>x" * 70_000,
        "many attributes": _HEAD + _HTML + b"<p " + b" ".join(b"a%d=1" % i for i in range(100_000)) + b">Hello</p>",
        "many breaks": _HEAD + _HTML + b"<br>" * 250_000,
        "many entities": _HEAD + _HTML + b"&#" * 500_000,
        "many borders": _HEAD + _HTML + b'<div style="border-top:solid 1pt">' * 1_400 + b"a" + b"</div><b>x</b>" * 20_000,
        "many scripts": _HEAD + _HTML + b"<script>" * 120_000,
        "broken base64": _HEAD + b"Content-Transfer-Encoding: base64\n" + _TEXT + b"QUJ=\n" * (2 * MEGABYTE),
        "attachment": _HEAD
        + b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(b"x" * (7 * MEGABYTE)),
        "uuencoded": _HEAD + _TEXT + b"begin 644 a\n#86)C\n" * 200_000,
        "many begins": _HEAD + _TEXT + b"begin 644 a\nno\n" * 300_000,
        "carriage returns": _HEAD + _TEXT + b"\r" * (5 * MEGABYTE),
        "all bytes": bytes(range(256)) * 40_000,
        "zeros": b"\0" * (10 * MEGABYTE),
        "escapes": _HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B" * MEGABYTE,
        "calendar": _HEAD + b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n" + b'A;B="' * MEGABYTE,
        "winmail": _HEAD + b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\1\0" + b"\2\2\x90\6\0\0\0\0\0\0\0" * 400_000,
        "delivery status": _HEAD + b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822; a@b.example\n\n" * 200_000,
    }  # fmt: skip
