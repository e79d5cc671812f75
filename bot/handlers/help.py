"""What can be asked: by subject, and one subject in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.context import Context
from core.forms import Text
from core.intents import Intent, intent
from core.messages import Reply, say
from core.people import Risk

SUBJECTS = {
    "domains": "domain domains dns dnssec glue",
    "hosting": "service services cpanel webmail mailbox server issue",
    "invoices": "invoice invoices transactions credit payment_method payment_methods promotion",
    "orders": "order orders quote quotes products affiliate",
    "account": "account contacts profile preferences language time_zone marketing emails",
    "security": "password portal sso two_factor security_question linked_accounts api_key sessions",
    "tickets": "ticket tickets departments",
    "information": "announcement announcements digest kb download downloads",
}
"""The first part of an intent's name: the subject that it is told under; what is not here belongs to the account."""
_OF = {first: subject for subject, names in SUBJECTS.items() for first in names.split()}
FEW = 20
"""So many lines are still read on a phone; more are told by subject."""
EXAMPLES = 3
_STANDS_FOR = {
    "domain": "your-domain.example",
    "domains": "your-domain.example",
    "hosts": "ns1.example.net and ns2.example.net",
    "service": "your-domain.example",
    "invoice": "1234",
    "ticket": "ticket #12345678",
    "email": "somebody@example.com",
    "quote": "12",
    "order": "1234567890",
    "amount": "50 EUR",
    "language": "German",
    "text": "on Monday",
    "product": "Business",
    "server": "saturn",
    "cycle": "monthly",
}
"""What an example says in the place of a name."""


@intent(
    "help",
    says=("help", "what can i ask", "what can you do", "which commands are there"),
    risk=Risk.PUBLIC,
    rows=("F7",),
)
def show_help(ctx: Context) -> Reply:
    """What you can ask this desk."""
    abilities = [entry for entry in ctx.abilities if not entry.name.startswith("help")]
    if len(abilities) <= FEW:
        return say("help", abilities=_told(abilities), who=ctx.who)
    subjects = {name: [entry for entry in abilities if _subject(entry) == name] for name in SUBJECTS}
    shown = [
        (name, _told(_first(entries)), max(0, len(entries) - EXAMPLES)) for name, entries in subjects.items() if entries
    ]
    return say("help_subjects", subjects=shown, who=ctx.who)


@intent(
    "help.subject",
    says=tuple(f"help {subject}" for subject in SUBJECTS),
    risk=Risk.PUBLIC,
    rows=("F7",),
)
def show_subject(ctx: Context, text: Text) -> Reply:
    """Everything you can ask about one subject."""
    wanted = next((name for name in SUBJECTS if name in text.lower()), "")
    abilities = [entry for entry in ctx.abilities if _subject(entry) == wanted]
    if not wanted:
        return show_help(ctx)
    return say("help_subject", subject=wanted, abilities=_told(abilities))


def _subject(entry: Intent) -> str:
    return _OF.get(entry.name.partition(".")[0], "account")


def _first(entries: Sequence[Intent]) -> list[Intent]:
    """A few that tell what the subject is about: lists first, then what shows one, then changes."""
    return sorted(entries, key=_rank)[:EXAMPLES]


def _rank(entry: Intent) -> int:
    if entry.name.endswith((".list", ".search")):
        return 0
    if "." not in entry.name:
        return 1
    return 2 if entry.name.endswith("show") else 3


def _told(entries: Iterable[Intent]) -> list[tuple[str, str]]:
    """The help text, and an example as one would write it."""
    return [(entry.help, _example(entry.says[0])) for entry in entries]


def _example(phrase: str) -> str:
    for slot, word in _STANDS_FOR.items():
        phrase = phrase.replace(f"{{{slot}}}", word)
    return phrase
