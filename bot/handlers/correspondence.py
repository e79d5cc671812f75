"""The mails that were sent to the account: what there was, and one of them again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.access import Missing, name_of
from core.context import Context
from core.errors import Refusal
from core.intents import intent
from core.messages import Reply, say
from core.people import Permission, Risk
from core.ports import SentEmail

SHOWN = 15
_WORD = re.compile(r"[\w-]{3,}")
_SAYS_LITTLE = frozenset("again mail mails send sent resend please the that this you your our one".split())


@intent(
    "emails.history",
    says=(
        "e-mail history",
        "which mails were sent to us",
        "list of sent mails",
        "all correspondence",
        "the mails that you have sent",
    ),
    risk=Risk.READ,
    permission=Permission.EMAILS,
    rows=("F25",),
)
def list_emails(ctx: Context) -> Reply:
    """The mails that were sent to your account, by date and subject."""
    sent = ctx.profiles.sent_emails(ctx.who.client_id)
    return say("emails", emails=sent[:SHOWN], more=len(sent) - len(sent[:SHOWN]))


@intent(
    "emails.resend",
    says=(
        "resend a mail",
        "send that mail again",
        "resend the welcome mail",
        "resend the invoice mail",
        "resend the one about the domain",
        "send me the mail about the invoice again",
    ),
    risk=Risk.SECRET,
    permission=Permission.EMAILS,
    rows=("F25",),
)
def resend_email(ctx: Context, email: SentEmail | None = None) -> Reply:
    """Send one of these mails again, to the address on file only."""
    mail = email or _meant(ctx.text, ctx.profiles.sent_emails(ctx.who.client_id))

    def resend() -> str:
        ctx.profiles.resend_email(mail)
        return ""

    ctx.journal.once(f"resend {mail.id}", resend)
    return say("email_resent", email=mail, sent_to=ctx.client().email)


def _meant(text: str, sent: Sequence[SentEmail]) -> SentEmail:
    """The one whose subject has most of the words that they wrote. Raises Missing, and Refusal where there is none."""
    if not sent:
        raise Refusal("emails", emails=[], more=0)
    words = _words(text)
    shared = [len(words & _words(mail.subject)) for mail in sent]
    best = [mail for mail, count in zip(sent, shared, strict=True) if count == max(shared)]
    if max(shared) and len(best) == 1:
        return best[0]
    raise Missing("email", tuple(name_of(mail) for mail in best)[:9])


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _SAYS_LITTLE
