"""ID protection: whether WHOIS shows the holder of a domain."""

from __future__ import annotations

from datetime import timedelta

from bot.handlers.domain_names import ID_PROTECTION, ending, open_invoice, paid_since, registered
from core.context import Context
from core.errors import Refusal
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import Domain, Invoice

A_YEAR = timedelta(days=366)


@intent(
    "domain.id_protection_on",
    says=(
        "switch id protection of {domain} on",
        "hide my data on {domain}",
        "turn on whois privacy for {domain}",
        "order id protection for {domain}",
        "enable id protection for {domain}",
    ),
    risk=Risk.CHANGE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("F76",),
)
def protect(ctx: Context, domain: Domain) -> Reply | Proposal:
    """Hide your name and address in WHOIS; it is ordered if it is not paid yet."""
    registered(ctx, domain)
    if domain.id_protection:
        return say("id_protection_on", domain=domain, before=True)
    if _is_paid(ctx, domain):
        # The safe direction, and nothing to pay: done at once, as a lock is.
        ctx.journal.once(f"id protection {domain.name}", lambda: _switch(ctx, domain, on=True))
        return say("id_protection_on", domain=domain, before=False)
    if waiting := open_invoice(ctx, domain, ID_PROTECTION):
        return say("id_protection_open", domain=domain, invoice=waiting)
    tld = ending(ctx, domain.name)
    if tld is None or tld.id_protection is None:
        raise Refusal("id_protection_none", domain=domain)
    price, made = tld.id_protection, list[Invoice]()
    return Proposal(
        question=say("id_protection_question", domain=domain, price=price, currency=ctx.client().currency),
        done=say("id_protection_ordered", domain=domain, made=made),
        act=lambda: made.append(ctx.shop.order_id_protection(domain)),
        facts={"price": str(price)},
    )


@intent(
    "domain.id_protection_off",
    says=(
        "switch id protection of {domain} off",
        "turn off whois privacy for {domain}",
        "disable id protection for {domain}",
        "make my name public on {domain}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("F76",),
)
def expose(ctx: Context, domain: Domain) -> Reply | Proposal:
    """Let WHOIS show who holds a domain."""
    registration = registered(ctx, domain)
    if not domain.id_protection:
        return say("id_protection_off", domain=domain, before=False, back=False)
    back = _is_paid(ctx, domain)
    return Proposal(
        question=say("id_protection_off_question", domain=domain, holder=registration.registrant, back=back),
        done=say("id_protection_off", domain=domain, before=True, back=back),
        act=lambda: _switch(ctx, domain, on=False),
        facts={"on": "True"},
        undo=Request("domain.id_protection_on", {"domain": (domain.name,)}) if back else None,
    )


def _switch(ctx: Context, domain: Domain, *, on: bool) -> str:
    ctx.registrar.set_id_protection(domain.name, on=on)
    return ""


def _is_paid(ctx: Context, domain: Domain) -> bool:
    """Free for the ending, or paid for within a year: then switching it on again costs nothing."""
    tld = ending(ctx, domain.name)
    free = tld is not None and tld.id_protection == 0
    return free or paid_since(ctx, domain, ID_PROTECTION, ctx.today - A_YEAR)
