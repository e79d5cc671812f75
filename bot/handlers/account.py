"""The account itself: who it belongs to, what is open on it, and leaving with what is stored."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

from core.context import Context
from core.errors import Refusal, Unsupported
from core.intents import intent
from core.messages import Attachment, Reply, say
from core.people import Permission, Risk

SOON = timedelta(days=60)
"""So long before its end a domain is told of in the overview."""


@intent(
    "account.show",
    says=(
        "my account details",
        "show my account details",
        "what address do you have for us",
        "which details of us are on file",
        "our address on file",
    ),
    risk=Risk.READ,
    permission=Permission.PROFILE,
    department="Billing",
    rows=("F4",),
)
def show_account(ctx: Context) -> Reply:
    """Your account as it is on file: name, address, e-mail, phone, VAT number and language."""
    client = ctx.client()
    contacts = ctx.billing.contacts(client.id) if client.billing_contact_id else ()
    billing = next((one for one in contacts if one.id == client.billing_contact_id), None)
    return say("account", client=client, billing=billing)


@intent(
    "account.overview",
    says=(
        "account overview",
        "account summary",
        "what is open on my account",
        "what's open on my account",
        "my dashboard",
        "account statistics",
        "quick statistics about our account",
        "anything open on my account",
        "is anything open on our account",
        "what do i have open",
        "short summary of my account",
        "was ist bei mir offen",
        "qué tengo pendiente",
        "qué tengo pendiente en mi cuenta",
    ),
    risk=Risk.READ,
    rows=("F5", "F6", "F8", "F9", "F10", "F11"),
)
def show_overview(ctx: Context) -> Reply:
    """What is open on your account: unpaid invoices, domains that expire soon, tickets, and the numbers."""
    client, may = ctx.client(), ctx.who.permissions
    invoices = ctx.billing.invoices(client.id) if Permission.INVOICES in may else ()
    domains = ctx.billing.domains(client.id) if Permission.DOMAINS in may else ()
    services = ctx.billing.services(client.id) if Permission.PRODUCTS in may else ()
    unpaid = [invoice for invoice in invoices if invoice.balance > 0]
    return say(
        "overview",
        client=client,
        today=ctx.today,
        unpaid=sorted(unpaid, key=lambda invoice: invoice.due_date),
        owed=sum((invoice.balance for invoice in unpaid), Decimal(0)),
        expiring=[it for it in domains if it.held and it.expires and it.expires <= ctx.today + SOON],
        counts={
            "services": sum(1 for it in services if it.status == "Active") if Permission.PRODUCTS in may else None,
            "domains": sum(1 for it in domains if it.status == "Active") if Permission.DOMAINS in may else None,
            "invoices": len(unpaid) if Permission.INVOICES in may else None,
        },
        tickets=[ticket for ticket in ctx.tickets.all() if not ticket.over],
        affiliate=ctx.profiles.affiliate(client.id) if Permission.AFFILIATES in may else None,
        shows_credit=Permission.INVOICES in may,
    )


@intent(
    "account.which",
    says=(
        "which account do you see me as",
        "who am i to you",
        "which accounts do i have",
        "which account am i using",
        "use account",
        "as whom am i known to you",
        "which account do my mails belong to",
        "who do you think i am",
        "who do you take me for",
    ),
    risk=Risk.READ,
    rows=("F2", "X43"),
)
def which_account(ctx: Context) -> Reply:
    """Which account you are seen as, in which role, and which others your address belongs to."""
    holders = ctx.billing.holders(ctx.who.email)
    others = [it for it in holders if it.client.id != ctx.who.client_id]
    return say("account_which", who=ctx.who, client=ctx.client(), others=others)


@intent(
    "account.export",
    says=(
        "export my data",
        "send me a copy of my data",
        "gdpr data export",
        "which personal data do you store about me",
        "data access request",
        "a copy of all data you have about me",
        "all data that you have about me",
    ),
    risk=Risk.SECRET,
    department="Security",
    rows=("X50",),
)
def export_data(ctx: Context) -> Reply:
    """All that this desk stores about you, as a file to your address on file."""
    found = ctx.stored()
    if found is None:
        raise Refusal("export_nothing")
    document = json.dumps(found, ensure_ascii=False, indent=1, default=str)
    file = Attachment("my-data.json", "application/json", document.encode())
    letter = say("export_letter", tickets=len(found["tickets"]))
    ctx.tell_home(Reply(letter.template, letter.context, (file,)))
    return say("export_sent", sent_to=ctx.who.email)


@intent(
    "account.close",
    says=("close my account", "delete my account", "erase my data", "terminate our account"),
    risk=Risk.HUMAN,
    department="Billing",
    rows=("X50",),
)
def close_account(ctx: Context) -> Reply:
    """Close your account, or have your data erased: a person goes through it with you."""
    raise Unsupported("closing an account")
