"""Who holds a domain, as WHOIS shows it: the contacts, and their verification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.handlers.contact_forms import as_lines, as_text, fields_in, fits, role_in
from bot.handlers.domain_names import ending, registered
from core.access import Missing
from core.context import Context
from core.errors import Refusal
from core.forms import Text
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import Domain, DomainContact, Registration

DEFAULT_LOCK_DAYS = 60


@intent(
    "domain.contact_show",
    says=(
        "contact information of {domain}",
        "who is the registrant of {domain}",
        "show the whois contacts of {domain}",
        "who owns {domain}",
        "admin contact of {domain}",
    ),
    risk=Risk.READ,
    permission=Permission.DOMAINS,
    rows=("F77",),
)
def show_contacts(ctx: Context, domain: Domain) -> Reply:
    """The registrant and the admin contact of a domain."""
    return say("domain_contacts", domain=domain, registration=registered(ctx, domain))


@intent(
    "domain.contact_update",
    says=(
        "change the contact information of {domain}",
        "change the registrant of {domain}",
        "update the whois contact of {domain}",
        "change the admin contact of {domain}",
        "change the owner of {domain}",
        "new registrant for {domain}",
        "change the registrant phone of {domain}",
        "change the registrant address of {domain}",
        "change the registrant email of {domain}",
        "change the registrant name of {domain}",
        "change the admin email of {domain}",
        "bitte den Inhaber von {domain} ändern",
        "bitte den Admin-Kontakt von {domain} ändern",
        "modifier le titulaire de {domain}",
        "modifier le contact administratif de {domain}",
        "cambiar el titular de {domain}",
        "cambiar el contacto administrativo de {domain}",
        "cambiare l'intestatario di {domain}",
        "cambiare il contatto amministrativo di {domain}",
        "wijzig de houder van {domain}",
        "wijzig de admin-contact van {domain}",
        "zmień abonenta {domain}",
        "zmień kontakt administracyjny {domain}",
        "alterar o titular de {domain}",
        "alterar o contacto administrativo de {domain}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("F77",),
)
def update_contact(ctx: Context, domain: Domain, text: Text) -> Reply | Proposal:
    """Change who holds a domain, or how they are reached."""
    registration = registered(ctx, domain)
    role = role_in(text)
    before = _contact(registration, role)
    wanted = fields_in(text)
    if not wanted:
        form = say("domain_contact_form", domain=domain, role=role, lines=as_lines(before, role))
        if role == "registrant":  # Lines that come back without the form's heading can only be theirs.
            raise Missing("text", (), kind="text", reply=form)
        return form
    after = replace(before, **_usable(domain, role, before, wanted))
    if after == before:
        return say("domain_contact_same", domain=domain, role=role, contact=before)
    new_holder = role == "registrant" and _identity(before) != _identity(after)
    if new_holder and domain.status.startswith("Redemption"):
        raise Refusal("domain_contact_redemption", domain=domain)
    about = {
        "domain": domain,
        "role": role,
        "before": before,
        "after": after,
        "new_holder": new_holder,
        "lock_days": _lock_days(ctx, domain) if new_holder else 0,
        "verify": role == "registrant" and before.email != after.email,
    }
    return Proposal(
        question=say("domain_contact_question", **about),
        done=say("domain_contact_done", **about),
        act=lambda: _change(ctx, domain, role, before, after),
        facts={"before": repr(before)},
        undo=Request("domain.contact_update", {"domain": (domain.name,), "text": (as_text(role, before),)}),
    )


@intent(
    "domain.resend_verification",
    says=(
        "resend the verification mail for {domain}",
        "send the registrant verification of {domain} again",
        "verify the registrant of {domain}",
        "whois verification mail for {domain}",
        "i never got the verification mail for {domain}",
        "the verification mail for {domain} never came",
    ),
    risk=Risk.SECRET,
    permission=Permission.MANAGE_DOMAINS,
    rows=("X28",),
)
def resend_verification(ctx: Context, domain: Domain) -> Reply:
    """Have the mail sent again with which the registrant of a domain confirms their address."""
    registration = registered(ctx, domain)
    if not registration.verification_open:
        return say("domain_verified", domain=domain)
    step = f"verification {domain.name}"
    sent_to = ctx.journal.once(step, lambda: ctx.registrar.resend_verification(domain.name))
    return say("domain_verification_sent", domain=domain, sent_to=sent_to)


def _usable(domain: Domain, role: str, before: DomainContact, wanted: Mapping[str, str]) -> Mapping[str, str]:
    """Raises Refusal for a value that no registry would take."""
    wrong = [value for field, value in wanted.items() if not fits(field, value)]
    if wrong:
        raise Refusal("domain_contact_wrong", domain=domain, role=role, wrong=wrong, lines=as_lines(before, role))
    return wanted


def _change(ctx: Context, domain: Domain, role: str, before: DomainContact, after: DomainContact) -> None:
    """The former holder is told as well, at the address that was on the domain."""
    ctx.registrar.set_contact(domain.name, role, after)
    owner = ctx.client().email
    if before.email and before.email.lower() not in (after.email.lower(), owner.lower()):
        ctx.tell(before.email, before.name, say("domain_contact_notice", domain=domain, role=role))


def _contact(registration: Registration, role: str) -> DomainContact:
    return registration.admin if role == "admin" else registration.registrant


def _identity(contact: DomainContact) -> tuple[str, str, str]:
    """Whoever changes one of these changes the registrant, says ICANN's transfer policy."""
    return contact.name, contact.organisation, contact.email


def _lock_days(ctx: Context, domain: Domain) -> int:
    found = ending(ctx, domain.name)
    return DEFAULT_LOCK_DAYS if found is None else found.lock_days_after_transfer
