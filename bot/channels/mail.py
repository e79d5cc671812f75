"""Mail for the walk: what arrived becomes a message, and a draft becomes the exact bytes of a mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import i18n
from bot.channels import hops, mailhtml, plain
from bot.channels.authentication.proof import Origin, SenderProof
from bot.channels.compose import Headers, compose
from bot.channels.reading.forwards import Passed, passed_on
from bot.channels.reading.mail import Mail, Mailbox, Part, read
from bot.settings import Attachments
from bot.templating import Templates
from core.content import Content
from core.messages import Address, Attachment, Forwarded, InboundMessage, RefusedFile
from core.people import Proof
from core.post import Composed, Draft

NOBODY = "nobody@invalid"
"""Stands where a mail names no sender: mail to it goes nowhere (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class MailTranslator:
    proof: SenderProof
    domain: str
    attachments: Attachments

    def translate(self, raw: bytes, claimed: Any) -> InboundMessage:
        """Any bytes; what a mail does not say is taken from its envelope."""
        envelope = claimed.envelope
        mail = read(raw, envelope.get("mail_from"))
        kept, refused = sorted_out(mail.attachments, self.attachments)
        sender = _sender(mail, str(envelope.get("mail_from") or ""))
        circling = hops.circling(raw, self.domain)
        passed = passed_on(mail)
        return InboundMessage(
            id=mail.message_id or f"{claimed.fingerprint[:40]}@{self.domain}",
            sender=sender,
            recipient=claimed.recipient,
            text=mail.reply,
            full_text=mail.text,
            html=mail.html,
            received=claimed.received_at,
            subject=mail.subject,
            to=tuple(map(_address, mail.to)),
            cc=tuple(map(_address, mail.cc)),
            in_reply_to=mail.in_reply_to,
            references=mail.references,
            kind=mail.kind,
            may_answer=mail.may_answer and sender.value != NOBODY and not circling,
            report=mail.report,
            attachments=kept,
            refused=refused,
            proof=self._proof(raw, mail, sender, envelope, claimed.received_at),
            desk_loop=mail.desk_loop,
            marker=mail.marker,
            defects=mail.defects,
            circling=circling,
            forwarded=tuple(_forwarded(one, self.attachments) for one in passed.mails),
            comment=passed.comment,
        )

    def _proof(self, raw: bytes, mail: Mail, sender: Address, envelope: dict[str, Any], received_at: datetime) -> Proof:
        if mail.sender is None:
            return Proof(reasons=("it names no sender",))
        origin = Origin(
            peer=str(envelope.get("peer") or ""),
            helo=str(envelope.get("helo") or ""),
            mail_from=str(envelope.get("mail_from") or ""),
            auth_user=str(envelope.get("auth_user") or ""),
            host=str(envelope.get("host") or ""),
        )
        return self.proof.of(raw, sender.value, mail.sender_unambiguous, origin, received_at)


def _sender(mail: Mail, mail_from: str) -> Address:
    """From; without one whoever can be answered: Reply-To, then the envelope."""
    candidates = [mail.sender, *mail.reply_to, Mailbox(mail_from)]
    found = next((box for box in candidates if box is not None and "@" in box.address), None)
    return _address(found) if found else Address("email", NOBODY)


def _address(box: Mailbox) -> Address:
    return Address("email", box.address, box.name)


def _forwarded(passed: Passed, limits: Attachments) -> Forwarded:
    kept, refused = sorted_out(passed.files, limits)
    return Forwarded(
        text=passed.text,
        senders=tuple(map(_address, passed.senders)),
        others=tuple(map(_address, passed.others)),
        subject=passed.subject,
        date=passed.date,
        full_text=passed.full_text,
        attachments=kept,
        refused=refused,
        id=passed.message_id,
        references=passed.references,
        automatic=passed.automatic,
        marked=passed.marked,
    )


def sorted_out(parts: Sequence[Part], limits: Attachments) -> tuple[tuple[Attachment, ...], tuple[RefusedFile, ...]]:
    """What a ticket keeps of the files of a mail, and what it does not, with the reason."""
    kept: list[Attachment] = []
    refused: list[RefusedFile] = []
    for part in parts:
        if part.filename.rpartition(".")[2].lower() in limits.refused_endings:
            refused.append(RefusedFile(part.filename, "dangerous"))
        elif len(part.content) > limits.max_size:
            refused.append(RefusedFile(part.filename, "too_large"))
        elif len(kept) >= limits.max_count:
            refused.append(RefusedFile(part.filename, "too_many"))
        else:
            kept.append(_attachment(part))
    return tuple(kept), tuple(refused)


def _attachment(part: Part) -> Attachment:
    return Attachment(part.filename, part.media_type, part.content, part.inline)


@dataclass(frozen=True, slots=True)
class MailComposer:
    """Renders a draft's replies into one mail: text and HTML of the same content."""

    templates: Templates
    desk_name: str
    shared: Callable[[], dict[str, object]]
    """What every template may use: the desk, its address, its time zone."""

    def compose(self, draft: Draft) -> Composed:
        language = i18n.spoken(draft.language)
        gettext = i18n.translations(language).gettext
        contents = [self.templates.content(reply, draft.language, **self.shared()) for reply in draft.replies]
        content = Content(contents[0].title, tuple(block for each in contents for block in each.blocks))
        subject = " ".join(part for part in (draft.subject or content.title, draft.tag) if part)
        text = plain.text(content, gettext=gettext)
        page = mailhtml.html(
            content,
            desk_name=self.desk_name,
            reply_to=draft.reply_to,
            language=draft.language,
            gettext=gettext,
            pictures=[file for file in draft.attachments if file.picture],
        )
        headers = Headers(
            from_name=draft.from_name,
            from_address=draft.from_address,
            to=draft.to,
            reply_to=draft.reply_to,
            subject=subject,
            message_id=draft.message_id,
            references=draft.references,
            in_reply_to=draft.in_reply_to,
            date=draft.date,
            automatic=draft.automatic,
            desk_loop=draft.desk_loop,
            marker=draft.marker,
            also_sent_to=draft.also_sent_to,
            also_sent_label=gettext("Also sent to:"),
        )
        payload = compose(text, page, headers, draft.attachments)
        return Composed(payload, "" if content.secret else text, content.secret)
