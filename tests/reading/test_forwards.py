"""Whom and what a mail passes on: every mail of tests/reading/forwards reads as the file beside it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.reading.forwards import MOST_ATTACHED, Passed, passed_on
from bot.channels.reading.mail import read
from tests.reading.corpus import differences

FOLDER = Path(__file__).parent / "forwards"


def document(passed: Passed) -> dict[str, Any]:
    return {
        "senders": [box.address for box in passed.senders],
        "name": passed.senders[0].name if passed.senders else "",
        "others": [box.address for box in passed.others],
        "subject": passed.subject,
        "date": passed.date,
        "text": passed.text,
        "marked": passed.marked,
        "automatic": passed.automatic,
        "files": [part.filename for part in passed.files],
        "message_id": passed.message_id,
    }


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.eml")))
def test_reads_as_the_file_beside_it_says(name: str) -> None:
    found = passed_on(read((FOLDER / f"{name}.eml").read_bytes()))
    wanted = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert differences(wanted, {"comment": found.comment, "mails": [document(one) for one in found.mails]}) == []


def test_the_corpus_has_every_program_and_language() -> None:
    names = {path.stem for path in FOLDER.glob("*.eml")}
    assert names == {path.stem for path in FOLDER.glob("*.json")} and len(names) >= 60
    for program in ("gmail", "outlook", "apple", "thunderbird"):
        assert {f"{program}-{language}" for language in ("en", "de", "fr", "es", "it", "nl", "pl", "pt")} <= names


def test_of_a_crowd_of_attached_mails_only_so_many_are_opened() -> None:
    part = b"--x\nContent-Type: message/rfc822\n\nFrom: alice@bakery.example\nSubject: One\n\nHello\n"
    head = b"From: sam@desk.example\nSubject: Fwd: many\nContent-Type: multipart/mixed; boundary=x\n\n"
    assert len(passed_on(read(head + part * (MOST_ATTACHED + 5) + b"--x--\n")).mails) == MOST_ATTACHED


@pytest.mark.parametrize(
    "line", ["From: a@b.example Date: 1 To: c Subject: d ", "> ", "From: ", "---------- Forwarded message ---------\n"]
)
def test_a_text_made_of_headers_is_read_all_the_same(line: str) -> None:
    text = "Subject: Fwd: x\nFrom: sam@desk.example\n\n" + (line + "\n") * 20_000
    assert len(passed_on(read(text.encode())).mails) <= 1


PIECES = (
    "---------- Forwarded message ---------", "Begin forwarded message:", "> ", ">", "From:", "From: Al <a@b.example>",
    "Von: a@b.example", "Sent: 1.1.2026", "Date:", "To: c@d.example", "Subject: x", "", "________", "-- ", "Hello",
    "On 1.1.2026 a@b.example wrote:", "\t", "：", "*From:* <<a@b.example>>", "Reply-To: e@f.example", "#note", "\ufeff",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("\n".join), st.sampled_from(["Fwd: x", "RE: x", "x", "WG:"]))
def test_any_mixture_is_read_and_every_address_in_it_is_whole(text: str, subject: str) -> None:
    raw = f"From: sam@desk.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode()
    for one in passed_on(read(raw)).mails:
        assert all(box.address.count("@") == 1 and " " not in box.address for box in (*one.senders, *one.others))
        assert set(one.text.replace("\ufeff", "").split()) <= set(text.replace("\ufeff", "").split()) | {">"}
