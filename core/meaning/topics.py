"""What only a person can settle: the topics of data/topics.txt, and which requests settle a topic themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from core.meaning.clauses import Sentence

_ALWAYS = frozenset(
    """Support.fail Support.person Billing.refund Billing.charge Billing.plan Billing.suspension Billing.withdraw
    Billing.closeaccount Security.hacked Security.legal""".split()
)
_TOLD_OF = frozenset({"Support.trouble", "Billing.doubt"})
"""Words of trouble that a story tells of as well: in a long text they do not count where it speaks of the past."""
_QUESTIONS_FOR_PEOPLE = frozenset(
    """Sales.presales Billing.refund Billing.plan Billing.tax Billing.charge Billing.doubt Security.hacked""".split()
)
_TROUBLE = frozenset({"Support.trouble", "Billing.doubt", "Sales.presales", "Support.lookinto", "Support.install"})
_TOPICS = (_ALWAYS | _TOLD_OF | _QUESTIONS_FOR_PEOPLE | {"Support.install"}) - {"Support.person"}
_BY_ITSELF = frozenset(
    "password.reset service.password_change server.status announcements payment_method.update".split()
)
_SETTLED: Mapping[str, frozenset[str]] = {
    "Support.fail": _BY_ITSELF,
    "Support.trouble": _BY_ITSELF | {"invoice.pdf", "emails.history"},
    "Billing.doubt": frozenset({"emails.history", "invoices.list"}),
    "Support.person": frozenset({"ticket.reply", "affiliate.signup"}),
    "Billing.charge": frozenset({"emails.history"}),
    "Billing.closeaccount": frozenset({"ticket.close"}),
}
"""A forgotten password is the reason why somebody cannot log in; resetting it is the answer."""


def for_people(concepts: frozenset[str], understood: Collection[str], *, told: bool) -> Iterator[str]:
    """The topics among a sentence's concepts that a person must see; `understood` are the intents found in it, `told`
    says that it is a story or a thank-you rather than a complaint."""
    counting = _ALWAYS if told else _ALWAYS | _TOLD_OF
    for topic in sorted(counting & concepts):
        if _SETTLED.get(topic, frozenset()).isdisjoint(understood):
            yield topic


def is_question_for_people(sentence: Sentence) -> bool:
    """A question about how something works that no article answers: prices, offers, refunds."""
    return not sentence.concepts.isdisjoint(_QUESTIONS_FOR_PEOPLE)


def names_a_topic(sentence: Sentence) -> bool:
    """Whether the sentence itself says whose matter it is."""
    return not sentence.concepts.isdisjoint(_TOPICS)


def speaks_of_trouble(sentence: Sentence) -> bool:
    return not sentence.concepts.isdisjoint(_TROUBLE)
