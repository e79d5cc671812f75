"""Delivery reports: by their structure (RFC 3464, 6522) and, where a server writes only words, by a score."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.channels.reading import addresses, headers, wording
from bot.channels.reading.addresses import Mailbox
from bot.channels.reading.structure import Entity, header_of
from core.messages import DeliveryReport, FailedDelivery

_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.:])([45]\d\d)[ -]")
_ADDRESS = r"[A-Za-z0-9._%+=/'&~!#$*-]{1,100}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_FOUND = re.compile(rf"<?({_ADDRESS})>?")
_FINAL_RECIPIENT = re.compile(rb"^final-recipient:", re.I | re.M)
_RETURNED_ID = re.compile(r"(?im)^[> \t]{0,40}message-id:\s{0,40}<([^<>\s]{3,300})>")
_SCANNED = 64 * 1024
_RECIPIENTS = 100


def delivery_report(
    mail: Entity, sender: Mailbox | None, subject: str, text: str, return_path: str | None
) -> DeliveryReport | None:
    """The report that a mail is, None if it is none. One that only says that all went well has no `failed`."""
    status = _status_part(mail)
    if status is not None:
        failed = _failed(status)
        if failed or _has_action(status):
            return DeliveryReport(failed, _original_id(mail, text))
    if not _is_report(mail) and _score(mail, sender, subject, text, return_path) < 4:
        return None
    failed = _failed_by_words(mail, text)
    if not failed and not _is_report(mail) and not wording.BOUNCE_SUBJECT.match(subject.lower()):
        return None  # a postmaster who writes about deliveries
    return DeliveryReport(failed, _original_id(mail, text))


def _status_part(mail: Entity) -> Entity | None:
    """The machine-readable part, also where it is mislabelled."""
    for media_type in ("message/delivery-status", "message/global-delivery-status"):
        if (found := next(_find(mail, media_type), None)) is not None:
            return found
    if mail.media_type != "multipart/report":
        return None
    leaves = (child for child in mail.children if not child.children and child.media_type != "message/rfc822")
    return next(
        (
            leaf
            for leaf in leaves
            if _FINAL_RECIPIENT.search(leaf.raw, leaf.start, min(leaf.end, leaf.start + _SCANNED))
        ),
        None,
    )


def _is_report(mail: Entity) -> bool:
    """A report by its labels, though its machine-readable part is missing."""
    if mail.get("x-failed-recipients"):
        return True
    kind = mail.parameters.get("report-type", "").lower()
    if kind == "delivery-status":
        return True
    return kind == "" and mail.media_type == "multipart/report" and not _has_other_report(mail)


def _has_other_report(mail: Entity) -> bool:
    return any(
        child.media_type.startswith("message/") and child.media_type != "message/rfc822" for child in mail.children
    )


def _score(mail: Entity, sender: Mailbox | None, subject: str, text: str, return_path: str | None) -> int:
    who = f"{sender.address} {sender.name}".lower() if sender else ""
    points = 2 if not sender or wording.MAIL_SERVER.search(who) else 0
    said = re.sub(r"^(?:(?:re|aw|fwd?|sv|rif): ?)+", "", subject.lower())
    points += 2 if said == subject.lower() and wording.BOUNCE_SUBJECT.match(said) else 0
    path = (return_path if return_path is not None else mail.get("return-path") or "x").strip("<> ").lower()
    points += 1 if path == "" or path.startswith(("mailer-daemon", "postmaster")) else 0
    if points < 2:
        return points
    beginning = text[:3_000].lower()
    points += 2 if wording.BOUNCE_WORDS.search(beginning) else 0
    is_answer = bool(mail.get("in-reply-to")) and not wording.MAIL_SERVER.search(who)
    return (
        points
        - (3 if is_answer else 0)
        - (2 if not points & 1 and sender and not wording.MAIL_SERVER.search(who) and path != "" else 0)
    )


def _find(entity: Entity, media_type: str) -> Iterator[Entity]:
    """Parts of that type, not looking into attached messages."""
    waiting = [entity]
    while waiting:
        current = waiting.pop()
        if current.media_type == media_type:
            yield current
        waiting += reversed(current.children)


def _blocks(status: Entity) -> list[Entity]:
    content = status.content()[0][:_SCANNED]
    return [header_of(block + b"\n\n") for block in _BLANK_LINE.split(content)[: _RECIPIENTS + 1] if block.strip()]


def _has_action(status: Entity) -> bool:
    return any(block.get("action") for block in _blocks(status))


def _failed(status: Entity) -> tuple[FailedDelivery, ...]:
    """The recipients of RFC 3464 that were not reached, delayed ones included."""
    found: dict[str, FailedDelivery] = {}
    for block in _blocks(status):
        recipient = _recipient(block)
        if not recipient:
            continue
        action = block.get("action").lower().split(";")[0].split("(")[0].strip()
        diagnostic = block.get("diagnostic-code")
        code = _STATUS.search(block.get("status")) or _STATUS.search(diagnostic)
        if action in ("delivered", "relayed", "expanded"):
            continue
        state = code.group() if code else ""
        permanent = action != "delayed" and not state.startswith("4") if action else not state.startswith("4")
        found.setdefault(recipient.lower(), FailedDelivery(recipient, permanent, state, _words(diagnostic)))
    return tuple(found.values())


def _recipient(block: Entity) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = block.get(name)
        value = value.partition(";")[2] or value
        if value.strip() and (match := _FOUND.search(value) or re.search(r"[^\s<>;]+", value)):
            return headers.clean(match.group().strip("<>"))
    return ""


def _words(diagnostic: str) -> str:
    kind, separator, rest = diagnostic.partition(";")
    return headers.clean(rest if separator and " " not in kind.strip() else diagnostic)[:500]


def _failed_by_words(mail: Entity, text: str) -> tuple[FailedDelivery, ...]:
    said = text[:_SCANNED]
    returned = wording.RETURNED.search(said)
    own = said[: returned.start()] if returned and returned.start() > 40 else said
    code = _STATUS.search(own)
    state = code.group() if code and code[1] != "2" else ""
    lower = own.lower()
    delayed = bool(wording.DELAYED.search(lower + " " + mail.get("subject").lower())) and not wording.GIVEN_UP.search(
        lower
    )
    reply = _REPLY_CODE.search(own)
    temporary = state.startswith("4") or (not state and reply is not None and reply[1].startswith("4"))
    permanent = not delayed and not (temporary and not wording.GIVEN_UP.search(lower))
    who = _listed(mail) or _named(mail, own) or _addressed(mail, said)
    return tuple(FailedDelivery(one, permanent, state, _reason(own, one)) for one in who[:_RECIPIENTS])


def _listed(mail: Entity) -> list[str]:
    value = mail.get("x-failed-recipients")
    return list(dict.fromkeys(_FOUND.findall(value[:10_000])))


def _named(mail: Entity, own: str) -> list[str]:
    """Addresses in the words, first those that stand alone or before a colon; the parties of the mail do not count."""
    alone = re.findall(rf"(?m)^[ \t>*-]{0, 40}<?({_ADDRESS})>?:?(?:[ \t]*[:(-].*)?$", own)
    parties = {box.address.lower() for name in ("from", "to", "reply-to") for box in addresses.mailboxes(mail, name)}
    everywhere = _FOUND.findall(own)
    for group in (alone, everywhere):
        kept = [
            one
            for one in dict.fromkeys(group)
            if one.lower() not in parties and not wording.MAIL_SERVER.search(one.lower())
        ]
        if kept:
            return kept if group is alone else kept[:1]
    return []


def _addressed(mail: Entity, said: str) -> list[str]:
    """The To of the mail that came back."""
    returned = _returned(mail)
    if returned is not None:
        return [box.address for box in addresses.mailboxes(returned, "to")][:1]
    match = re.search(rf"(?im)^[> \t]{0, 40}to:.{0, 200}?({_ADDRESS})", said)
    return [match[1]] if match else []


def _reason(own: str, recipient: str) -> str:
    at = own.find(recipient)
    after = own[at + len(recipient) : at + len(recipient) + 400] if at >= 0 else ""
    return headers.clean(" ".join(after.strip(">: \t\r\n").split("\n\n")[0].split()))[:300]


def _returned(mail: Entity) -> Entity | None:
    for media_type in (
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global",
        "message/global-headers",
    ):
        for part in _find(mail, media_type):
            if part is not mail:
                return header_of(part.content()[0][:_SCANNED])
    return None


def _original_id(mail: Entity, text: str) -> str:
    returned = _returned(mail)
    if returned is not None and (one := headers.message_id(returned)):
        return one
    match = _RETURNED_ID.search(text[:_SCANNED])
    if match:
        return match[1]
    for name in ("in-reply-to", "references"):
        if ids := headers.message_ids(mail, name):
            return ids[-1]
    return ""
