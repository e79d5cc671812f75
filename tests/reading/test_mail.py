"""What the parse document does not show: flags, marks and the staff's HTML."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from bot.channels.reading.mail import read
from bot.channels.reading.structure import take_apart
from bot.channels.reading.tnef import decompressed, text_of_rtf
from core.messages import Kind
from tests.reading import corpus

_TOKEN = "abcdefghijklmnopqrstuvwxyz234567"


def _mail(*fields: str, text: str = "Hello\n") -> bytes:
    return "\n".join(["From: Alice Martin <alice@bakery.example>", *fields, "", text]).encode()


@pytest.mark.parametrize("prefix", ["", "> ", ">> ", "  "])
def test_the_reference_line_is_found_in_quotes_too(prefix: str) -> None:
    assert read(_mail(text=f"Yes.\n\n{prefix}Ref: {_TOKEN}\n")).marker == _TOKEN


def test_the_reference_line_is_found_in_html() -> None:
    raw = _mail("Content-Type: text/html", text=f"<p>Yes.</p><blockquote><div>Ref: {_TOKEN}</div></blockquote>")
    assert read(raw).marker == _TOKEN


@pytest.mark.parametrize("text", ["Ref: short", f"XRef: {_TOKEN}", f"Ref: {_TOKEN.upper()}", f"Ref: {_TOKEN}{_TOKEN}"])
def test_what_is_no_token_is_no_reference(text: str) -> None:
    assert read(_mail(text=text)).marker == ""


def test_the_mark_of_a_desk_is_read_and_silences_the_desk() -> None:
    mail = read(_mail("X-Desk-Loop: desk.example"))
    assert mail.desk_loop == "desk.example"
    assert not mail.may_answer


@pytest.mark.parametrize(
    "field",
    [
        "Return-Path: <>",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "X-Auto-Response-Suppress: DR",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Feedback-ID: 1:bakery",
    ],
)
def test_some_headers_forbid_an_answer_and_prove_nothing(field: str) -> None:
    mail = read(_mail(field))
    assert not mail.may_answer
    assert not mail.auto_submitted
    assert mail.kind is Kind.PERSON


def test_a_person_may_be_answered() -> None:
    assert read(_mail("Return-Path: <alice@bakery.example>")).may_answer


def test_the_null_sender_of_the_envelope_forbids_an_answer() -> None:
    assert not read(_mail(), return_path="").may_answer
    assert read(_mail("Return-Path: <>"), return_path="alice@bakery.example").may_answer


@pytest.mark.parametrize(
    "address", ["noreply@bakery.example", "do-not-reply@bakery.example", "mailer-daemon@bakery.example"]
)
def test_addresses_that_nobody_reads_are_not_answered(address: str) -> None:
    assert not read(f"From: {address}\n\nHello\n".encode()).may_answer


@pytest.mark.parametrize(
    ("markup", "cleaned"),
    [
        ("<script>alert(1)</script>Hello", "Hello"),
        ('<img src="https://evil.example/1.gif">', "<img>"),
        ('<img src="cid:cake" onerror="alert(1)">', '<img src="cid:cake">'),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="//evil.example">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<p style="position:fixed" onclick="x()">Hello</p>', "<p>Hello</p>"),
        ("<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)"),
        ('<form action="https://evil.example"><input></form>', ""),
        ("<svg><a xlink:href='javascript:alert(1)'>x</a></svg>", ""),
        ("<iframe src='https://evil.example'></iframe><base href='https://evil.example'>", ""),
    ],
)
def test_the_staffs_html_runs_nothing_and_loads_nothing(markup: str, cleaned: str) -> None:
    html = read(_mail("Content-Type: text/html", text=markup)).html
    assert cleaned in html
    for forbidden in (
        "script",
        "onerror",
        "onclick",
        "javascript",
        "style",
        "evil.example",
        "<form",
        "<svg",
        "<iframe",
    ):
        assert forbidden not in html or forbidden in cleaned


def test_a_plain_mail_has_no_html() -> None:
    assert read(_mail()).html == ""


def test_attachments_keep_their_exact_bytes() -> None:
    raw = (
        b"From: alice@bakery.example\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: message/rfc822\n\n"
        b"Subject: in\r\nX:  two  blanks\r\n\r\nFrom here\r\n\n--b--\n"
    )
    assert read(raw).attachments[0].content == b"Subject: in\r\nX:  two  blanks\r\n\r\nFrom here\r\n"


_REPAIRED = ("file-uuencoded-part", "file-base64-damaged", "file-labelled-picture-is-a-page", "file-without-type")
_TREES = [n for n in corpus.names() if n.startswith(("file-", "apple", "mixed")) and n not in _REPAIRED]


@pytest.mark.parametrize("name", _TREES)
def test_the_tree_is_the_one_that_the_standard_library_finds(name: str) -> None:
    """Names aside, which it does not repair: as many leaves, as many bytes in each."""
    raw = corpus.mail(name)
    reference = message_from_bytes(raw, policy=policy.compat32)
    leaves = [part for part in reference.walk() if not part.is_multipart() and part.get_content_maintype() != "text"]
    sizes = sorted(len(part.get_payload(decode=True) or b"") for part in leaves)
    found = sorted(len(part.content) for part in read(raw).attachments if not part.media_type.startswith("text/"))
    assert found == sizes


@pytest.mark.parametrize("name", [name for name in corpus.names() if not name.startswith("bad-")])
def test_the_fields_are_those_that_the_standard_library_finds(name: str) -> None:
    raw = corpus.mail(name)
    reference = message_from_bytes(raw, policy=policy.compat32)
    found = take_apart(raw, []).fields
    assert [key for key, _ in found] == [key.lower() for key, _ in reference.raw_items()]
    assert ["".join(value.split()) for _, value in found] == ["".join(v.split()) for _, v in reference.raw_items()]


def test_compressed_rich_text_is_read() -> None:
    """The example of [MS-OXRTFCP] section 4.1.1."""
    example = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert text_of_rtf(decompressed(example), "cp1252") == "hello world"
