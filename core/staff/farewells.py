"""A signature that nothing marks as one, below a mail of nothing but commands: Outlook puts it under every mail.

Without this, "#close" would send a client two lines with a name.
"""

from __future__ import annotations

import re

from core.people import StaffMember
from core.staff.grammar import Words, parse

MOST_LINES, LONGEST_LINE = 8, 70
_PICTURE = re.compile(r"^\s*\[[^\[\]]{1,80}\]")
"""What stands for the logo above or beside the name."""
FAREWELLS = frozenset(
    {
        "best", "best regards", "kind regards", "regards", "warm regards", "thanks", "thank you", "cheers",
        "many thanks", "sincerely", "yours sincerely", "best wishes",
        "mit freundlichen grüßen", "freundliche grüße", "viele grüße", "beste grüße", "liebe grüße", "mfg",
        "cordialement", "bien cordialement", "bonne journée",
        "saludos", "un saludo", "saludos cordiales", "atentamente",
        "cordiali saluti", "saluti", "distinti saluti",
        "met vriendelijke groet", "met vriendelijke groeten", "groeten",
        "pozdrawiam", "z poważaniem",
        "atenciosamente", "cumprimentos", "com os melhores cumprimentos",
    }
)  # fmt: skip


def only(text: str, member: StaffMember, *, named: bool = False) -> bool:
    """Is it a farewell and their name, or their name and what may stand below it, and nothing else?

    A farewell alone is one too, unless `named`: thanks that are said to be for the client are no signature.
    """
    lines = [line for line in (_PICTURE.sub("", one).strip() for one in text.splitlines()) if line]
    if not lines or len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        return False
    said = [line.lower().strip(" ,.!*_-–—") for line in lines]
    name = member.name.lower()
    if said[0] in FAREWELLS:
        return said[1] in (name, *name.split()) if len(said) > 1 else not named
    return said[0] == name


def without(text: str, member: StaffMember, words: Words) -> str:
    """The text without such a signature below its last command, so that one at the end of the text is at its end."""
    lines = text.splitlines()
    below = 0
    for number in range(len(lines) - 1, -1, -1):
        commands = parse(lines[number], words).commands
        if commands:
            named = commands[0].verb == "reply"
            signed = only("\n".join(lines[number + 1 :]), member, named=named)
            return "\n".join(lines[: number + 1]) if signed else text
        below += bool(lines[number].strip())
        if below > MOST_LINES:
            break
    return text
