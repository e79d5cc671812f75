"""Our score on the corpus beside that of libraries, per behaviour group; docs/mail-reading.md has the table.

    python -m tests.reading.scores

Libraries are asked only if they are installed (none of them is a dependency): mail-parser-reply, talon and quotequail
trim the text that we decoded; the standard library (policy.default) and mail-parser do the decoding.
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any, cast

from bot.channels.reading.document import as_document
from bot.channels.reading.mail import read
from tests.reading import corpus

Document = dict[str, Any]
_GROUPS = {
    "replies": ("reply-", "outlook-", "phone-", "notes-", "signature-", "inline-", "forward-", "text-", "format-"),
    "HTML": ("html-", "alternative-", "enriched"),
    "charsets": ("charset-", "nul-"),
    "headers": ("from-", "to-", "subject-", "message-id-", "references-", "in-reply-", "date-", "header-"),
    "attachments": (
        "file-", "attached-", "digest-", "winmail-", "uuenc", "yenc", "calendar-", "pgp-mime", "smime",
        "mixed-", "apple-",
    ),
    "robots": ("robot-", "person-", "receipt-", "report-"),
    "bounces": ("bounce-",),
    "malformed": ("bad-",),
}  # fmt: skip


def group_of(name: str) -> str:
    return next((group for group, prefixes in _GROUPS.items() if name.startswith(prefixes)), "replies")


def ours(raw: bytes) -> Document:
    return as_document(read(raw))


def standard_library(raw: bytes) -> Document:
    """The document as `policy.default` gives it; no trimming, no idea of robots."""
    mail = cast(EmailMessage, message_from_bytes(raw, policy=policy.default))
    body = mail.get_body(("plain", "html"))
    text = body.get_content() if body is not None else ""
    document = _without_judgement(text)
    senders = _mailboxes(mail, "from")
    document["from"] = senders[0] if senders else None
    document["to"], document["cc"] = _mailboxes(mail, "to"), _mailboxes(mail, "cc")
    document["subject"] = str(mail["subject"] or "")
    document["message_id"] = str(mail["message-id"] or "").strip("<> ")
    document["in_reply_to"] = str(mail["in-reply-to"] or "").strip("<> ")
    document["references"] = [one.strip("<>") for one in str(mail["references"] or "").split()]
    date = mail["date"].datetime if mail["date"] else None
    document["date"] = date.isoformat() if date else None
    document["attachments"] = [
        {
            "filename": part.get_filename() or "",
            "content_type": part.get_content_type(),
            "size": len(part.get_payload(decode=True) or b""),
            "inline": part.get_content_disposition() == "inline",
        }
        for part in mail.iter_attachments()
    ]
    return document


def _mailboxes(mail: EmailMessage, name: str) -> list[Document]:
    pairs = getaddresses([str(value) for value in mail.get_all(name, [])])
    return [{"address": address, "name": name_} for name_, address in pairs if address]


def _without_judgement(text: str) -> Document:
    return {
        "text": text,
        "reply": text.strip(),
        "kind": "person",
        "auto_submitted": False,
        "bounce": False,
        "defects": [],
    }


def mail_parser(raw: bytes) -> Document:
    import mailparser  # type: ignore[import-not-found]

    mail = mailparser.parse_from_bytes(raw)
    document = _without_judgement("\n".join(mail.text_plain or mail.text_html))
    for key, values in (("from", mail.from_), ("to", mail.to), ("cc", mail.cc)):
        document[key] = [{"name": name, "address": address} for name, address in values if address]
    document["from"] = document["from"][0] if document["from"] else None
    document["subject"], document["message_id"] = mail.subject or "", (mail.message_id or "").strip("<> ")
    document["in_reply_to"] = str(getattr(mail, "in_reply_to", "") or "").strip("<> ")
    document["references"] = [one.strip("<>") for one in str(getattr(mail, "references", "") or "").split()]
    document["date"] = mail.date.isoformat() + "+00:00" if mail.date else None
    document["attachments"] = [
        {
            "filename": part["filename"],
            "content_type": part["mail_content_type"],
            "size": len(
                mailparser.utils.base64.b64decode(part["payload"]) if part["binary"] else part["payload"].encode()
            ),
            "inline": part["content-disposition"].startswith("inline"),
        }
        for part in mail.attachments
    ]
    return document


def _trimmed_by(trim: Callable[[str], str]) -> Callable[[bytes], Document]:
    def reader(raw: bytes) -> Document:
        document = ours(raw)
        document["reply"] = trim(document["text"]).strip()
        return document

    return reader


def _mail_parser_reply(text: str) -> str:
    from mailparser_reply import EmailReplyParser  # type: ignore[import-not-found]

    languages = ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "ja", "zh", "ko"]
    known = [one for one in languages if one in sys.modules["mailparser_reply.constants"].MAIL_LANGUAGES]
    return str(EmailReplyParser(languages=known).parse_reply(text=text) or "")


def _talon(text: str) -> str:
    from talon import quotations  # type: ignore[import-not-found]
    from talon.signature.bruteforce import extract_signature  # type: ignore[import-not-found]

    return str(extract_signature(quotations.extract_from_plain(text))[0])


def _quotequail(text: str) -> str:
    import quotequail  # type: ignore[import-not-found]

    return "\n".join(part for keep, part in quotequail.quote(text, limit=1) if keep)


def candidates() -> dict[str, Callable[[bytes], Document]]:
    found: dict[str, Callable[[bytes], Document]] = {"ours": ours, "standard library": standard_library}
    for module, name, reader in (
        ("mailparser", "mail-parser", mail_parser),
        ("mailparser_reply", "mail-parser-reply", _trimmed_by(_mail_parser_reply)),
        ("talon", "talon", _trimmed_by(_talon)),
        ("quotequail", "quotequail", _trimmed_by(_quotequail)),
    ):
        if importlib.util.find_spec(module):
            found[name] = reader
    return found


def passes(reader: Callable[[bytes], Document], name: str) -> bool:
    """Whether a reader gives what the corpus wants; white space at the ends and remarks of ours do not count."""
    wanted = {key: value for key, value in corpus.expected(name).items() if not key.startswith("defects")}
    try:
        found = reader(corpus.mail(name))
        for document in (wanted, found):
            document.update({k: v.strip() for k, v in document.items() if isinstance(v, str)})
        return corpus.differences(wanted, found) == []
    except Exception:
        return False


_TRIMMERS = ("mail-parser-reply", "talon", "quotequail")
_DECODERS = ("standard library", "mail-parser")


def _is_its_work(column: str, group: str) -> bool:
    if column in _TRIMMERS:
        return group in ("replies", "HTML")
    return column not in _DECODERS or group in ("charsets", "headers", "attachments", "malformed")


def main() -> None:
    names = corpus.names()
    totals = Counter(group_of(name) for name in names)
    columns = candidates()
    right = {column: Counter(group_of(n) for n in names if passes(reader, n)) for column, reader in columns.items()}
    print("| group | mails | " + " | ".join(columns) + " |")
    print("| --- | --- |" + " --- |" * len(columns))
    for group, total in ((group, totals[group]) for group in _GROUPS):
        cells = [
            f"{100 * counts[group] / total:.0f} %" if _is_its_work(column, group) else "–"
            for column, counts in right.items()
        ]
        print(f"| {group} | {total} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
