"""Which department a person of which must read: the words of data/topics.txt, the intents, then the model."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core.meaning.clauses import Sentence
from core.meaning.rules import intents
from core.meaning.words import fold

DEPARTMENTS = ("Support", "Billing", "Sales", "Security")
_WEIGHT = {"Security": 2.5, "Billing": 1.8, "Support": 1.0, "Sales": 0.9}
_OWN_WORD = 2.0
_BLOCKED = 2.2
_BLOCKED_READ = 1.0
"""A question that was no question: "why did the price go up?" is no look at the price list."""
_INTRUDER = 2.5
_LOGGED_IN = frozenset({"login", "past", "account"})
_SIGNED_IN = re.compile(r"eingeloggt|angemeldet|connect|inici|entr|zalogow|ingelogd|accesso|acesso|logged|signed")
_SCRIPT = re.compile(r"php|script|skript|\.(?:js|exe)$")
_ON_TERMS = 2.5
"""A renewal "only if …", a price with a "why": a matter of money."""
_DEFAULT = 0.3
_BROKEN = 0.8
"""A shop or a site with trouble is Support's, even where cards and invoices come up in it."""
_STRANGER = 1.5
"""A contact or a log-in that nobody knows is somebody else's."""
_WAYS_IN = frozenset(
    {"account", "contact", "contacts_word", "login", "email_word", "mailbox", "file", "address", "tool_forwarders"}
)
_BROKEN_THINGS = frozenset({"Support.fail", "Support.ownsite"})
_GRAVER = frozenset({"Security.hacked", "Billing.suspension", "Billing.refund"})
_COSTS = frozenset({"cost", "pay", "paid", "#amount"})
_FEES = frozenset({"invoice", "#invoice", "invoices", "pay", "paid", "card", "#amount", "credit", "payments", "cost"})
_SPECIAL = {
    "Support.person": 0.2,
    "Support.harmless": 0.0,
    "Support.unknown": 0.0,
    "Support.trouble": 0.7,
    "Billing.doubt": 0.8,
    "Support.lookinto": 0.5,
    "Sales.advice": 1.5,
    "Support.ownsite": 2.4,
    "Security.abroad": 0.5,
    "Security.notmine": 0.3,
}
_OF_CONCEPTS: Mapping[str, tuple[str, float]] = {
    "invoice": ("Billing", 1.3), "pay": ("Billing", 0.8), "paid": ("Billing", 0.8), "card": ("Billing", 1.0),
    "credit": ("Billing", 0.8), "cancel": ("Billing", 0.7), "payments": ("Billing", 1.0), "owe": ("Billing", 1.0),
    "plan": ("Sales", 0.4), "planproduct": ("Sales", 0.4), "products": ("Sales", 0.8), "cost": ("Sales", 0.7), "upgrade": ("Sales", 0.7),
    "order": ("Sales", 0.5), "quote": ("Sales", 0.9), "register": ("Sales", 0.4), "affiliate": ("Sales", 0.8),
    "webmail": ("Support", 0.6), "cpanel": ("Support", 0.6), "ns": ("Support", 0.7), "dnsrecord": ("Support", 1.0),
    "epp": ("Support", 0.8), "unlock": ("Support", 0.8), "lock": ("Support", 0.5), "tool": ("Support", 0.5),
    "mailbox": ("Support", 0.6), "ftp": ("Support", 0.6), "transfer": ("Support", 0.5), "hosting": ("Support", 0.1),
    "autorenew": ("Billing", 0.5), "renew": ("Billing", 0.4), "#amount": ("Billing", 0.6), "Support.person": ("Support", 0.2),
    "security_question": ("Security", 0.5), "serverstatus": ("Support", 0.6), "ticket": ("Support", 0.3),
}  # fmt: skip


class Departments:
    """`words` are an operator's own, by department; they count double."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._own = {name: tuple(fold(word) for word in words_of) for name, words_of in words.items()}

    def of(
        self, sentences: Sequence[Sentence], text: str, proposed: Mapping[str, float], blocked: Iterable[str] = ()
    ) -> str:
        """The department for a message that a person must read; `proposed` are the model's shares, `blocked` the
        intents that were understood but must not be acted on."""
        scores: dict[str, float] = defaultdict(float, Support=_DEFAULT)
        for sentence in sentences:
            for concept in sentence.concepts:
                department, weight = _weight_of(concept)
                if department and not _is_beside(concept, sentence.concepts):
                    scores[department] += weight
            if "Support.unknown" in sentence.concepts and not sentence.concepts.isdisjoint(_WAYS_IN):
                scores["Security"] += _STRANGER
            if sentence.concepts & {"Support.fail", "Support.trouble"} and "site_word" in sentence.concepts:
                scores["Support"] += _BROKEN
            if _is_an_intruder(sentence):
                scores["Security"] += _INTRUDER
            if _is_on_terms(sentence.concepts):
                scores["Billing"] += _ON_TERMS
        for intent in blocked:
            if department := intents()[intent].department:
                scores[department] += _BLOCKED_READ if intents()[intent].risk == "read" else _BLOCKED
        for department, share in proposed.items():
            scores[department] += MODEL_WEIGHT * share
        for department, words in self._own.items():
            scores[department] += _OWN_WORD * sum(1 for word in words if word in fold(text))
        order = [*DEPARTMENTS, *(name for name in self._own if name not in DEPARTMENTS)]
        return max(order, key=lambda department: scores[department])


MODEL_WEIGHT = 1.0


def _is_beside(concept: str, concepts: frozenset[str]) -> bool:
    """A doubt about no money; a form or a shop through which somebody breaks in."""
    if concept == "Billing.doubt":
        return concepts.isdisjoint(_FEES)
    return concept == "Support.ownsite" and not concepts.isdisjoint(_GRAVER)


def _is_an_intruder(sentence: Sentence) -> bool:
    """ "I was logged in from abroad", "there is a php file that isn't mine"."""
    if "Security.abroad" in sentence.concepts:
        return not sentence.concepts.isdisjoint(_LOGGED_IN) or any(
            _SIGNED_IN.match(one.text) for one in sentence.tokens
        )
    return "Security.notmine" in sentence.concepts and any(_SCRIPT.search(one.text) for one in sentence.tokens)


def _is_on_terms(concepts: frozenset[str]) -> bool:
    """ "Renew it only if it costs less", "why does it cost more now?"."""
    if not concepts.isdisjoint(_BROKEN_THINGS):
        return False
    return {"if", "renew"} <= concepts or ("why" in concepts and not concepts.isdisjoint(_COSTS))


def _weight_of(concept: str) -> tuple[str, float]:
    department, dot, _ = concept.partition(".")
    if dot and department in _WEIGHT:
        return department, _SPECIAL.get(concept, _WEIGHT[department])
    return _OF_CONCEPTS.get(concept, ("", 0.0))
