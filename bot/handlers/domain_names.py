"""What the pages about domains share: whose a name is, which ending it has, what waits for payment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.access import Missing
from core.context import Context
from core.errors import Refusal, Unsupported
from core.ports import Domain, Invoice, Registration, Tld

RENEWAL, ID_PROTECTION, RESTORATION = "Domain", "DomainAddonIDP", "DomainRestore"
"""The types of invoice lines, as billing systems call them."""
OWED = ("Unpaid", "Collections", "Payment Pending")
ALL = "all"
"""What stands for all domains of the sender where several are possible."""
LONGEST = 10
"""Years that a registration may run from today."""


def registered(ctx: Context, domain: Domain) -> Registration:
    """What the registrar says of a domain that this client holds now. Raises Refusal."""
    if domain.status.startswith("Pending"):
        raise Refusal("domain_pending", domain=domain)
    if not domain.held:
        raise Refusal("domain_not_held", domain=domain)
    return ctx.registrar.registration(domain.name)


def ending(ctx: Context, name: str) -> Tld | None:
    """The longest ending of the price list that the name has: co.uk before uk."""
    fitting = [tld for tld in ctx.shop.tlds() if name.endswith(f".{tld.tld}")]
    return max(fitting, key=lambda tld: len(tld.tld), default=None)


def offered(ctx: Context, name: str) -> Tld:
    """The ending of a name that could be registered by itself. Raises Refusal.

    A stranger's question is for a person: an answer would repeat words that anybody chose to an address that anybody
    gave.
    """
    if not ctx.who.known:
        raise Unsupported("answers about names to strangers")
    found = ending(ctx, name)
    if found is None:
        raise Refusal("domain_ending_unknown", name=name, endings=[f".{tld.tld}" for tld in ctx.shop.tlds()])
    label = name.removesuffix(f".{found.tld}")
    if "." in label:
        raise Refusal("domain_is_part", name=name, whole=f"{label.rpartition('.')[2]}.{found.tld}")
    return found


def open_invoice(ctx: Context, domain: Domain, kind: str) -> Invoice | None:
    """The invoice with such a line for this domain that is not paid yet."""
    return next(
        (it for it in ctx.billing.invoices(domain.client_id) if it.status in OWED and _has(it, domain, kind)), None
    )


def paid_since(ctx: Context, domain: Domain, kind: str, since: date) -> bool:
    return any(
        invoice.status == "Paid" and invoice.date >= since and _has(invoice, domain, kind)
        for invoice in ctx.billing.invoices(domain.client_id)
    )


def invoice_of(ctx: Context, invoice_id: str) -> Invoice | None:
    return next((it for it in ctx.billing.invoices(ctx.who.client_id) if it.id == invoice_id), None)


def _has(invoice: Invoice, domain: Domain, kind: str) -> bool:
    return any(item.type == kind and item.about == domain.id for item in invoice.items)


def later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def own_domains(ctx: Context, slot: str, names: Sequence[str], *, several: bool = True) -> list[Domain]:
    """The sender's domains of these names, in their order; the only one they have, for none; those held, for "all".

    Raises Missing for a name that is not theirs, and to ask which.
    """
    every = {one.name: one for one in sorted(ctx.billing.domains(ctx.who.client_id), key=lambda one: one.held)}
    if (names == (ALL,) and several) or (not names and len(every) == 1):
        return [one for one in every.values() if one.held or len(every) == 1]
    unknown = next((name for name in names if name not in every), "")
    if unknown or not names:
        more = (ALL,) if several and every else ()
        raise Missing(slot, (*sorted(every)[: 9 - len(more)], *more), unknown=unknown)
    return [every[name] for name in dict.fromkeys(names)]
