"""New names and more years: is it free, register, renew, and bring back what was lost."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from bot.handlers.domain_names import (
    LONGEST,
    RENEWAL,
    RESTORATION,
    ending,
    invoice_of,
    later,
    offered,
    open_invoice,
    registered,
)
from core.context import Context
from core.errors import Refusal, Rejected, Unsupported
from core.forms import DomainName, Years
from core.intents import intent
from core.messages import Proposal, Reply, say
from core.people import Permission, Risk
from core.ports import Domain, Invoice, Tld

ALTERNATIVES = 3
_VARIANTS = ("{}-online", "my-{}", "{}-shop", "the-{}", "{}24")


@intent(
    "domain.check_availability",
    says=(
        "is {domain} free",
        "is {domain} available",
        "is the domain {domain} still available",
        "is {domain} taken",
        "availability of {domain}",
        "price of {domain}",
    ),
    risk=Risk.PUBLIC,
    department="Sales",
    rows=("F19",),
)
def check_availability(ctx: Context, domain: DomainName) -> Reply:
    """Whether a name is free, its price, and three others if it is taken."""
    tld = offered(ctx, domain)
    found = ctx.registrar.lookup(domain)
    if found.registered:
        return _taken(ctx, domain, tld)
    return say("domain_free", name=domain, tld=tld, currency=ctx.client().currency)


@intent(
    "domain.register",
    says=(
        "register {domain}",
        "please register the domain {domain}",
        "order the domain {domain}",
        "buy {domain}",
        "i want to buy the domain {domain}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.ORDERS,
    department="Sales",
    rows=("F80",),
)
def register(ctx: Context, domain: DomainName, years: Years | None = None) -> Reply | Proposal:
    """Register a new domain for one year or more; it is ordered once you have confirmed."""
    tld, number = offered(ctx, domain), years or 1
    price = tld.registration(number)
    if price is None:
        raise Unsupported(f"registering .{tld.tld} names")
    if not 1 <= number <= tld.years_max:
        raise Refusal("domain_years", name=domain, most=tld.years_max)
    found = ctx.registrar.lookup(domain)
    if found.registered:
        return _taken(ctx, domain, tld)
    if waiting := _ordered(ctx, found.name):
        raise Refusal("domain_pending", domain=waiting)
    client = ctx.client()
    made: list[Invoice] = []
    return Proposal(
        question=say("domain_register_question", name=domain, years=number, price=price, tld=tld, client=client),
        done=say("domain_register_done", name=domain, years=number, made=made),
        act=lambda: _order(ctx, made, found.name, number),
        facts={"price": str(price), "years": str(number), "holder": f"{client.name} <{client.email}>"},
    )


@intent(
    "domain.renew",
    says=(
        "renew {domain}",
        "renew domain {domain} now",
        "extend {domain}",
        "prolong {domain}",
        "renew the domain {domain} please",
        "renew my domain",
    ),
    risk=Risk.CHANGE,
    permission=Permission.MANAGE_DOMAINS,
    department="Billing",
    rows=("F79",),
)
def renew(ctx: Context, domain: Domain, years: Years | None = None) -> Reply | Proposal:
    """Renew a domain now, for one year or more: an invoice, and the new expiry date once it is paid."""
    registered(ctx, domain)
    tld, number = ending(ctx, domain.name), years or 1
    currency = ctx.client().currency
    if domain.status.startswith("Redemption"):
        raise Refusal("domain_in_redemption", domain=domain, fee=_fee(tld), currency=currency)
    if waiting := open_invoice(ctx, domain, RENEWAL):
        return say("domain_renewal_open", domain=domain, invoice=waiting)
    if tld is None or tld.renew is None or domain.expires is None:
        raise Unsupported(f"renewing {domain.name}")
    until = later(domain.expires, number)
    if not 1 <= number <= tld.years_max or until > later(ctx.today, LONGEST):
        raise Refusal("domain_years", name=domain.name, most=min(tld.years_max, _years_left(ctx, domain)))
    price, made = tld.renew * number, list[Invoice]()
    return Proposal(
        question=say("domain_renew_question", domain=domain, years=number, price=price, currency=currency, until=until),
        done=say("domain_renew_done", domain=domain, until=until, made=made),
        act=lambda: made.append(ctx.shop.renew_domain(domain, number)),
        facts={"price": str(price), "expires": str(domain.expires), "years": str(number)},
    )


@intent(
    "domain.restore",
    says=("restore {domain}", "save {domain}", "rescue the domain {domain}", "get {domain} back from redemption"),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    department="Billing",
    rows=("X29",),
)
def restore(ctx: Context, domain: Domain) -> Reply | Proposal:
    """Bring a domain back that expired and is in redemption, for the registry's fee."""
    registered(ctx, domain)
    if not domain.status.startswith("Redemption"):
        return say("domain_not_in_redemption", domain=domain)
    if waiting := open_invoice(ctx, domain, RESTORATION):
        return say("domain_restore_open", domain=domain, invoice=waiting)
    tld = ending(ctx, domain.name)
    fee = _fee(tld)
    if tld is None or fee is None or tld.renew is None:
        raise Unsupported(f"restoring {domain.name}")
    currency, made = ctx.client().currency, list[Invoice]()
    return Proposal(
        question=say("domain_restore_question", domain=domain, fee=fee, renewal=tld.renew, currency=currency),
        done=say("domain_restore_done", domain=domain, made=made),
        act=lambda: made.append(ctx.shop.restore_domain(domain)),
        facts={"fee": str(fee), "renewal": str(tld.renew)},
    )


def _taken(ctx: Context, name: str, tld: Tld) -> Reply:
    own = next((one for one in ctx.billing.domains(ctx.who.client_id) if one.held and one.name == name), None)
    found = [] if own else list(islice(_free(ctx, name, tld), ALTERNATIVES))
    return say("domain_taken", name=name, own=own is not None, free=found, currency=ctx.client().currency)


def _free(ctx: Context, name: str, tld: Tld) -> Iterator[tuple[str, Tld]]:
    """Names like it that nobody has: first of the same ending, then the same name under others."""
    label = name.removesuffix(f".{tld.tld}")
    other = [(f"{label}.{it.tld}", it) for it in ctx.shop.tlds() if it.tld != tld.tld]
    for wanted, its in [*((f"{form.format(label)}.{tld.tld}", tld) for form in _VARIANTS), *other]:
        if its.register is not None and _is_free(ctx, wanted):
            yield wanted, its


def _is_free(ctx: Context, name: str) -> bool:
    try:
        return not ctx.registrar.lookup(name).registered
    except (Rejected, Unsupported):
        return False


def _ordered(ctx: Context, name: str) -> Domain | None:
    """An order of theirs for this name that is not finished."""
    mine = ctx.billing.domains(ctx.who.client_id)
    return next((one for one in mine if one.name == name and one.status.startswith("Pending")), None)


def _order(ctx: Context, made: list[Invoice], name: str, years: int) -> None:
    order = ctx.shop.register_domain(ctx.who.client_id, name, years)
    invoice = invoice_of(ctx, order.invoice_id)
    if invoice is not None:
        made.append(invoice)


def _fee(tld: Tld | None) -> Decimal | None:
    return tld.redemption_fee if tld is not None else None


def _years_left(ctx: Context, domain: Domain) -> int:
    """How many more a registration that ends on this day may have."""
    assert domain.expires is not None
    return max(0, sum(1 for more in range(1, LONGEST + 1) if later(domain.expires, more) <= later(ctx.today, LONGEST)))
