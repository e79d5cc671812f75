"""Domains: what there is, how one stands, its lock, and whether it renews by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.handlers.domain_names import RENEWAL, open_invoice, registered
from core.context import Context
from core.errors import Rejected
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import Domain


@intent(
    "domains.list",
    says=("which domains do i have", "list my domains", "all our domains", "when do my domains expire", "domain list"),
    risk=Risk.READ,
    permission=Permission.DOMAINS,
    rows=("F71",),
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
        "does {domain} renew by itself",
        "status of {domain}",
        "everything about {domain}",
    ),
    risk=Risk.READ,
    permission=Permission.DOMAINS,
    rows=("F72",),
)
def show_domain(ctx: Context, domain: Domain) -> Reply:
    """One domain: dates, price, nameservers, registrar lock and auto-renew."""
    registration = registered(ctx, domain)
    return say("domain", domain=domain, registration=registration, currency=ctx.client().currency, today=ctx.today)


@intent(
    "domain.lock",
    says=("lock {domain}", "switch the registrar lock of {domain} on", "turn on the transfer lock for {domain}"),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    safe=True,
    rows=("F75",),
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
    rows=("F75",),
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
    "domains.lock_all",
    says=("lock all my domains", "switch the registrar lock on for all domains", "lock every domain"),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    safe=True,
    rows=("X31",),
)
def lock_all(ctx: Context) -> Reply | Proposal:
    """Switch the registrar lock of all your domains on."""
    held = _held(ctx)
    results: set[str] = set()
    return Proposal(
        question=say("domains_lock_question", domains=held),
        done=say("domains_lock_done", domains=held, results=results),
        act=lambda: _each(held, results, lambda domain: ctx.registrar.set_lock(domain.name, locked=True)),
        facts={"domains": " ".join(domain.name for domain in held)},
    )


@intent(
    "domain.autorenew_on",
    says=("switch auto-renew of {domain} on", "renew {domain} automatically", "turn on automatic renewal for {domain}"),
    risk=Risk.CHANGE,
    permission=Permission.MANAGE_DOMAINS,
    safe=True,
    department="Billing",
    rows=("F73",),
)
def auto_renew_on(ctx: Context, domain: Domain) -> Reply | Proposal:
    """Let a domain renew by itself: an invoice comes before it expires."""
    registered(ctx, domain)
    if domain.auto_renew:
        return say("auto_renew_done", domain=domain, on=True, before=True)
    return Proposal(
        question=say("auto_renew_question", domain=domain, on=True),
        done=say("auto_renew_done", domain=domain, on=True, before=False),
        act=lambda: ctx.billing.set_auto_renew(domain, on=True),
        facts={"auto_renew": "False", "expires": str(domain.expires)},
        undo=Request("domain.autorenew_off", {"domain": (domain.name,)}),
    )


@intent(
    "domain.autorenew_off",
    says=(
        "stop auto-renew of {domain}",
        "stop renewing {domain}",
        "switch auto-renew of {domain} off",
        "turn off automatic renewal for {domain}",
        "let {domain} lapse",
        "disable auto-renew for {domain}",
    ),
    risk=Risk.CHANGE,
    permission=Permission.MANAGE_DOMAINS,
    department="Billing",
    rows=("F73",),
)
def auto_renew_off(ctx: Context, domain: Domain) -> Reply | Proposal:
    """Let a domain end on its expiry date instead of renewing by itself."""
    registered(ctx, domain)
    if not domain.auto_renew:
        return say("auto_renew_done", domain=domain, on=False, before=False)
    waiting = open_invoice(ctx, domain, RENEWAL)
    question = say("auto_renew_question", domain=domain, on=False)
    done = say("auto_renew_done", domain=domain, on=False, before=True)
    if waiting is not None:
        question = say("domain_let_expire_question", domain=domain, invoice=waiting)
        done = say("domain_let_expire_done", domain=domain, invoice=waiting)
    return Proposal(
        question=question,
        done=done,
        act=lambda: ctx.billing.set_auto_renew(domain, on=False),
        facts={"expires": str(domain.expires), "invoice": waiting.number if waiting else ""},
        undo=Request("domain.autorenew_on", {"domain": (domain.name,)}),
    )


@intent(
    "domains.autorenew_all_on",
    says=(
        "switch auto-renew on for all my domains",
        "turn on automatic renewal for all domains",
        "renew all my domains automatically",
        "turn on auto-renew for all my domains",
        "turn on auto-renew for all domains",
    ),
    risk=Risk.CHANGE,
    permission=Permission.MANAGE_DOMAINS,
    safe=True,
    department="Billing",
    rows=("X31",),
)
def auto_renew_all_on(ctx: Context) -> Reply | Proposal:
    """Let all your domains renew by themselves."""
    held = _held(ctx)
    results: set[str] = set()
    return Proposal(
        question=say("domains_autorenew_question", domains=held),
        done=say("domains_autorenew_done", domains=held, results=results),
        act=lambda: _each(held, results, lambda domain: ctx.billing.set_auto_renew(domain, on=True)),
        facts={"domains": " ".join(domain.name for domain in held)},
    )


def _held(ctx: Context) -> list[Domain]:
    return [domain for domain in ctx.billing.domains(ctx.who.client_id) if domain.held]


def _each(domains: Sequence[Domain], results: set[str], act: Callable[[Domain], None]) -> None:
    """One that is refused does not keep the others from it; `results` are the names for which it was done."""
    for domain in domains:
        try:
            act(domain)
        except Rejected:
            continue
        results.add(domain.name)
