"""Who holds a domain, as WHOIS shows it: the contacts, and their verification."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

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
FIELDS = {
    "name": r"(?:full )?name",
    "organisation": r"organi[sz]ation|company",
    "email": r"e-?mail(?: address)?",
    "phone": r"(?:tele)?phone(?: number)?",
    "address": r"(?:postal )?address",
}
_ANY = "|".join(FIELDS.values())
_PARTS = re.compile(rf"\n+|[;,]\s+(?=(?:{_ANY})\s*:)", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>\"(),;:]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}")
NOTHING = "-"
"""Stands for an empty field."""


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
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("F77",),
)
def update_contact(ctx: Context, domain: Domain, text: Text) -> Reply | Proposal:
    """Change who holds a domain, or how they are reached."""
    registration = registered(ctx, domain)
    role = "admin" if re.search(r"\badmin", text, re.IGNORECASE) else "registrant"
    before = _contact(registration, role)
    after = replace(before, **_wanted(domain, text))
    if after == before:
        return say("domain_contact_same", domain=domain, role=role, contact=before)
    new_holder = role == "registrant" and _identity(before) != _identity(after)
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
        undo=Request("domain.contact_update", {"domain": (domain.name,), "text": (_as_text(role, before),)}),
    )


@intent(
    "domain.resend_verification",
    says=(
        "resend the verification mail for {domain}",
        "send the registrant verification of {domain} again",
        "verify the registrant of {domain}",
        "whois verification mail for {domain}",
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


def fields_in(text: str) -> dict[str, str]:
    """What lines such as "Phone: +33 1 99 00 12 34" say, by the fields of `DomainContact`."""
    found: dict[str, str] = {}
    for part in _PARTS.split(text):
        for field, words in FIELDS.items():
            said = re.search(rf"(?:^|:)\W*(?:new )?(?:{words})(?:\s*[:=]| is| to)\s*(.+)$", part.strip(), re.IGNORECASE)
            if said:
                found[field] = _value(field, said.group(1))
                break
    return found


def _value(field: str, said: str) -> str:
    """An address is written on one line, with commas (or slashes, if a comma belongs into it) between its lines."""
    said = said.strip().strip(",;")
    if said == NOTHING:
        return ""
    if field != "address":
        return said
    lines = said.split(" / ") if said.endswith(" /") or " / " in said else said.split(",")
    return "\n".join(line.strip(" /") for line in lines if line.strip(" /"))


def _wanted(domain: Domain, text: str) -> Mapping[str, str]:
    """Raises Missing when they have not said it yet, Refusal when it can't be read."""
    wanted = fields_in(text)
    if not wanted and domain.name in text.lower():
        raise Missing("text", (), kind="text")
    wrong = next((value for field, value in wanted.items() if not _fits(field, value)), "")
    if wrong or not wanted:
        raise Refusal("domain_contact_form", domain=domain, wrong=wrong)
    return wanted


def _fits(field: str, value: str) -> bool:
    return len(value) <= 255 and (field != "email" or _EMAIL.fullmatch(value) is not None)


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


def _as_text(role: str, contact: DomainContact) -> str:
    """So that `fields_in` reads the same contact again."""
    address = " / ".join(contact.address.splitlines())
    values = (contact.name, contact.organisation, contact.email, contact.phone, f"{address} /" if address else "")
    return "\n".join([role, *(f"{field}: {value or NOTHING}" for field, value in zip(FIELDS, values, strict=True))])
