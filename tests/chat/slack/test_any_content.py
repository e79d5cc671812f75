"""Whatever a reply holds: Slack takes it, every word arrives, and no word of it calls anybody."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack import blocks, mrkdwn, typed
from bot.channels.slack.composer import messages
from core.content import (
    Actions,
    Block,
    Bold,
    Button,
    Code,
    Content,
    Fact,
    Facts,
    Heading,
    Items,
    LineBreak,
    Link,
    Paragraph,
    Pre,
    Quote,
    Spans,
    Table,
    Text,
    spans_of,
)
from tests.chat.slack import kit

WORDS = st.text(st.sampled_from("ab<>&@!#|*_~`: \nü€😀\u00a0/.-"), min_size=1, max_size=40) | st.just("w" * 3500)
LABEL = WORDS.map(lambda words: " ".join(words.split()) or "x")
SPAN = st.one_of(
    WORDS.map(Text),
    LABEL.map(Bold),
    LABEL.map(Code),
    st.just(LineBreak()),
    LABEL.map(lambda w: Link(w, "https://x.y/")),
)
SPANS = st.lists(SPAN, min_size=1, max_size=8).map(tuple)
TABLE = st.integers(1, 4).flatmap(
    lambda width: st.builds(
        Table,
        st.tuples(*[LABEL] * width) | st.just(()),
        st.lists(st.tuples(*[SPANS] * width), min_size=1, max_size=5).map(tuple),
    )
)
BLOCK: st.SearchStrategy[Block] = st.one_of(
    SPANS.map(Paragraph),
    SPANS.map(Quote),
    LABEL.map(Heading),
    WORDS.map(Pre),
    TABLE,
    st.lists(st.builds(Fact, LABEL, SPANS), min_size=1, max_size=5).map(lambda rows: Facts(tuple(rows))),
    st.lists(SPANS, min_size=1, max_size=9).map(lambda items: Items(tuple(items))),
    st.lists(st.builds(Button, LABEL, LABEL), min_size=1, max_size=30).map(lambda found: Actions(tuple(found))),
)


def letters(text: str) -> str:
    """What must not be lost: letters, in their order."""
    return "".join(re.findall(r"[abwü€😀]", html.unescape(text)))


def said(spans: Spans) -> str:
    return letters("".join(span.text for span in spans))


@settings(max_examples=60)
@given(st.lists(BLOCK, min_size=1, max_size=12))
def test_slack_takes_it_and_nobody_is_called(content: list[Block]) -> None:
    calls = list(messages(blocks.blocks(Content("", tuple(content)), "m" * 32, lambda text: text), "m" * 32))
    shown = ""
    for call in calls:
        parts = call["arguments"]["blocks"]
        if parts:
            assert kit.message_problems(parts) == []
        texts = list(kit.texts(parts))
        assert [mark for text in texts for mark in kit.calls(text)] == []
        assert [
            mark for text in texts for mark in re.findall(r"<([^>]*)>", text) if not mark.startswith("https:")
        ] == []
        shown += "".join(re.sub(r"<https://x\.y/\|([^>]*)>", r"\1", text) for text in texts)
    words = "".join(said(tuple(spans_of(block))) for block in content if isinstance(block, (Paragraph, Quote, Items)))
    if all(isinstance(block, (Paragraph, Quote, Items)) for block in content):
        assert letters(shown) == words


@given(st.text(max_size=200))
def test_what_is_escaped_on_the_way_out_is_read_back_on_the_way_in(text: str) -> None:
    assert typed.plain(mrkdwn.escaped(text)) == text.strip()


@given(st.text(max_size=300))
def test_any_text_of_slack_is_read(text: str) -> None:
    assert isinstance(typed.plain(typed.without_mention(text, "U0BOT")), str)
