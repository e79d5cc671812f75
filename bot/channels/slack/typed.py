"""What people type in Slack, as they typed it: it arrives with & < > escaped and with addresses in angle brackets."""

from __future__ import annotations

import re

_MARKED = re.compile(r"<([^<>\n]{1,4000})>")
_LEADING_MENTION = re.compile(r"\s*<@(?P<who>[UW][A-Z0-9]+)(?:\|[^<>]*)?>[\s:,]*")


def plain(text: str) -> str:
    """The words without Slack's marks: an address as it was typed, a person or channel by the name that is given."""
    text = _MARKED.sub(lambda mark: _words(mark[1]), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def without_mention(text: str, bot: str) -> str:
    """What was said to the bot: its own name is cut off where it stands first, or as a word of its own."""
    found = _LEADING_MENTION.match(text)
    if found and found["who"] == bot:
        text = text[found.end() :]
    return re.sub(rf"\s*<@{re.escape(bot)}(?:\|[^<>]*)?>", "", text)


def _words(mark: str) -> str:
    inside, bar, label = mark.partition("|")
    if inside.startswith(("@", "#")):
        return inside[0] + (label or inside[1:]).removeprefix(inside[0])
    if inside.startswith("!"):
        return label or f"@{inside[1:].partition('^')[0]}"
    target = inside.removeprefix("mailto:").removeprefix("tel:")
    if not bar or not label:
        return target
    # A typed name comes back as a link that bears it; a link that hides where it leads is shown with both.
    return label if label.rstrip("/") in target or target.rstrip("/") in label else f"{label} ({target})"
