"""Promises that hold for every mail, tried on mails that nobody thought of."""

from __future__ import annotations

import json
import random
from email import policy
from email.header import Header
from email.message import EmailMessage

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.channels.reading.document import as_document
from bot.channels.reading.encoded_words import decode
from bot.channels.reading.lines import plain
from bot.channels.reading.mail import read
from bot.channels.reading.quotes import reply_of
from tests.reading import corpus, fuzz

_PRINTABLE = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Zs", "M")), min_size=1, max_size=40
)
_WORDS = st.lists(_PRINTABLE, min_size=1, max_size=8).map(" ".join)
_FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_FEW
@given(st.binary(max_size=4_000))
def test_any_bytes_become_a_document(raw: bytes) -> None:
    document = as_document(read(raw))
    assert json.loads(json.dumps(document)) == document


@_FEW
@given(st.binary(max_size=300), st.sampled_from(["base64", "quoted-printable", "x-uuencode", "7bit", ""]))
def test_any_body_in_any_transfer_encoding_becomes_text(body: bytes, encoding: str) -> None:
    raw = b"From: alice@bakery.example\nContent-Transfer-Encoding: %s\n\n%s" % (encoding.encode(), body)
    mail = read(raw)
    assert mail.sender is not None
    assert "\0" not in mail.text


@_FEW
@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_charset_label_gives_text_without_lone_surrogates(body: bytes, label: str) -> None:
    raw = b'Content-Type: text/plain; charset="%s"\n\n%s' % (label.encode("utf-8", "replace"), body)
    read(raw).text.encode("utf-8")


@_FEW
@given(_WORDS)
def test_an_encoded_subject_reads_back(words: str) -> None:
    assert decode(Header(words, "utf-8", maxlinelen=40).encode()) == words


@_FEW
@given(name=_WORDS, subject=_WORDS, text=_WORDS, filename=_PRINTABLE)
def test_what_the_standard_library_composes_reads_back(name: str, subject: str, text: str, filename: str) -> None:
    letter = EmailMessage(policy=policy.SMTP)
    letter["To"] = "help@desk.example"
    letter["Subject"] = subject
    letter.set_content(f"{name}\n{text}\n")
    letter.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename=f"a{filename}.pdf")
    mail = read(letter.as_bytes())
    assert "".join(mail.subject.split()) == "".join(subject.split())  # its composer loses blanks between words
    assert mail.text.replace("\r\n", "\n").split() == f"{name}\n{text}\n".split()
    assert [part.content for part in mail.attachments] == [b"%PDF-"]


@_FEW
@given(
    st.lists(
        st.sampled_from(
            ["Hello", "", "> quoted", "-- ", "On 1/1/26 a@b.example wrote:", "From: a@b.example", "Sent: 1.1.26"]
        )
    )
)
@example(["From: a@b.example", "Hello", "Sent: 1.1.26", "> quoted"])
def test_the_reply_is_made_of_lines_of_the_text_and_not_empty_where_somebody_wrote(lines: list[str]) -> None:
    reply = reply_of(plain("\n".join(lines)))
    assert set(reply.split("\n")) <= {line.rstrip() for line in lines} | {""}
    if "Hello" in lines:
        assert reply


def test_a_few_hundred_damaged_mails_of_the_corpus_are_read() -> None:
    random_ = random.Random(4711)
    seeds = [corpus.mail(name) for name in corpus.names()]
    for _, raw in zip(range(400), fuzz.mails(random_, seeds), strict=False):
        assert fuzz.complaint(raw) == ""
