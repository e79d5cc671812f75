"""How mail programs mark quotes and signatures in HTML: one table, matched by id, class and a few attributes.

Markers decide before any text pattern does. A program that is not here still leaves an introducing line.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from bot.channels.reading.lines import Mark

_QUOTED_CLASSES = frozenset(
    {
        "yahoo_quoted", "yahoo-quoted-begin", "moz-forward-container-none", "protonmail_quote", "zmail_extra",
        "freshdesk_quote", "front-blockquote", "tutanota_quote", "fairemail_quote", "cm_quote", "missive_quote",
        "sh-quoted-content", "hs_reply", "nylas-quote", "airmail_on", "ydpquoted-begin", "yqtdbase", "mb_quote",
        "email_quote", "quoted-reply", "helpscout-quote", "intercom-quote", "history_container", "replied-message",
    }
)  # fmt: skip
_QUOTED_IDS = frozenset(
    "isreplycontent mail-app-auto-quote qt yahoo_quoted oriMsgHtmlSeperator reply139content"
    " OLK_SRC_BODY_SECTION zwchr origbody".lower().split()
)
_INTRODUCTIONS = frozenset({"gmail_attr", "moz-cite-prefix", "reply-intro"})
_SIGNATURE_CLASSES = frozenset(
    {
        "gmail_signature", "gmail_signature_prefix", "moz-signature", "protonmail_signature_block", "sh-signature",
        "protonmail_signature_block-user", "protonmail_signature_block-proton", "yahoo-signature", "k9mail-signature",
    }
)  # fmt: skip
_SIGNATURE_IDS = frozenset(
    {
        "applemailsignature", "ms-outlook-mobile-signature", "signature", "composer_signature",
        "ymail_android_signature", "outlooksignature", "_rc_sig", "ms-outlook-ios-signature",
    }
)  # fmt: skip
_HISTORY_IDS = frozenset(
    {
        "divrplyfwdmsg", "appendonsend", "stopspelling", "mail-editor-reference-message-container",
        "divtagdefaultwrapper_history", "ms-outlook-mobile-body-separator-line", "ecxdivrplyfwdmsg", "lnk_hist",
    }
)  # fmt: skip
_HISTORY_CLASSES = frozenset({"outlookmessageheader", "ms-outlook-mobile-reference-message"})
_QUOTED_NAMES = frozenset(("quote", "quoted-content", "messagereplysection"))
_SIGNATURE_NAMES = frozenset(("messagesignaturesection",))
_ZIMBRA = {
    "__quoted_text__": Mark.QUOTED,
    "__headers__": Mark.HISTORY,
    "__divider__": Mark.HISTORY,
    "__sig_pre__": Mark.SIGNATURE,
}
_TOP_BORDER = re.compile(r"border-top:\s*(?:solid|1|1\.0pt|medium|#|[a-z0-9.]+pt solid)", re.I)
_HEADER_LABEL = re.compile(r"\s*[^\W\d_][\w .()-]{0,25}\s*[:：]")
_INDENTED = re.compile(r"border(?:-left)?:\s*(?:none|0)")
_WORDS = (
    "gmail_quote", "gmail_attr", "gmail_signature", "yahoo_quoted", "moz-cite", "moz-signature", "protonmail_",
    "<blockquote", "divrplyfwdmsg", "appendonsend", "applemailsignature", "border-top:", "__quoted_text__",
    "mail-editor-reference", "messagereplysection", "_quote", "reply-intro", "isreplycontent", "olk_src_body",
    "stopspelling", "yqtd", "-signature", "outlookmessageheader",
    *(f"{name}={quote}{value}" for name, value in (("type", "cite"), ("name", "quote"), ("id", "signature"))
      for quote in ("", "'", '"')),
)  # fmt: skip


def has_marker(html: str) -> bool:
    """Has the text any marker worth a tree? Plain searches: one pattern of them all takes ten times as long."""
    lowered = html.lower()
    return any(word in lowered for word in _WORDS)


def mark_of(tag: str, node: Any) -> Mark:
    """What the attributes of an element say of what stands in it."""
    attributes = node.attrib
    if not attributes:
        return Mark.NONE
    found = _by_class(attributes.get("class")) or _by_id(attributes.get("id"))
    if found:
        return found
    if name := attributes.get("name"):
        name = name.lower()
        if name in _QUOTED_NAMES:
            return Mark.QUOTED
        if name in _SIGNATURE_NAMES:
            return Mark.SIGNATURE
    if marker := attributes.get("data-marker"):
        return _ZIMBRA.get(marker.lower(), Mark.NONE)
    if tag == "div" and (style := attributes.get("style")) and _TOP_BORDER.search(style[:300]):
        return Mark.HISTORY if _HEADER_LABEL.match(_beginning(node)) else Mark.NONE
    return Mark.NONE


def _by_class(value: str | None) -> Mark:
    if not value:
        return Mark.NONE
    for name in value.lower().split()[:20]:
        name = name.removeprefix("x_")
        if name in _INTRODUCTIONS:
            return Mark.INTRODUCTION
        if name in _QUOTED_CLASSES or name.endswith("yahoo_quoted"):
            return Mark.QUOTED
        if name in _SIGNATURE_CLASSES:
            return Mark.SIGNATURE
        if name in _HISTORY_CLASSES:
            return Mark.HISTORY
    return Mark.NONE


def _by_id(value: str | None) -> Mark:
    if not value:
        return Mark.NONE
    name = value.lower()[:100]
    while name.startswith("x_"):
        name = name[2:]
    if name in _HISTORY_IDS:
        return Mark.HISTORY
    if name in _INTRODUCTIONS:
        return Mark.INTRODUCTION
    if name in _QUOTED_IDS or name.startswith("yahoo_quoted"):
        return Mark.QUOTED
    return Mark.SIGNATURE if name in _SIGNATURE_IDS else Mark.NONE


def is_indented(node: Any) -> bool:
    """Whether a blockquote only moves text to the right (Gmail's indent button)."""
    if node.get("type") or node.get("class") or node.get("cite"):
        return False
    style = (node.get("style") or "").lower()
    return bool(_INDENTED.search(style))


def _beginning(node: Any) -> str:
    """The first words in an element."""
    return "".join(
        (inner.text or "") + (inner.tail or "" if inner is not node else "") for inner in islice(node.iter(), 12)
    )[:200].strip()
