"""A mail as the JSON object that `helpdesk parse` prints."""

from __future__ import annotations

from bot.channels.reading.mail import Mail, Mailbox, Part
from core.messages import DeliveryReport


def as_document(mail: Mail) -> dict[str, object]:
    """Values of JSON only; `from` and `date` are null when there is none, sizes count decoded bytes."""
    document: dict[str, object] = {
        "from": _mailbox(mail.sender) if mail.sender else None,
        "reply_to": [_mailbox(box) for box in mail.reply_to],
        "to": [_mailbox(box) for box in mail.to],
        "cc": [_mailbox(box) for box in mail.cc],
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else "",
        "references": list(mail.references),
        "date": mail.date.isoformat() if mail.date else None,
        "kind": mail.kind.value,
        "auto_submitted": mail.auto_submitted,
        "bounce": mail.report is not None,
        "text": mail.text,
        "reply": mail.reply,
        "attachments": [_part(part) for part in mail.attachments],
        "defects": list(mail.defects),
    }
    if mail.report is not None:
        document["bounce_info"] = _bounce(mail.report)
    return document


def _mailbox(box: Mailbox) -> dict[str, object]:
    return {"address": box.address, "name": box.name}


def _part(part: Part) -> dict[str, object]:
    document: dict[str, object] = {
        "filename": part.filename,
        "content_type": part.media_type,
        "size": len(part.content),
        "inline": part.inline,
    }
    if part.unpacked:
        document["unpacked"] = [_part(inner) for inner in part.unpacked]
    return document


def _bounce(report: DeliveryReport) -> dict[str, object]:
    return {
        "recipients": [failed.recipient for failed in report.failed],
        "permanent": bool(report.failed) and all(failed.permanent for failed in report.failed),
        "original_message_id": report.original_message_id,
        "statuses": [failed.status for failed in report.failed],
    }
