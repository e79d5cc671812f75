"""format=flowed (RFC 3676): lines that end in a blank go on in the next line of the same quote depth."""

from __future__ import annotations


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """The text with its paragraphs in one line each; "-- " stays a line of its own, quote marks are kept."""
    paragraphs: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth, content = _depth(line)
        is_signature = content == "-- "
        flows = content.endswith(" ") and not is_signature
        if open_depth == depth and not is_signature:
            paragraphs[-1].append(content)
        else:
            paragraphs.append([">" * depth + " " if depth else "", content])
        open_depth = depth if flows else -1
        if flows and delete_space:
            paragraphs[-1][-1] = content[:-1]
    return "\n".join(map("".join, paragraphs))


def _depth(line: str) -> tuple[int, str]:
    depth = len(line) - len(line.lstrip(">"))
    content = line[depth:]
    return min(depth, 50), content[1:] if content.startswith(" ") else content
