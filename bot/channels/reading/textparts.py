"""Small readings of text parts: charset in HTML, text/enriched, and what no text may hold."""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_PICTURE = re.compile(r"\[cid:[^\[\]\s]{1,200}\]")
_RICH_COMMAND = re.compile(r"<(/?)([a-z0-9-]{1,40})>", re.I)
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,30})", re.I)


def meta_charset(content: bytes) -> str:
    found = _META_CHARSET.search(content[:4096])
    return found[1].decode("ascii") if found else ""


def unenriched(text: str, *, is_html: bool) -> str:
    """text/enriched (RFC 1896): single line ends are blanks, n of them are n-1 line ends; commands go."""
    if not is_html:
        text = re.sub(r"\n(\n*)", lambda m: m[1] or " ", text.replace("\r\n", "\n"))
    text = text.replace("<nl>", "\n").replace("<<", "\x00")
    return _RICH_COMMAND.sub("", text).replace("\x00", "<").replace("<lt>", "<")


def clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    text = _UNPRINTABLE.sub("", text)
    return text[1:] if text.startswith("\ufeff") else text


def without_pictures(text: str) -> str:
    """Without what Outlook writes in the place of a picture: it names a part, and nothing that anybody could read."""
    return _PICTURE.sub("", text) if "[cid:" in text else text


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
