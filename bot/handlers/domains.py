"""Domains: what there is, how one stands, and the code that lets it leave."""

from __future__ import annotations

from core.context import Context
from core.errors import Refusal
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
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
    lock_again = Request("domain.lock", {"domain": (domain.name,)})
    ctx.tell_owner(say("epp_notice", domain=domain, sent_to=contact.email, who=ctx.who), undo=lock_again)
    return say("epp_sent", domain=domain, sent_to=contact.email)


@intent(
    "domain.lock",
    says=("lock {domain}", "switch the registrar lock of {domain} on", "turn on the transfer lock for {domain}"),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    safe=True,
)
def lock(ctx: Context, domain: Domain) -> Reply | Proposal:
    """Switch a domain's registrar lock on, so that it cannot be moved away."""
    registration = registered(ctx, domain)
    return Proposal(
        question=say("lock_question", domain=domain),
        done=say("lock_done", domain=domain, before=registration.locked),
        act=lambda: ctx.registrar.set_lock(domain.name, locked=True),
        facts={"locked": str(registration.locked)},
    )


@intent(
    "domain.unlock",
    says=("unlock {domain}", "switch the registrar lock of {domain} off", "take the transfer lock off {domain}"),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
)
def unlock(ctx: Context, domain: Domain) -> Reply | Proposal:
    """Switch a domain's registrar lock off, which a transfer away needs."""
    registration = registered(ctx, domain)
    if not registration.locked:
        return say("unlock_done", domain=domain, before=False)
    return Proposal(
        question=say("unlock_question", domain=domain),
        done=say("unlock_done", domain=domain, before=True),
        act=lambda: ctx.registrar.set_lock(domain.name, locked=False),
        facts={"locked": "True"},
        undo=Request("domain.lock", {"domain": (domain.name,)}),
    )


@intent(
    "domain.autorenew_on",
    says=("switch auto-renew of {domain} on", "renew {domain} automatically", "turn on automatic renewal for {domain}"),
    risk=Risk.CHANGE,
    permission=Permission.MANAGE_DOMAINS,
    safe=True,
)
def auto_renew_on(ctx: Context, domain: Domain) -> Reply | Proposal:
    """Let a domain renew by itself: an invoice comes before it expires."""
    return _auto_renew(ctx, domain, on=True)


@intent(
    "domain.autorenew_off",
    says=("switch auto-renew of {domain} off", "turn off automatic renewal for {domain}"),
    risk=Risk.CHANGE,
    permission=Permission.MANAGE_DOMAINS,
)
def auto_renew_off(ctx: Context, domain: Domain) -> Reply | Proposal:
    """Let a domain end on its expiry date instead of renewing by itself."""
    return _auto_renew(ctx, domain, on=False)


def _auto_renew(ctx: Context, domain: Domain, *, on: bool) -> Reply | Proposal:
    registered(ctx, domain)
    if domain.auto_renew is on:
        return say("auto_renew_done", domain=domain, on=on, before=on)
    back = "domain.autorenew_off" if on else "domain.autorenew_on"
    return Proposal(
        question=say("auto_renew_question", domain=domain, on=on),
        done=say("auto_renew_done", domain=domain, on=on, before=not on),
        act=lambda: ctx.billing.set_auto_renew(domain, on=on),
        facts={"auto_renew": str(domain.auto_renew), "expires": str(domain.expires)},
        undo=Request(back, {"domain": (domain.name,)}),
    )
