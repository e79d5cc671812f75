"""Domains: what there is, how one stands, and the code that lets it leave."""

from __future__ import annotations

from core.context import Context
from core.errors import Refusal
from core.intents import intent
from core.messages import Reply, say
from core.people import Permission, Risk
from core.ports import Domain, Registration


def registered(ctx: Context, domain: Domain) -> Registration:
    """What the registrar says of a domain that this client holds now. Raises Refusal."""
    if not domain.held:
        raise Refusal("domain_not_held", domain=domain)
    return ctx.registrar.registration(domain.name)


@intent(
    "domains.list",
    says=("which domains do i have", "list my domains", "all our domains", "when do my domains expire", "domain list"),
    risk=Risk.READ,
    permission=Permission.DOMAINS,
)
def list_domains(ctx: Context) -> Reply:
    """Your domains with expiry date, price, auto-renew and status."""
    return say(
        "domains", domains=ctx.billing.domains(ctx.who.client_id), currency=ctx.client().currency, today=ctx.today
    )


@intent(
    "domain.show",
    says=(
        "show domain {domain}",
        "show {domain}",
        "details of {domain}",
        "when does {domain} expire",
        "is {domain} locked",
        "which nameservers does {domain} have",
        "does {domain} renew by itself",
        "status of {domain}",
    ),
    risk=Risk.READ,
    permission=Permission.DOMAINS,
)
def show_domain(ctx: Context, domain: Domain) -> Reply:
    """One domain: dates, price, nameservers, registrar lock and auto-renew."""
    registration = registered(ctx, domain)
    return say("domain", domain=domain, registration=registration, currency=ctx.client().currency, today=ctx.today)


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
    ctx.tell_owner(say("epp_notice", domain=domain, sent_to=contact.email, who=ctx.who))
    return say("epp_sent", domain=domain, sent_to=contact.email)
