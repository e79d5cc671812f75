"""Replies as Slack shows them: every template in every language within Slack's limits, nothing lost, nobody called."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import i18n
from bot.channels.slack import blocks, mrkdwn
from bot.channels.slack.composer import SlackComposer, messages
from bot.templating import Templates
from core.content import Actions, Button, Content, Items, Paragraph, Pre, Quote, Table, Text, parse
from core.messages import Address, Attachment, say
from core.post import Draft
from tests import samples
from tests.chat.slack import kit

SAMPLES = samples.collect()
SHARED: dict[str, object] = {
    "desk": SimpleNamespace(name="Example Hosting", address="help@desk.example", time_zone=ZoneInfo("Europe/Paris"))
}
MARKER = "aecvh74o2cegivqbvdj4gacrhv3kmlvg"
DRAFT = Draft(
    replies=(),
    to=Address("slack", "T0DESK/U0ALICE", "Alice Martin"),
    language="en",
    from_name="Example Hosting Support",
    from_address="support@desk.example",
    reply_to="",
    subject="",
    tag="",
    message_id="1@desk.example",
    date=datetime(2026, 11, 25, tzinfo=UTC),
    automatic=True,
    desk_loop="x",
    marker=MARKER,
)


@pytest.fixture(scope="module")
def composer() -> SlackComposer:
    return SlackComposer(Templates(), lambda: SHARED)


def problems(calls: list[dict[str, Any]]) -> list[str]:
    found = []
    for call in calls:
        arguments = call["arguments"]
        found += kit.message_problems(arguments["blocks"]) + kit.calls(arguments["text"])
        found += [mark for text in kit.texts(arguments["blocks"]) for mark in kit.calls(text)]
        found += [] if arguments["text"] and len(arguments["text"]) <= 40_000 else ["text"]
    return found


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_reply_in_every_language_is_as_slack_wants_it(composer: SlackComposer, name: str) -> None:
    for sample in SAMPLES[name]:
        for language in i18n.LANGUAGES:
            draft = dataclasses.replace(DRAFT, replies=(say(name, **sample),), language=language)
            composed = composer.compose(draft)
            calls = json.loads(composed.payload)
            assert problems(calls) == [], (name, language)
            assert bool(composed.text) is not composed.secret


def rendered(content: Content, marker: str = MARKER) -> list[dict[str, Any]]:
    return list(messages(blocks.blocks(content, marker, lambda text: text), marker))


def read(calls: list[dict[str, Any]]) -> str:
    """The words of all messages, as a person reads them."""
    shown = [words for call in calls for block in call["arguments"]["blocks"] for words in kit.texts([block])]
    return html.unescape(" ".join(shown))


def test_words_of_a_stranger_call_nobody_and_lead_nowhere() -> None:
    evil = "<!channel> <@U0BOB> <https://evil.example|bank> & <b>*not bold*</b> @here ```x``` `y`"
    spans = (Text(evil),)
    content = Content(
        "",
        (
            Paragraph(spans),
            Quote(spans),
            Pre(evil),
            Items((spans, spans)),
            Table((evil, evil), ((spans, spans),)),
            Actions((Button(evil[:70], evil),)),
        ),
    )
    calls = rendered(content)
    assert problems(calls) == []
    for call in calls:
        for text in kit.texts(call["arguments"]["blocks"]):
            assert "<" not in text
        assert call["arguments"]["parse"] == "none" and call["arguments"]["link_names"] is False


def test_links_are_kept_and_their_targets_cannot_break_out() -> None:
    content = parse('<title>x</title><p>see <a href="https://desk.example/a?b=1&amp;c=|d">the &lt;page&gt;</a></p>')
    (call,) = rendered(content)
    text = call["arguments"]["blocks"][0]["text"]["text"]
    assert "<https://desk.example/a?b=1&amp;c=%7Cd|the &lt;page&gt;>" in text


@pytest.mark.parametrize("kind", [Paragraph, Quote, "pre", "items", "word"])
def test_a_long_text_is_split_and_every_word_arrives_in_order(kind: Any) -> None:
    words = [f"word{number}&" for number in range(9000)]
    text = " ".join(words)
    if kind == "pre":
        content = Content("", (Pre("\n".join(" ".join(words[n : n + 9]) for n in range(0, len(words), 9))),))
    elif kind == "items":
        content = Content("", (Items(tuple((Text(f"{word} {word}"),) for word in words[:2000])),))
    elif kind == "word":
        content = Content("", (Paragraph((Text("<" * 20_000),)),))
    else:
        content = Content("", (kind((Text(text),)),))
    calls = rendered(content)
    assert len(calls) > 1 and problems(calls) == []
    assert all(f"({n}/{len(calls)})" in call["arguments"]["text"] for n, call in enumerate(calls, 1))
    if kind == "word":
        assert read(calls).count("<") == 20_000
    elif kind == "items":
        assert re.findall(r"word\d+&", read(calls)) == [word for word in words[:2000] for _ in range(2)]
    else:
        assert re.findall(r"word\d+&", read(calls)) == words


def test_a_button_carries_the_letter_and_the_words_and_what_fits_in_none_is_shown() -> None:
    long = "x" * 2000
    many = tuple(Button(f"Choice {number}", f"choice {number}") for number in range(60))
    content = Content("", (Actions((Button("Pay INV-9004", "pay INV-9004"), Button("All", long), *many)),))
    calls = rendered(content)
    assert problems(calls) == []
    elements = [e for c in calls for b in c["arguments"]["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert elements[0]["value"] == f"{MARKER}|pay INV-9004" and len(elements) == 61
    assert long in read(calls)


def test_buttons_with_long_words_do_not_make_a_message_too_long() -> None:
    content = Content("", (Actions(tuple(Button(f"Choice {n}", f"{n} {'ü' * 1900}") for n in range(25))),))
    assert problems(rendered(content)) == []


def test_a_ticket_letter_names_the_ticket_below_and_a_letter_alone_its_title_above(composer: SlackComposer) -> None:
    reply = say("any_questions")
    alone = json.loads(composer.compose(dataclasses.replace(DRAFT, replies=(reply,))).payload)
    assert alone[0]["arguments"]["blocks"][0]["type"] == "header"
    ticket = dataclasses.replace(DRAFT, replies=(reply,), subject="Re: Site <broken>", tag="[#46057485]")
    last = json.loads(composer.compose(ticket).payload)[0]["arguments"]["blocks"][-1]
    assert last["elements"][0]["text"] == "Example Hosting Support · #46057485"
    by_staff = dataclasses.replace(ticket, automatic=False)
    last = json.loads(composer.compose(by_staff).payload)[0]["arguments"]["blocks"][-1]
    assert last["elements"][0]["text"] == "Example Hosting Support · Site &lt;broken&gt; · #46057485"


def test_the_marker_goes_along_so_that_the_thread_finds_its_ticket(composer: SlackComposer) -> None:
    (call,) = json.loads(composer.compose(dataclasses.replace(DRAFT, replies=(say("any_questions"),))).payload)
    assert call["arguments"]["metadata"]["event_payload"] == {"marker": MARKER}


def test_files_follow_the_words(composer: SlackComposer) -> None:
    file = Attachment("INV-9004.pdf", "application/pdf", b"%PDF")
    draft = dataclasses.replace(DRAFT, replies=(say("any_questions"),), attachments=(file,))
    calls = json.loads(composer.compose(draft).payload)
    assert [call["method"] for call in calls] == ["chat.postMessage", "files.upload"]
    assert calls[1]["arguments"]["filename"] == "INV-9004.pdf"


@pytest.mark.parametrize("text", ["a*b", " padded ", "", "two\nlines", "`code`"])
def test_emphasis_never_loses_a_word(text: str) -> None:
    assert html.unescape(mrkdwn.emphasised(text)).replace("*", "") == text.replace("*", "")
