"""Which mails the account and its contacts get."""

from __future__ import annotations

from core import preferences
from core.context import Context
from core.errors import Refusal
from core.forms import Text
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import PREFERENCES, Contact

EVERY = frozenset(PREFERENCES)


@intent(
    "preferences.show",
    says=(
        "who gets which mails",
        "e-mail preferences",
        "my e-mail preferences",
        "notification settings",
        "wer bekommt welche mails",
        "qui reçoit quels mails",
        "wie krijgt welke mails",
        "chi riceve quali mail",
    ),
    risk=Risk.READ,
    permission=Permission.PROFILE,
    rows=("F31",),
)
def show_preferences(ctx: Context) -> Reply:
    """Who of your account gets which mails."""
    client = ctx.client()
    people = [(client.name, client.email, client.email_preferences)]
    if Permission.CONTACTS in ctx.who.permissions:
        people += [(it.name, it.email, it.email_preferences) for it in ctx.billing.contacts(client.id)]
    return say("preferences", people=[(name, email, _in_order(kinds)) for name, email, kinds in people])


@intent(
    "preferences.update",
    says=(
        "only invoices by mail",
        "only mails about domains",
        "change my e-mail preferences",
        "fewer mails",
        "mails about invoices too",
        "mails about domains too",
        "mails about support too",
        "all kinds of mails",
        "only needs invoices",
        "only get mails about invoices",
        "only mails about invoices",
        "i don't want any more mails about domains",
        "no more mails about domains",
        "no more mails about invoices",
    ),
    risk=Risk.CHANGE,
    permission=Permission.PROFILE,
    rows=("F31",),
)
def update_preferences(ctx: Context, text: Text, contact: Contact | None = None) -> Reply | Proposal:
    """Choose which mails you or a contact get: general, product, domain, invoice, support, affiliate."""
    before = contact.email_preferences if contact else ctx.client().email_preferences
    after = preferences.chosen(text, before, preferences.kinds(text), EVERY)
    if after is None:
        raise Refusal("preferences_which", kinds=list(PREFERENCES))
    return _proposal(ctx, contact, before, after, "preferences.update")


@intent(
    "marketing.off",
    says=(
        "unsubscribe from the newsletter",
        "unsubscribe me from marketing mails",
        "no more newsletters",
        "opt out of marketing",
        "newsletter off",
    ),
    risk=Risk.CHANGE,
    safe=True,
    rows=("X46",),
)
def marketing_off(ctx: Context) -> Reply | Proposal:
    """No newsletters and offers any more."""
    return _marketing(ctx, on=False)


@intent(
    "marketing.on",
    says=("subscribe to the newsletter again", "newsletter on", "opt in to marketing mails"),
    risk=Risk.CHANGE,
    safe=True,
    rows=("X46",),
)
def marketing_on(ctx: Context) -> Reply | Proposal:
    """Newsletters and offers again."""
    return _marketing(ctx, on=True)


def _marketing(ctx: Context, *, on: bool) -> Reply | Proposal:
    """Of whoever asks: a contact's own mails are theirs to choose."""
    client = ctx.client()
    contact = next((it for it in ctx.billing.contacts(client.id) if it.id == ctx.who.contact_id), None)
    before = contact.email_preferences if contact else client.email_preferences
    after = before | {"general"} if on else before - {"general"}
    return Proposal(
        question=say("marketing_done", on=on),
        done=say("marketing_done", on=on),
        act=lambda: ctx.profiles.set_email_preferences(client.id, contact.id if contact else "", after),
        facts={"general": str("general" in before)},
        undo=Request("marketing.off" if on else "marketing.on", {}),
    )


def _proposal(
    ctx: Context, contact: Contact | None, before: frozenset[str], after: frozenset[str], name: str
) -> Reply | Proposal:
    client = ctx.client()
    who = contact.name if contact else client.name
    if before == after:
        return say("preferences_done", who=who, kinds=_in_order(after), before=True)
    others = [client.email_preferences] if contact else []
    others += [it.email_preferences for it in ctx.billing.contacts(client.id) if contact is None or it.id != contact.id]
    if "domain" not in after and not any("domain" in kinds for kinds in others):
        raise Refusal("preferences_last", who=who)
    words = {"text": (f"only {', '.join(_in_order(before))}" if before else "nothing",)}
    return Proposal(
        question=say("preferences_question", who=who, before=_in_order(before), after=_in_order(after)),
        done=say("preferences_done", who=who, kinds=_in_order(after), before=False),
        act=lambda: ctx.profiles.set_email_preferences(client.id, contact.id if contact else "", after),
        facts={"kinds": " ".join(_in_order(before))},
        undo=Request(name, {**words, **({"contact": (contact.email,)} if contact else {})}),
    )


def _in_order(kinds: frozenset[str]) -> list[str]:
    return [kind for kind in PREFERENCES if kind in kinds]
