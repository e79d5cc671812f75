"""The mails that the billing system sent: what there was, and one of them again."""

from __future__ import annotations

from core.context import Context
from core.intents import intent
from core.messages import Reply, say
from core.people import Permission, Risk
from core.ports import SentEmail

SHOWN = 15


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
    says=("resend a mail", "send that mail again", "resend the welcome mail", "resend the invoice mail"),
    risk=Risk.SECRET,
    permission=Permission.EMAILS,
    rows=("F25",),
)
def resend_email(ctx: Context, email: SentEmail) -> Reply:
    """Send one of these mails again, to the address on file only."""

    def resend() -> str:
        ctx.profiles.resend_email(email)
        return ""

    ctx.journal.once(f"resend {email.id}", resend)
    return say("email_resent", email=email, sent_to=ctx.client().email)
