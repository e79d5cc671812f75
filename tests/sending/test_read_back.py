"""What our composer writes, our reading reads back as it was."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.compose import Headers, compose
from bot.channels.headers import clean_header
from bot.channels.reading.mail import read
from core.messages import Address, Attachment, Kind

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs", "P")), min_size=1, max_size=60)
LINES = st.lists(
    st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=80), min_size=1, max_size=8
)


def headers(subject: str, name: str) -> Headers:
    return Headers(
        from_name="Example Hosting Support",
        from_address="support@desk.example",
        to=Address("email", "alice@bakery.example", name),
        reply_to="support+aecvh74o2cegivqbvdj4gacrhv3kmlvg@desk.example",
        subject=subject,
        message_id="1.aecvh74o2cegivqbvdj4gacrhv3kmlvg@desk.example",
        references=("ticket-12345678@desk.example", "a@bakery.example"),
        in_reply_to="a@bakery.example",
        date=datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
        automatic=False,
        desk_loop="mark",
        marker="aecvh74o2cegivqbvdj4gacrhv3kmlvg",
    )


def folded(text: str) -> str:
    """White space is what mail programs may change."""
    return " ".join(clean_header(text).split())


@settings(max_examples=150, deadline=None)
@given(subject=WORDS, name=WORDS, lines=LINES, content=st.binary(max_size=300))
def test_a_mail_of_ours_reads_back_as_it_was_written(subject: str, name: str, lines: list[str], content: bytes) -> None:
    text = "\n".join(lines)
    file = Attachment("notes.bin", "application/octet-stream", content)
    mail = read(compose(text + "\n", f"<p>{len(lines)}</p>", headers(subject, name), (file,)))
    assert mail.sender is not None and mail.sender.address == "support@desk.example"
    assert folded(mail.subject) == folded(subject)
    assert [box.address for box in mail.to] == ["alice@bakery.example"]
    assert mail.message_id == "1.aecvh74o2cegivqbvdj4gacrhv3kmlvg@desk.example"
    assert mail.references == ("ticket-12345678@desk.example", "a@bakery.example")
    assert mail.marker == "aecvh74o2cegivqbvdj4gacrhv3kmlvg" and mail.desk_loop == "mark"
    assert mail.kind is Kind.PERSON and mail.sender_unambiguous
    assert mail.text.splitlines()[: len(lines)] == text.splitlines()
    assert [part.content for part in mail.attachments] == [content]
