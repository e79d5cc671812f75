"""What staff write above and below their text: commands run, near misses hold, everything else is text."""

from __future__ import annotations

import pytest

from core.staff import grammar
from core.staff.grammar import Command, Directives
from core.staff.vocabulary import WORDS


def parse(text: str) -> Directives:
    return grammar.parse(text, WORDS)


@pytest.mark.parametrize(
    ("text", "said", "commands"),
    [
        ("#note\ncall him", "call him", [Command("note")]),
        ("#note call him", "call him", [Command("note", "call him")]),
        ("Hi Alice\n\nit works.\n\n#close", "Hi Alice\n\nit works.", [Command("close")]),
        ("!close\nDone.", "Done.", [Command("close")]),
        ("/close\nDone.", "Done.", [Command("close")]),
        ("# close\nDone.", "Done.", [Command("close")]),
        ("\uff03close\nDone.", "Done.", [Command("close")]),
        ("\u200b#Close\nDone.", "Done.", [Command("close")]),
        ("#solved", "", [Command("close")]),
        ("#client: alice@bakery.example\n#note\nit is hers", "it is hers", None),
        ("##close is how it is written", "#close is how it is written", []),
        ("#1234 is the number", "#1234 is the number", []),
        ("# Steps to reproduce\n1 open it", "# Steps to reproduce\n1 open it", []),
        ("#!/bin/sh\necho", "#!/bin/sh\necho", []),
        ("/usr/bin/php is missing", "/usr/bin/php is missing", []),
        ("all good\n#teamwork", "all good\n#teamwork", []),
        ("", "", []),
    ],
)
def test_commands_and_text_are_told_apart(text: str, said: str, commands: list[Command] | None) -> None:
    read = parse(text)
    assert read.slips == () and read.text == said
    if commands is not None:
        assert [Command(one.verb, one.argument) for one in read.commands] == commands


@pytest.mark.parametrize(
    "text",
    [
        "#clsoe\nDone.",
        "#close the ticket please\nDone.",
        "Done.\n#clsoe",
        "Hello\n#close\nbye",
        "#client\nwhose is it",
        "!clsoe\nDone.",
        "#frobnicate\nDone.",
    ],
)
def test_a_slip_holds_the_mail(text: str) -> None:
    assert parse(text).slips


@pytest.mark.parametrize(
    ("text", "verb", "argument"),
    [
        ("#take", "assign", "me"),
        ("#urgent", "priority", "urgent"),
        ("#assign: sam", "assign", "sam"),
        ("# snooze 3d", "snooze", "3d"),
        ("# client alice@bakery.example", "client", "alice@bakery.example"),
        ("/merge #48213077", "merge", "#48213077"),
        ("!Tag +refund -waiting", "tag", "+refund -waiting"),
        ("\u00a0#pending\u00a0fri", "pending", "fri"),
        ("#done", "close", ""),
    ],
)
def test_words_and_marks_are_many_and_the_verb_is_one(text: str, verb: str, argument: str) -> None:
    (command,) = parse(f"{text}\nHello").commands
    assert (command.verb, command.argument) == (verb, argument)


@pytest.mark.parametrize(
    "text",
    [
        "# Subject of the week",
        "# Time is money",
        "# Client side errors",
        "# Close the window",
        "# Assign a static address",
        "/var/log/mail.log says no",
        "/home is full",
        "!important for the style sheet",
    ],
)
def test_what_only_begins_like_a_command_is_text(text: str) -> None:
    assert parse(text) == Directives(text)


def test_a_preset_takes_nothing_more() -> None:
    assert parse("#take it please\nHello").slips[0].reason == "alone"


def test_held_words_that_are_sent_all_the_same_keep_their_good_commands() -> None:
    read = grammar.parse("#note\n#clsoe\nThe client is a fool.", WORDS, slips_are_text=True)
    assert [one.verb for one in read.commands] == ["note"] and read.text == "#clsoe\nThe client is a fool."


def test_no_word_means_two_things() -> None:
    """A word of one verb that another verb has too would be lost without a sound."""
    from core.staff.vocabulary import VERBS

    words = [word for verb in VERBS.values() for word in verb.words]
    assert len(words) == len(set(words)) == len(WORDS)
