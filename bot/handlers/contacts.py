"""People who act for the account or get its mails. Only its owner gives rights."""

from __future__ import annotations

import re
from dataclasses import replace

from core import preferences
from core.context import Context
from core.errors import Refusal
from core.forms import Email, Text
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import ALL_PERMISSIONS, Assurance, Permission, Risk
from core.ports import Contact

_MAILS = {
    Permission.INVOICES: "invoice",
    Permission.DOMAINS: "domain",
    Permission.TICKETS: "support",
    Permission.PRODUCTS: "product",
    Permission.AFFILIATES: "affiliate",
}
"""The mails that a new contact gets for what they may see."""


@intent(
    "contacts.list",
    says=("list our contacts", "who has access to our account", "our sub-accounts", "show my contacts"),
    risk=Risk.READ,
    permission=Permission.CONTACTS,
    department="Billing",
    rows=("F30", "X44"),
)
def list_contacts(ctx: Context) -> Reply:
    """The contacts of your account, with what they may do and which mails they get."""
    client = ctx.client()
    return say("contacts", contacts=ctx.billing.contacts(client.id), billing=client.billing_contact_id)


@intent(
    "contacts.add",
    says=(
        "add a contact",
        "add a sub-account",
        "new contact for our account",
        "give somebody access to our account",
        "invite a user",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.CONTACTS,
    department="Billing",
    rows=("F30", "X44"),
)
def add_contact(ctx: Context, email: Email, text: Text) -> Reply | Proposal:
    """Add a contact by name and e-mail address, with the rights you name (invoices, domains, tickets, …)."""
    rights = _rights_in(text) or frozenset()
    if rights:
        _insist_on_owner(ctx)
    client = ctx.client()
    if any(email.lower() == known.lower() for known in (client.email, *_addresses(ctx))):
        raise Refusal("contact_known", email=email)
    first, last = _name_before(email, text)
    mails = preferences.kinds(_without(email, text)) or {_MAILS[it] for it in rights if it in _MAILS}
    contact = Contact("", client.id, first, last, email, rights, frozenset(mails), may_log_in=False)
    if ctx.who.assurance is Assurance.POSSESSION:
        ctx.tell(email, contact.name, say("contact_welcome", owner=client, contact=contact), kind="welcome")
    return Proposal(
        question=say("contact_add_question", contact=contact, rights=_listed(rights)),
        done=say("contact_added", contact=contact, rights=_listed(rights)),
        act=lambda: ctx.profiles.add_contact(contact).id,
        facts={"contacts": " ".join(sorted(_addresses(ctx)))},
        undo=Request("contacts.remove", {"contact": (email,)}),
    )


@intent(
    "contacts.update",
    says=(
        "change the rights of a contact",
        "manage domains too",
        "give our contact more rights",
        "see invoices too",
        "take rights from a contact",
        "change what a contact may do",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.CONTACTS,
    department="Billing",
    rows=("F32", "X44"),
)
def update_rights(ctx: Context, contact: Contact, text: Text) -> Reply | Proposal:
    """Change what a contact may do: domains, invoices, services, tickets, orders, and so on."""
    _insist_on_owner(ctx)
    words = _without(contact.email, text)
    after = preferences.chosen(words, contact.permissions, preferences.rights(words), ALL_PERMISSIONS)
    if after is None:
        raise Refusal("rights_which", contact=contact, rights=_listed(contact.permissions))
    if after == contact.permissions:
        return say("rights_done", contact=contact, rights=_listed(after), before=True)
    back = f"only {', '.join(_listed(contact.permissions))}" if contact.permissions else "no rights"
    return Proposal(
        question=say("rights_question", contact=contact, before=_listed(contact.permissions), after=_listed(after)),
        done=say("rights_done", contact=contact, rights=_listed(after), before=False),
        act=lambda: ctx.profiles.update_contact(replace(contact, permissions=after)),
        facts={"rights": " ".join(sorted(contact.permissions)), "email": contact.email},
        undo=Request("contacts.update", {"contact": (contact.email,), "text": (back,)}),
    )


@intent(
    "contacts.remove",
    says=(
        "remove a contact",
        "delete the contact",
        "remove the sub-account",
        "take a user off our account",
        "remove from our contacts",
        "remove him from our account",
        "remove her from our account",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.CONTACTS,
    department="Billing",
    rows=("F30", "X44"),
)
def remove_contact(ctx: Context, contact: Contact) -> Reply | Proposal:
    """Remove a contact: they get no mails and no answers about the account any more."""
    _insist_on_owner(ctx)
    mails = [it.email_preferences for it in ctx.billing.contacts(ctx.who.client_id) if it.id != contact.id]
    if not any("domain" in kinds for kinds in (ctx.client().email_preferences, *mails)):
        raise Refusal("preferences_last", who=contact.name)
    return Proposal(
        question=say("contact_remove_question", contact=contact, rights=_listed(contact.permissions)),
        done=say("contact_removed", contact=contact),
        act=lambda: ctx.profiles.remove_contact(contact),
        facts={"email": contact.email, "rights": " ".join(sorted(contact.permissions))},
    )


@intent(
    "contacts.login_on",
    says=(
        "activate the sub-account",
        "allow our contact to log in",
        "let a contact sign in to the client area",
        "activate login for a contact",
        "may log in to the client area again",
        "should be able to log in again",
        "may log in again",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.CONTACTS,
    department="Security",
    rows=("F33",),
)
def allow_login(ctx: Context, contact: Contact) -> Reply | Proposal:
    """Let a contact log in to the client area."""
    return _login(ctx, contact, on=True)


@intent(
    "contacts.login_off",
    says=(
        "deactivate the sub-account",
        "forbid our contact to log in",
        "switch the login of a contact off",
        "deactivate login for a contact",
        "must not log in any more",
        "must not be able to log in any more",
        "may no longer log in",
    ),
    risk=Risk.CHANGE,
    permission=Permission.CONTACTS,
    department="Security",
    rows=("F33",),
)
def forbid_login(ctx: Context, contact: Contact) -> Reply | Proposal:
    """Let a contact no longer log in to the client area; mails go on."""
    return _login(ctx, contact, on=False)


def _login(ctx: Context, contact: Contact, *, on: bool) -> Reply | Proposal:
    _insist_on_owner(ctx)
    if contact.may_log_in is on:
        return say("contact_login_done", contact=contact, on=on, before=on)
    return Proposal(
        question=say("contact_login_question", contact=contact, on=on, rights=_listed(contact.permissions)),
        done=say("contact_login_done", contact=contact, on=on, before=not on),
        act=lambda: ctx.profiles.update_contact(replace(contact, may_log_in=on)),
        facts={"login": str(contact.may_log_in), "email": contact.email},
        undo=Request("contacts.login_off" if on else "contacts.login_on", {"contact": (contact.email,)}),
    )


@intent(
    "contacts.change_email",
    says=(
        "new e-mail address of a contact",
        "change the e-mail address of our contact",
        "the e-mail address of our contact has changed",
    ),
    risk=Risk.SENSITIVE,
    department="Security",
    rows=("F28",),
)
def change_contact_email(ctx: Context, contact: Contact, email: Email) -> Reply | Proposal:
    """Change the e-mail address of a contact: the new mailbox has to agree."""
    if not ctx.who.owner and ctx.who.contact_id != contact.id:
        raise Refusal("owner_only")
    if email.lower() == contact.email.lower():
        return say("email_same", email=email)
    return Proposal(
        question=say("email_question", before=contact.email, after=email, name=contact.name),
        done=say("email_done", before=contact.email, after=email),
        act=lambda: ctx.profiles.update_contact(replace(contact, email=email)),
        facts={"email": contact.email},
    )


@intent(
    "contacts.billing",
    says=(
        "make a contact the billing contact",
        "billing contact",
        "our new billing contact",
        "send future invoices to a contact",
        "send invoices to the owner again",
        "from now on invoices should go to",
        "send our invoices to another address in future",
        "künftig sollen rechnungen gehen an",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.CONTACTS,
    department="Billing",
    rows=("F29",),
)
def set_billing_contact(ctx: Context, text: Text, contact: Contact | None = None) -> Reply | Proposal:
    """Choose the contact whom invoices go to, or yourself again."""
    _insist_on_owner(ctx)
    client = ctx.client()
    if contact is None and not re.search(r"\b(?:me|myself|us|owner)\b", text, re.IGNORECASE):
        raise Refusal("billing_contact_which", contacts=ctx.billing.contacts(client.id))
    known = {it.id: it for it in ctx.billing.contacts(client.id)}
    present, wanted = known.get(client.billing_contact_id), contact.id if contact else ""
    name = contact.name if contact else client.name
    if wanted == client.billing_contact_id:
        return say("billing_contact_done", name=name, before=True)
    back = {"contact": (present.email,), "text": ("billing contact",)} if present else {"text": ("invoices to me",)}
    return Proposal(
        question=say("billing_contact_question", name=name, email=contact.email if contact else client.email),
        done=say("billing_contact_done", name=name, before=False),
        act=lambda: ctx.profiles.update(client.id, {"billing_contact_id": wanted}),
        facts={"billing": client.billing_contact_id},
        undo=Request("contacts.billing", back),
    )


def _insist_on_owner(ctx: Context) -> None:
    if not ctx.who.owner:
        raise Refusal("owner_only")


def _addresses(ctx: Context) -> list[str]:
    return [contact.email for contact in ctx.billing.contacts(ctx.who.client_id)]


def _rights_in(text: str) -> frozenset[Permission] | None:
    """What a new contact shall be able to do; the address itself may hold such a word."""
    words = re.sub(r"\S+@\S+", " ", text)
    return preferences.chosen(words, frozenset(), preferences.rights(_ADDING.sub(" ", words)), ALL_PERMISSIONS)


_ADDING = re.compile(r"\b(?:contacts?|sub-?accounts?)\b", re.IGNORECASE)
"""What is added is no right to manage such things."""


def _without(email: str, text: str) -> str:
    return text.replace(email, " ")


def _name_before(email: str, text: str) -> tuple[str, str]:
    """The capitalised words right before the address, else what stands before its @."""
    before = text.partition(email)[0].rstrip(" <(,:\n")
    found = re.search(r"((?:[A-ZÀ-ÞŁŚŻ][\w'’-]*\s+){0,3}[A-ZÀ-ÞŁŚŻ][\w'’-]*)\Z", before)
    words = [word for word in (found[1].split() if found else []) if word.lower() not in _NO_NAME]
    if not words:
        return email.partition("@")[0], ""
    return words[0], " ".join(words[1:])


_NO_NAME = frozenset(
    "please add invite contact contacts user new email e-mail mail address name our my the give".split()
)


def _listed(rights: frozenset[Permission]) -> list[str]:
    """In the order of the client area."""
    return [str(right) for right in Permission if right in rights]
