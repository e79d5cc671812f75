"""Text, HTML and headers become the exact bytes of one mail.

Acknowledgements are composed by the thousand, so headers and bodies are written directly (a fifteenth of what the
standard library's EmailMessage takes); tests hold every mail against the standard library's parser.
Bodies are quoted-printable or base64, never 8bit, so no relay has a reason to touch what was signed.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from bot.channels.headers import (
    address_field,
    capped,
    clean_header,
    file_parameter,
    ids_field,
    text_field,
)
from bot.channels.mailhtml import TRAILER, content_id
from core.messages import Address, Attachment


@dataclass(frozen=True, slots=True)
class Headers:
    """What one recipient's copy says in its head; ids stand without angle brackets, `date` knows its time zone."""

    from_name: str
    from_address: str
    to: Address
    reply_to: str
    subject: str
    message_id: str
    references: tuple[str, ...]
    in_reply_to: str
    date: datetime
    automatic: bool
    desk_loop: str
    list_unsubscribe: str = ""
    marker: str = ""
    """The reply token, shown as the last line: it survives programs that drop the headers."""
    also_sent_to: tuple[str, ...] = ()
    also_sent_label: str = "Also sent to:"


def compose(content_text: str, content_html: str, headers: Headers, attachments: Sequence[Attachment] = ()) -> bytes:
    """One mail in CRLF lines, ready to be signed and sent. Raises ValueError when an address of it is none."""
    notes = _notes(headers)
    pictures = [file for file in attachments if file.picture]
    files = [file for file in attachments if not file.picture]
    body = _alternative(_with_notes(content_text, notes), _html_with_notes(content_html, notes), pictures)
    if files:
        body = _multipart("mixed", [body, *map(_attachment, files)])
    return _head(headers).encode("utf-8") + body


def _head(headers: Headers) -> str:
    message_id = ids_field("Message-ID", [headers.message_id])
    if not message_id:
        raise ValueError("not a message id")
    fields = [
        address_field("From", headers.from_name, headers.from_address),
        address_field("To", headers.to.name, headers.to.value),
        address_field("Reply-To", headers.from_name, headers.reply_to) if headers.reply_to else "",
        text_field("Subject", headers.subject),
        f"Date: {format_datetime(headers.date)}",
        message_id,
        ids_field("In-Reply-To", [headers.in_reply_to]),
        ids_field("References", capped(headers.references)),
        *_automatic(headers),
        f"X-Desk-Loop: {_token(headers.desk_loop)}",
        "MIME-Version: 1.0",
    ]
    return "".join(f"{field}\r\n" for field in fields if field)


def _automatic(headers: Headers) -> list[str]:
    """What tells other robots not to answer (RFC 3834, Exchange, old ones), and people how to leave (RFC 2369)."""
    fields = []
    if headers.automatic:
        fields += ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", "Precedence: auto_reply"]
    if headers.list_unsubscribe:
        fields.append(f"List-Unsubscribe: <{_token(headers.list_unsubscribe).strip('<>')}>")
    return fields


def _token(value: str) -> str:
    """A value of ours (address, link, mark): printable ASCII without spaces, on one line that SMTP carries."""
    return re.sub(r"[^!-~]", "", value)[:900]


def _notes(headers: Headers) -> list[str]:
    notes = []
    if headers.also_sent_to:
        notes.append(f"{headers.also_sent_label} {', '.join(map(clean_header, headers.also_sent_to))}")
    if headers.marker:
        notes.append(f"Ref: {_token(headers.marker)}")
    return notes


def _with_notes(text: str, notes: Sequence[str]) -> str:
    text = _unix(text)
    if not notes:
        return text
    return text.rstrip("\n") + "\n\n" + "".join(f"{note}\n" for note in notes)


def _html_with_notes(html: str, notes: Sequence[str]) -> str:
    lines = "".join(f"<div>{escape(note)}</div>\n" for note in notes)
    before, found, after = _unix(html).rpartition(TRAILER)
    if not found:
        before, found, after = _unix(html).rpartition("</body>")
        return before + lines + found + after if found else after + lines
    return before + lines + after


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _alternative(text: str, html: str, pictures: Sequence[Attachment]) -> bytes:
    """Pictures belong to the page that shows them (RFC 2387)."""
    page = _text_part("html", html)
    if pictures:
        page = _multipart("related", [page, *map(_picture, pictures)])
    return _multipart("alternative", [_text_part("plain", text), page])


def _picture(picture: Attachment) -> bytes:
    head = (
        f"Content-Type: {picture.media_type}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{content_id(picture)}>\r\n"
        f"Content-Disposition: inline;\r\n {file_parameter(picture.filename)}\r\n\r\n"
    )
    return head.encode("ascii") + _base64(picture.content)


def _multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    """Its Content-Type and its parts; a boundary with "=_" occurs in no quoted-printable and no base64 body."""
    boundary = f"=_{secrets.token_hex(12)}".encode("ascii")
    opened = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    head = b"Content-Type: multipart/" + kind.encode("ascii") + b';\r\n boundary="' + boundary + b'"\r\n\r\n'
    return head + opened + b"--" + boundary + b"--\r\n"


def _text_part(kind: str, text: str) -> bytes:
    encoding, body = _encoded(text.encode("utf-8", "replace"))
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii") + body


_NOT_7BIT = re.compile(rb"[^\n\t -~]|[^\n]{79}|[ \t](?:\n|$)|^From ", re.MULTILINE)
_FROM = re.compile(rb"^From ", re.MULTILINE)  # old mailbox files write ">" before it, and break a signature


def _encoded(body: bytes) -> tuple[str, bytes]:
    """The encoding and the bytes, CRLF: as they are when every relay leaves them alone, else the shorter form."""
    if not _NOT_7BIT.search(body):
        return "7bit", body.replace(b"\n", b"\r\n")
    quoted = binascii.b2a_qp(body, istext=True)
    if len(quoted) > len(body) * 1.5 or _FROM.search(quoted):
        return "base64", _base64(body.replace(b"\n", b"\r\n"))
    return "quoted-printable", quoted.replace(b"\n", b"\r\n")


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


_MEDIA_TYPE = re.compile(r"(?!multipart/|message/)[a-z0-9][a-z0-9.+_-]{0,60}/[a-z0-9][a-z0-9.+_-]{0,60}")


def _attachment(attachment: Attachment) -> bytes:
    """Always to be saved, never shown in place; containers travel as mere bytes (RFC 2046 5.2.1: no base64 in them)."""
    media_type = attachment.media_type.lower()
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "application/octet-stream"
    head = (
        f"Content-Type: {media_type}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {file_parameter(attachment.filename)}\r\n\r\n"
    )
    return head.encode("ascii") + _base64(attachment.content)
