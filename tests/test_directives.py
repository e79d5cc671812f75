"""What staff write above and below their text: commands run, near misses hold, everything else is text."""

from __future__ import annotations

import pytest

from core.directives import Command, parse


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
    assert read.problems == () and read.text == said
    if commands is not None:
        assert list(read.commands) == commands


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
    assert parse(text).problems
