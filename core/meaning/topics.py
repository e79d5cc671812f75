"""What only a person can settle: the topics of data/topics.txt, and which requests settle a topic themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from core.meaning.clauses import Sentence
from core.meaning.found import OF_TICKETS
from core.meaning.stance import asking

_ALWAYS = frozenset(
    """Support.fail Support.person Billing.refund Billing.charge Billing.plan Billing.suspension Billing.withdraw
    Billing.closeaccount Security.hacked Security.legal Sales.advice
    Support.special Support.unknown Security.owner""".split()
)
_TOLD_OF = frozenset({"Support.trouble", "Billing.doubt"})
"""Words of trouble that a story tells of as well: in a long text they do not count where it speaks of the past."""
_NARRATING = frozenset(
    "lost took broke went came fell was were had did happened crashed stopped forgot swallowed put".split()
)
_PRESENT = frozenset(
    "is are am has have does do now since still today it's isn't aren't can't cannot don't doesn't".split()
)
_OPENINGS = frozenset({"state", "question", "cani", "how"})
_OWN_THINGS = frozenset(
    """hosting webmail cpanel mailbox tool ns dnsrecord ftp disk #domain domain service email_word product serverstatus
    site_word planproduct""".split()
)
_OWN_MONEY = frozenset("invoice #invoice invoices pay paid card #amount credit payments Billing.charge".split())
_LASTING = frozenset(
    "since already seit bereits schon depuis deja desde ya hace ja ha da gia fa sinds al reeds od juz".split()
)
_QUESTIONS_FOR_PEOPLE = frozenset(
    """Sales.presales Billing.refund Billing.plan Billing.tax Billing.charge Billing.doubt Security.hacked""".split()
)
_HAPPENED = frozenset({"past", "paid"})
_TROUBLE = frozenset({"Support.trouble", "Billing.doubt", "Sales.presales", "Support.lookinto", "Support.install"})
_TOPICS = (_ALWAYS | _TOLD_OF | _QUESTIONS_FOR_PEOPLE | {"Support.install"}) - {"Support.person"}
_BY_ITSELF = frozenset(
    "password.reset service.password_change server.status announcements payment_method.update".split()
)
NEWS = frozenset({"server.status", "announcements"})
"""They settle trouble only for who asks for them."""
_SETTLED: Mapping[str, frozenset[str]] = {
    "Support.fail": _BY_ITSELF | OF_TICKETS,
    "Support.trouble": _BY_ITSELF | OF_TICKETS | {"invoice.pdf", "emails.history"},
    "Billing.doubt": frozenset({"emails.history", "invoices.list", "ticket.reply"}),
    "Support.person": frozenset({"ticket.reply", "affiliate.signup"}),
    "Billing.refund": frozenset({"ticket.reply"}),
    "Billing.suspension": frozenset({"ticket.reply"}),
    "Security.hacked": frozenset({"ticket.reply"}),
    "Billing.charge": frozenset({"emails.history", "ticket.reply"}),
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


def is_faint(topic: str, sentence: Sentence, *, long: bool = False) -> bool:
    """Whether a word of trouble may be part of a story: it is over, or nothing of ours is spoken of. In a `long` text
    the tense alone tells that it is over."""
    elsewhere = sentence.concepts.isdisjoint(_OWN_THINGS | _OWN_MONEY | {"account", "login", "file"})
    over = _is_over(sentence) or ((long or elsewhere) and _is_narrated(topic, sentence))
    if topic == "Sales.advice":
        asked = any(hit.concept in _OPENINGS and hit.at[0] <= 1 for hit in sentence.hits)
        return not (sentence.is_question or asked or asking(sentence))
    if topic == "Support.fail":
        return over
    if topic not in _TOLD_OF:
        return False
    ours = _OWN_MONEY if topic == "Billing.doubt" else _OWN_THINGS | _OWN_MONEY
    return over or sentence.concepts.isdisjoint(ours) or not sentence.concepts.isdisjoint({"inbound", "outbound"})


def _is_over(sentence: Sentence) -> bool:
    """Told as past, and not as lasting ("since Monday", "still")."""
    past = [hit for hit in sentence.hits if hit.concept == "past"]
    lasting = any(sentence.tokens[hit.at[0]].text in _LASTING for hit in past) or "still" in sentence.concepts
    return bool(past) and not lasting


def _is_narrated(topic: str, sentence: Sentence) -> bool:
    """Every clause with the topic in it stands in the past tense."""
    for clause in sentence.clauses:
        words = {token.text for token in clause.tokens}
        if topic in clause.concepts and (words.isdisjoint(_NARRATING) or not words.isdisjoint(_PRESENT)):
            return False
    return any(topic in clause.concepts for clause in sentence.clauses)


def is_question_for_people(sentence: Sentence) -> bool:
    """A question that no article answers: about prices, offers, refunds, or about something that happened."""
    return not sentence.concepts.isdisjoint(_QUESTIONS_FOR_PEOPLE | _HAPPENED)


def names_a_topic(sentence: Sentence) -> bool:
    """Whether the sentence itself says whose matter it is."""
    return not sentence.concepts.isdisjoint(_TOPICS)


def speaks_of_trouble(sentence: Sentence) -> bool:
    """Words of trouble that are no part of a story, and questions before buying."""
    found = sentence.concepts & _TROUBLE
    return any(not is_faint(topic, sentence) for topic in found if topic in _TOLD_OF) or (
        bool(found - _TOLD_OF) and (sentence.is_question or not sentence.concepts.isdisjoint({"want", "please"}))
    )
