"""My details: name, address, phone and the like, the e-mail address, language and time zone."""

from __future__ import annotations

import re
from dataclasses import replace
from zoneinfo import available_timezones

from babel import Locale

from core import details
from core.context import Context
from core.errors import Refusal
from core.forms import Email, Language, Text
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Assurance, Permission, Risk
from core.ports import Client

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")
_SPOKEN = ("English", "French", "Spanish", "Italian", "Dutch", "Polish", "Portuguese")
COUNTRIES = {
    name.lower(): code
    for language in _LANGUAGES
    for code, name in Locale(language).territories.items()
    if len(code) == 2 and code.isalpha() and code not in ("ZZ", "EU", "EZ", "UN", "XA", "XB")
} | {"uk": "GB", "great britain": "GB", "england": "GB", "usa": "US", "holland": "NL"}
"""Names of countries in our languages, in lower case, with their codes."""


@intent(
    "account.update_details",
    says=(
        "change my address",
        "change my details",
        "we moved",
        "we have moved",
        "new phone number",
        "new phone",
        "update my phone",
        "our company name is now",
        "change our company details",
        "new vat number",
        "change my surname",
        "new billing address",
        "wir sind umgezogen",
        "nous avons déménagé",
        "nos hemos mudado",
        "mudámos de morada",
        "ci siamo trasferiti",
        "wij zijn verhuisd",
        "przeprowadziliśmy się",
        "our company is now called",
    ),
    risk=Risk.CHANGE,
    permission=Permission.PROFILE,
    department="Billing",
    rows=("F26", "F27"),
)
def update_details(ctx: Context, text: Text) -> Reply | Proposal:
    """Change your name, company, postal address, phone or VAT number."""
    said, client = details.stated(text, COUNTRIES), ctx.client()
    if said.unclear:
        raise Refusal("details_unclear", labels=said.unclear)
    if "email" in said.fields and len(said.fields) == 1:
        raise Refusal("details_email", email=said.fields["email"])
    new = {name: value for name, value in said.fields.items() if name != "email"}
    if not new:
        raise Refusal("details_unclear", labels=())
    changes = {name: value for name, value in new.items() if getattr(client, name) != value}
    if not changes:
        return say("details_same")
    before = {name: str(getattr(client, name)) for name in changes}
    back = Request("account.update_details", {"text": (details.written(before),)})
    if ctx.who.assurance is Assurance.POSSESSION and not ctx.who.owner:
        ctx.tell_owner(say("details_notice", who=ctx.who, rows=_rows(client, changes)), undo=back)
    return Proposal(
        question=say("details_question", rows=_rows(client, changes), email=said.fields.get("email", "")),
        done=say("details_done", rows=_rows(client, changes)),
        act=lambda: ctx.profiles.update(client.id, changes),
        facts=before,
        undo=back,
    )


def _rows(client: Client, changes: dict[str, str]) -> list[tuple[str, str, str]]:
    """Field, old and new, in the order of an address."""
    return [(name, str(getattr(client, name)), changes[name]) for name in details.WRITTEN_AS if name in changes]


@intent(
    "account.change_email",
    says=(
        "my new e-mail address",
        "change my e-mail address",
        "new e-mail address for our account",
        "my e-mail address has changed",
        "update our contact e-mail address",
    ),
    risk=Risk.SENSITIVE,
    department="Security",
    rows=("F28",),
)
def change_email(ctx: Context, email: Email) -> Reply | Proposal:
    """Change your e-mail address: the old and the new mailbox both have to agree."""
    client = ctx.client()
    contact = next((it for it in ctx.billing.contacts(client.id) if it.id == ctx.who.contact_id), None)
    before = contact.email if contact else client.email
    if email.lower() == before.lower():
        return say("email_same", email=email)

    def change() -> None:
        if contact:
            ctx.profiles.update_contact(replace(contact, email=email))
        else:
            ctx.profiles.update(client.id, {"email": email})

    return Proposal(
        question=say("email_question", before=before, after=email, name=(contact or client).name),
        done=say("email_done", before=before, after=email),
        act=change,
        facts={"email": before},
    )


@intent(
    "language.set",
    says=(
        "answer me in German",
        *(f"answer me in {name}" for name in _SPOKEN),
        *(f"{name} please" for name in ("German", *_SPOKEN)),
        "change the language to {language}",
        "set my language",
        "bitte auf Deutsch",
        "en français s'il vous plaît",
    ),
    risk=Risk.CHANGE,
    permission=Permission.PROFILE,
    safe=True,
    rows=("F36",),
)
def set_language(ctx: Context, language: Language) -> Reply | Proposal:
    """The language of our mails and of the client area."""
    client = ctx.client()
    return Proposal(
        question=say("language_done", language=language),
        done=say("language_done", language=language),
        act=lambda: ctx.billing.set_language(client.id, language),
        facts={"language": client.language},
        undo=Request("language.set", {"language": (client.language,)}),
    )


@intent(
    "time_zone.set",
    says=("my time zone", "set my time zone", "change the time zone", "time zone for our account"),
    risk=Risk.CHANGE,
    permission=Permission.PROFILE,
    safe=True,
    rows=("F26",),
)
def set_time_zone(ctx: Context, text: Text) -> Reply | Proposal:
    """The time zone of your account, by its name or a city, such as Europe/Berlin."""
    client, zone = ctx.client(), _zone(text)
    if not zone:
        raise Refusal("time_zone_which", present=client.time_zone)
    return Proposal(
        question=say("time_zone_done", zone=zone),
        done=say("time_zone_done", zone=zone),
        act=lambda: ctx.profiles.update(client.id, {"time_zone": zone}),
        facts={"time_zone": client.time_zone},
    )


def _zone(text: str) -> str:
    """The one zone that the text names, by its whole name or its city."""
    words = f" {' '.join(re.findall(r'[a-z/+0-9]+', text.lower().replace('_', ' ')))} "
    zones = [zone for zone in available_timezones() if "/" in zone or zone == "UTC"]
    exact = [zone for zone in zones if f" {zone.lower().replace('_', ' ')} " in words]
    if exact:
        return max(exact, key=len)
    cities = [zone for zone in zones if f" {zone.rpartition('/')[2].lower().replace('_', ' ')} " in words]
    named = [zone for zone in cities if zone.partition("/")[0] not in ("Etc", "US", "Canada", "Brazil", "Mexico")]
    return named[0] if len(named) == 1 else ""
