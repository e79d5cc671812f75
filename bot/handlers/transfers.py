"""Transfers: may a name come to us, bring it, how far it is, and the code that lets one leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.handlers.domain_names import LONGEST, invoice_of, later, offered, registered
from core.context import Context
from core.errors import Refusal, Unsupported
from core.forms import DomainName
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.passwords import transfer_code
from core.people import Assurance, Permission, Risk
from core.ports import Domain, Invoice, InvoiceItem, Lookup, Tld

LONGEST_TRANSFER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Preflight:
    """What decides whether a name can come to us now."""

    name: str
    lookup: Lookup
    tld: Tld
    free_from: date | None
    """The first day on which it may leave its registrar, while that is to come."""
    expires_after: date | None

    @property
    def ready(self) -> bool:
        return not self.lookup.locked and self.free_from is None


@intent(
    "domain.transfer_check",
    says=(
        "can {domain} be transferred",
        "is {domain} ready for a transfer",
        "is {domain} transferable",
    ),
    risk=Risk.PUBLIC,
    department="Sales",
    rows=("F82",),
)
def check_transfer(ctx: Context, domain: DomainName) -> Reply:
    """Whether a domain can be transferred to us now: lock, age, price and the date it then expires."""
    return say("transfer_check", checked=preflight(ctx, domain), currency=ctx.client().currency)


@intent(
    "domain.transfer_in",
    says=(
        "transfer my domain {domain} to your company",
        "i want to transfer {domain} in",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.ORDERS,
    department="Sales",
    rows=("F81",),
)
def transfer_in(ctx: Context, domain: DomainName) -> Reply | Proposal:
    """Transfer a domain from another registrar to us: we check first whether it can leave."""
    checked, currency = preflight(ctx, domain), ctx.client().currency
    if not checked.ready:
        return say("transfer_check", checked=checked, currency=currency)
    code = transfer_code(ctx.text)
    if ctx.who.assurance is Assurance.POSSESSION and not code:
        raise Refusal("transfer_code_missing", name=domain)
    made: list[Invoice] = []
    return Proposal(
        question=say("transfer_question", checked=checked, currency=currency, given=bool(code)),
        done=say("transfer_ordered", checked=checked, made=made),
        act=lambda: _order(ctx, made, checked.lookup.name, code),
        facts={"price": str(checked.tld.transfer), "registrar": checked.lookup.registrar},
    )


@intent(
    "domain.transfer_status",
    says=(
        "transfer status of {domain}",
        "progress of the transfer of {domain}",
        "status of my transfer",
        "where is my transfer",
        "is my transfer done",
        "how is my transfer of {domain}",
        "how far is the transfer of {domain}",
        "wie weit ist der transfer von {domain}",
        "où en est le transfert de {domain}",
    ),
    risk=Risk.READ,
    permission=Permission.DOMAINS,
    rows=("F83",),
)
def transfer_status(ctx: Context, domain: Domain | None = None) -> Reply:
    """How far the transfer of your domain to us is."""
    if domain is not None and domain.held:
        return say("transfer_none", domain=domain)
    mine = [domain] if domain is not None else ctx.billing.domains(ctx.who.client_id)
    under_way = [_progress(ctx, one) for one in mine if one.status == "Pending Transfer"]
    if not under_way:
        return say("transfer_none", domain=None)
    return say("transfer_status", transfers=under_way, today=ctx.today)


@intent(
    "domain.epp_code",
    says=(
        "epp code for {domain}",
        "epp {domain}",
        "auth code of {domain}",
        "transfer code for {domain}",
        "transfer authorization code {domain}",
        "transfer {domain} away",
        "move {domain} to another registrar",
        "transfer {domain} to another registrar",
    ),
    risk=Risk.SECRET,
    permission=Permission.MANAGE_DOMAINS,
    rows=("F78",),
)
def send_epp_code(ctx: Context, domain: Domain) -> Reply:
    """The transfer (EPP) code of a domain, sent to the domain's admin contact."""
    registration = registered(ctx, domain)
    if registration.locked:
        raise Refusal("epp_locked", domain=domain)
    if registration.transfer_lock_until is not None and registration.transfer_lock_until > ctx.today:
        raise Refusal("epp_too_young", domain=domain, until=registration.transfer_lock_until)
    contact = registration.admin if registration.admin.email else registration.registrant
    if not contact.email:
        raise Refusal("epp_no_contact", domain=domain)
    code = ctx.journal.once(f"auth_code {domain.name}", lambda: ctx.registrar.auth_code(domain.name))
    ctx.tell(contact.email, contact.name, say("epp_code", domain=domain, code=code, who=ctx.who), kind="secret")
    lock_again = Request("domain.lock", {"domain": (domain.name,)})
    ctx.tell_owner(say("epp_notice", domain=domain, sent_to=contact.email, who=ctx.who), undo=lock_again)
    return say("epp_sent", domain=domain, sent_to=contact.email)


def preflight(ctx: Context, name: str) -> Preflight:
    """The checks that a client would have to make with their registrar. Raises Refusal when none are needed."""
    tld = offered(ctx, name)
    mine = next((one for one in ctx.billing.domains(ctx.who.client_id) if one.name == name), None)
    if mine is not None and mine.held:
        raise Refusal("transfer_here_already", domain=mine)
    if mine is not None and mine.status.startswith("Pending"):
        raise Refusal("domain_pending", domain=mine)
    found = ctx.registrar.lookup(name)
    if not found.registered:
        raise Refusal("transfer_of_nothing", name=name, tld=tld, currency=ctx.client().currency)
    if tld.transfer is None or found.registrar == ctx.billing.company().name:
        raise Unsupported(f"transferring {name}")
    starts = [day for day in (found.created, found.transferred) if day is not None]
    free_from = max(starts) + timedelta(days=tld.lock_days_after_transfer) if starts else None
    after = min(later(found.expires, 1), later(ctx.today, LONGEST)) if found.expires else None
    return Preflight(name, found, tld, free_from if free_from and free_from > ctx.today else None, after)


def _order(ctx: Context, made: list[Invoice], name: str, code: str) -> None:
    order = ctx.shop.transfer_domain(ctx.who.client_id, name, code)
    invoice = invoice_of(ctx, order.invoice_id)
    if invoice is not None:
        made.append(invoice)


@dataclass(frozen=True, slots=True)
class Progress:
    """A transfer under way. Without `since` it has not begun: `invoice` is what it waits for."""

    domain: Domain
    since: date | None
    until: date | None
    invoice: Invoice | None
    lookup: Lookup | None


def _progress(ctx: Context, domain: Domain) -> Progress:
    since = domain.transfer_requested
    waiting = (it for it in ctx.billing.invoices(domain.client_id) if it.balance > 0)
    invoice = next((it for it in waiting if any(_is_transfer_of(line, domain) for line in it.items)), None)
    try:
        lookup = ctx.registrar.lookup(domain.name)
    except Unsupported:
        lookup = None
    return Progress(domain, since, since + LONGEST_TRANSFER if since else None, None if since else invoice, lookup)


def _is_transfer_of(line: InvoiceItem, domain: Domain) -> bool:
    return line.type == "DomainTransfer" and line.about == domain.id
