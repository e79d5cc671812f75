"""The bytes of a mail, held against the standard library's parser: whatever went in comes out, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.compose import Headers, compose
from bot.channels.headers import ascii_address, capped, clean_filename, clean_header
from core.messages import Address, Attachment

ONCE = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "X-Desk-Loop", "MIME-Version")


def headers(**changes: Any) -> Headers:
    values: dict[str, Any] = {
        "from_name": "Example Hosting",
        "from_address": "support@desk.example",
        "to": Address("email", "alice@bakery.example", "Alice Martin"),
        "reply_to": "support+q7x2@desk.example",
        "subject": "Your invoices",
        "message_id": "m1@desk.example",
        "references": ("t1@desk.example", "m0@bakery.example"),
        "in_reply_to": "m0@bakery.example",
        "date": datetime(2026, 3, 8, 12, 0, tzinfo=UTC),
        "automatic": False,
        "desk_loop": "desk-1",
    }
    return Headers(**{**values, **changes})


def composed(text: str = "Hi\n", html: str = "<p>Hi</p>\n", **changes: Any) -> bytes:
    attachments = changes.pop("attachments", ())
    return compose(text, html, headers(**changes), attachments)


def read(raw: bytes) -> EmailMessage:
    """Parse it, after checking what holds of every mail: CRLF only, short lines, one of each header, no defect."""
    assert raw.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    for name in ONCE:
        assert len(message.get_all(name, [])) <= 1, name
    for part in message.walk():
        assert part.defects == []
        assert all(not value.defects for value in part.values() if hasattr(value, "defects"))
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8").replace("\r\n", "\n")


def address(raw: bytes, name: str) -> tuple[str, str]:
    """Display name and address. The name by RFC 2047: policy.default of older Pythons keeps the space between words."""
    (parsed,) = read(raw)[name].addresses
    display_name, addr_spec = parseaddr(message_from_bytes(raw)[name].replace("\r\n", ""))
    decoded = str(make_header(decode_header(display_name)))
    assert addr_spec == parsed.addr_spec
    assert decoded.replace(" ", "") == parsed.display_name.replace(" ", "")
    return decoded, addr_spec


def test_a_mail_has_its_headers_once_and_both_bodies() -> None:
    message = read(composed(text="Grüße\n", html="<p>Grüße</p>\n"))
    assert message["From"] == "Example Hosting <support@desk.example>"
    assert message["To"] == "Alice Martin <alice@bakery.example>"
    assert message["Reply-To"] == "Example Hosting <support+q7x2@desk.example>"
    assert message["Subject"] == "Your invoices"
    assert message["Date"].datetime == datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
    assert message["Message-ID"] == "<m1@desk.example>"
    assert message["In-Reply-To"] == "<m0@bakery.example>"
    assert message["References"] == "<t1@desk.example> <m0@bakery.example>"
    assert message["X-Desk-Loop"] == "desk-1"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert body(message, "plain") == "Grüße\n"
    assert body(message, "html") == "<p>Grüße</p>\n"


def test_automatic_mail_says_so_to_other_robots_and_personal_mail_does_not() -> None:
    automatic = read(composed(automatic=True))
    assert automatic["Auto-Submitted"] == "auto-replied"
    assert automatic["X-Auto-Response-Suppress"] == "All"
    assert automatic["Precedence"] == "auto_reply"
    personal = read(composed())
    assert not {"Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "List-Unsubscribe"} & set(personal.keys())


def test_leaving_a_conversation_is_offered() -> None:
    message = read(composed(list_unsubscribe="mailto:support+leave@desk.example?subject=leave"))
    assert message["List-Unsubscribe"] == "<mailto:support+leave@desk.example?subject=leave>"


def test_the_marker_and_the_other_recipients_are_the_last_lines_of_both_bodies() -> None:
    changes = {"marker": "7kq2-99xz", "also_sent_to": ("bob@bakery.example", "<b>nina@stone.example")}
    page = "<html><body><p>Hi</p><div class=foot>\n<!--trailer-->\n</div></body></html>\n"
    message = read(composed("Hi\n\n", page, **changes))
    assert body(message, "plain") == "Hi\n\nAlso sent to: bob@bakery.example, <b>nina@stone.example\nRef: 7kq2-99xz\n"
    assert body(message, "html") == (
        "<html><body><p>Hi</p><div class=foot>\n"
        "<div>Also sent to: bob@bakery.example, &lt;b&gt;nina@stone.example</div>\n<div>Ref: 7kq2-99xz</div>\n"
        "\n</div></body></html>\n"
    )
    message = read(composed("Hi\n", "<html><body>Hi</body></html>", marker="m"))
    assert body(message, "html") == "<html><body>Hi<div>Ref: m</div>\n</body></html>"


def test_attachments_come_back_as_they_were_and_are_never_shown_in_place() -> None:
    sent = (
        Attachment("invoice.pdf", "application/pdf", b"%PDF\r\n\x00\xff"),
        Attachment("größe.txt", "text/plain", "ü\n".encode("latin-1"), inline=True),
        Attachment("../../etc/passwd", "text/html; x=\r\nBcc: mallory@evil.example", b""),
        Attachment("mail.eml", "message/rfc822", b"Subject: x\n\ny\n"),
    )
    message = read(composed(attachments=sent))
    assert message.get_content_type() == "multipart/mixed"
    parts = list(message.iter_attachments())
    assert [part.get_filename() for part in parts] == ["invoice.pdf", "größe.txt", "_.._etc_passwd", "mail.eml"]
    assert [part.get_payload(decode=True) for part in parts] == [attachment.content for attachment in sent]
    octets = "application/octet-stream"
    assert [part.get_content_type() for part in parts] == ["application/pdf", "text/plain", octets, octets]
    assert {part.get_content_disposition() for part in parts} == {"attachment"}
    assert body(message, "plain") == "Hi\n"


def test_domains_beyond_ascii_are_sent_as_a_labels() -> None:
    message = read(composed(to=Address("email", "alice@bäckerei.example", "")))
    assert message["To"] == "alice@xn--bckerei-5wa.example"


def test_a_local_part_beyond_ascii_stays_as_it_is() -> None:
    assert "To: 用户@desk.example\r\n".encode() in composed(to=Address("email", "用户@desk.example", ""))


@pytest.mark.parametrize(
    "address",
    ["", "alice", "@desk.example", "alice@", "a\r\nBcc: x@desk.example", "a@x.example\n", "a@b c", "a@" + "x" * 400],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    if address == "a@x.example\n":
        assert ascii_address(address) == "a@x.example"
    else:
        with pytest.raises(ValueError, match="not a mail"):
            composed(to=Address("email", address, ""))


def test_strange_local_parts_are_quoted() -> None:
    assert ascii_address("a b@x.example") == '"a b"@x.example'
    assert ascii_address('"a b"@x.example') == '"a b"@x.example'
    assert ascii_address("a,b>@x.example") == '"a,b>"@x.example'


def test_references_keep_the_first_and_the_newest() -> None:
    ids = [f"{number:03}-{'x' * 40}@desk.example" for number in range(100)]
    kept = capped(ids)
    assert kept[0] == ids[0] and kept[1:] == ids[-len(kept) + 1 :]
    assert 900 < len(" ".join(kept)) < 1100
    assert read(composed(references=tuple(ids)))["References"].split() == [f"<{one}>" for one in kept]


def test_ids_that_are_none_are_left_out() -> None:
    message = read(composed(references=("<a@b>", "x\r\nBcc: y", "", "ü@b", "a b", "a@b"), in_reply_to="> <"))
    assert message["References"] == "<a@b>"
    assert "In-Reply-To" not in message


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain\n", "7bit"),
        ("Grüße, and much more that is plain\n", "quoted-printable"),
        ("日本語の文章はこうして短くなる\n" * 3, "base64"),
        ("From here on\n", "base64"),
        ("x" * 2000 + "\n", "quoted-printable"),
        ("space at the end \n", "quoted-printable"),
    ],
)
def test_bodies_are_encoded_so_that_no_relay_has_to_touch_them(text: str, encoding: str) -> None:
    message = read(composed(text=text))
    part = message.get_body(("plain",))
    assert part is not None and part["Content-Transfer-Encoding"] == encoding
    assert body(message, "plain") == text


HOSTILE = (
    "x\r\nBcc: mallory@evil.example",
    "x\nBcc: mallory@evil.example",
    "x\rBcc: mallory@evil.example",
    "x\x00y\x0bz\x0c\x1c\x1d\x1e\x85\u2028\u2029",
    "=?utf-8?q?Hello=0D=0ABcc:_mallory@evil.example?=",
    '"><script>, "quoted" <mallory@evil.example>',
    "mallory@evil.example, bob@bakery.example",
    'back\\slash \\" (comment) [x] ; : ,',
    "\u202eelpmaxe",
    "a" * 5000,
    "ß" * 5000,
    "🥐" * 5000,
    " " * 10,
    "\ud800",
    "Re: " * 60,
    "=?",
    "?=",
    "=?utf-8?b?",
    "",
)


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_words_stay_inside_their_header(evil: str) -> None:
    raw = composed(
        text=evil,
        subject=evil,
        from_name=evil,
        to=Address("email", "alice@bakery.example", evil),
        desk_loop=evil,
        marker=evil,
        also_sent_to=(evil,),
        list_unsubscribe=evil,
        attachments=[Attachment(evil, evil, b"x")],
    )
    message = read(raw)
    assert "Bcc" not in message
    assert message["Subject"] == clean_header(evil)
    assert address(raw, "To") == (clean_header(evil), "alice@bakery.example")
    assert address(raw, "From") == (clean_header(evil), "support@desk.example")
    assert [part.get_filename() for part in message.iter_attachments()] == [clean_filename(evil)]


@settings(deadline=None)  # a busy machine is no error
@given(text=st.text(), subject=st.text(), name=st.text(), filename=st.text(), content=st.binary())
def test_whatever_goes_in_is_what_a_parser_reads(
    text: str, subject: str, name: str, filename: str, content: bytes
) -> None:
    raw = composed(
        text=text,
        html=text,
        subject=subject,
        from_name=name,
        to=Address("email", "alice@bakery.example", name),
        attachments=[Attachment(filename, "application/pdf", content)],
    )
    message = read(raw)
    assert message["Subject"] == clean_header(subject)
    assert address(raw, "To") == (clean_header(name), "alice@bakery.example")
    assert address(raw, "From") == (clean_header(name), "support@desk.example")
    expected = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    assert body(message, "plain") == body(message, "html") == expected
    (part,) = message.iter_attachments()
    assert part.get_filename() == clean_filename(filename)
    assert part.get_payload(decode=True) == content


@settings(deadline=None)  # a busy machine is no error
@given(st.text(st.characters(codec="ascii", exclude_categories=()), max_size=300))
def test_plain_ascii_subjects_survive_folding(subject: str) -> None:
    raw = composed(subject=subject)
    assert read(raw)["Subject"] == clean_header(subject)
    assert all(len(line) <= 78 for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))


def test_clean_header_keeps_one_line_of_at_most_200_characters() -> None:
    assert clean_header("  a\r\n\tb\x00\u202ec  d ") == "a b c d"
    assert len(clean_header("x" * 500)) == 200
