"""What keeps a whole message from being acted on, whatever else it asks for. The words are in data/guards.txt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.meaning import rules
from core.meaning.clauses import Clause, Sentence
from core.meaning.cleaning import Cleaned
from core.meaning.scope import inside, is_negated
from core.meaning.stance import asking

_SECRETS = frozenset({"epp", "password", "cpanel", "security_question", "code", "ftp"})
_GUARDING = frozenset({"unlock", "autorenew", "transfer"})
"""What a thief has done first, and then told to himself."""
_IN_OUR_CARE = frozenset("customers visitors members guests users patients pupils readers colleague colleagues".split())
_POSSESSIVE = frozenset("his her their".split())
_HIDDEN = re.compile(
    r"<!--.*?-->|<\s*(?:system|script|instructions?)\b|\[/?(?:system|inst)\]|\{\{.*?\}\}", re.DOTALL | re.IGNORECASE
)
_DOTTED = re.compile(r"\b[a-z]+\.[a-z_]+\b")
_RELATIVE_OF = re.compile(
    r"\b(?:i am|i'm|im|this is|here is) (?:[^\W\d_]+ ){0,2}[^\W\d_]+'s (?:[^\W\d_]+ )?(?:sister|brother|mother|mum|mom|father|dad|friend"
    r"|neighbou?r|cousin|nephew|niece|aunt|uncle|boyfriend|girlfriend|fiancee?|grandson|granddaughter|landlord|carer)\b"
)
_ASSISTANT_OF = re.compile(
    r"\b\w+'s (?:new )?(?:assistant|secretary|wife|husband|son|daughter|widow|lawyer|accountant|pa|partner|bookkeeper)\b"
)


def guard_of(raw: str, cleaned: Cleaned, sentences: Sequence[Sentence]) -> str:
    """The name of the first guard that holds, "" for none."""
    concepts = frozenset().union(*(sentence.concepts for sentence in sentences))
    if "injection" in concepts or _HIDDEN.search(raw) or _names_an_intent(raw):
        return "instructions to the machine"
    if (any(map(_is_of_others, sentences)) and "selfowner" not in concepts) or any(
        _ASSISTANT_OF.search(sentence.text) or _RELATIVE_OF.search(sentence.text) for sentence in sentences
    ):
        return "somebody else's account"
    if any(_sends_a_secret_elsewhere(sentence) for sentence in sentences) or _secret_and_address(sentences):
        return "a secret to another place"
    if cleaned.forwarded and _is_pointer(sentences, concepts):
        return "a forward without words of its own"
    return ""


def _is_of_others(sentence: Sentence) -> bool:
    """ "Our customers don't get their invoices": what belongs to a crowd, or to a colleague, is in the writer's care; and
    "the former webmaster still knows it" says why."""
    hits = [hit for hit in sentence.hits if hit.concept == "thirdparty"]
    words = {token.text for token in sentence.tokens}
    in_care = not words.isdisjoint(_IN_OUR_CARE)
    return any(
        not (in_care and sentence.tokens[hit.at[0]].text in _POSSESSIVE) and not inside(hit, sentence.hits, "ourstory")
        for hit in hits
    )


def _names_an_intent(raw: str) -> bool:
    """ "domain.unlock" is how the reader speaks, and nobody else."""
    return any(name in rules.intents() for name in _DOTTED.findall(raw.lower()))


def _sends_a_secret_elsewhere(sentence: Sentence) -> bool:
    concepts = sentence.concepts
    if "elsewhere" in concepts and all(map(_tells_where, (c for c in sentence.clauses if "elsewhere" in c.concepts))):
        concepts -= {"elsewhere"}
    if concepts & _GUARDING and "#email" in concepts and concepts & {"send", "elsewhere"}:
        return True
    if concepts & (_SECRETS | {"newpassword"}) and concepts & {"send", "elsewhere"} and _names_a_phone(sentence):
        return True
    secret = bool(concepts & _SECRETS) or ("send" in concepts and not concepts.isdisjoint({"reset", "login"}))
    return secret and bool(concepts & {"elsewhere", "#email"})


def _tells_where(clause: Clause) -> bool:
    """ "I have settled all that by phone": told, and no secret in it."""
    return (
        "past" in clause.concepts and not asking(clause) and clause.concepts.isdisjoint(_SECRETS | {"send", "answer"})
    )


def _names_a_phone(sentence: Sentence) -> bool:
    return any(token.name is not None and token.name.value == "phone" for token in sentence.tokens)


def _secret_and_address(sentences: Sequence[Sentence]) -> bool:
    """The secret in one sentence, the address it should go to in the next. A secret that is not wanted goes nowhere, and
    the address of a new contact is the contact's."""
    return any(
        one.concepts & _SECRETS
        and not any(map(is_negated, one.clauses))
        and not {"contact", "add"} <= other.concepts
        and not ("past" in other.concepts and not asking(other))
        and other.concepts & {"#email", "elsewhere"}
        and other.concepts & {"send", "answer", "it"}
        for one in sentences
        for other in sentences
        if one is not other
    )


def _is_pointer(sentences: Sequence[Sentence], concepts: frozenset[str]) -> bool:
    words = sum(sentence.words() for sentence in sentences)
    return not words or "pointer" in concepts or words <= 4
