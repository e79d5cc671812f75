"""What keeps a whole message from being acted on, whatever else it asks for. The words are in data/guards.txt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.meaning import rules
from core.meaning.clauses import Sentence
from core.meaning.cleaning import Cleaned

_SECRETS = frozenset({"epp", "password", "cpanel", "security_question", "code", "ftp"})
_GUARDING = frozenset({"unlock", "autorenew", "transfer"})
"""What a thief has done first, and then told to himself."""
_HIDDEN = re.compile(
    r"<!--.*?-->|<\s*(?:system|script|instructions?)\b|\[/?(?:system|inst)\]|\{\{.*?\}\}", re.DOTALL | re.IGNORECASE
)
_DOTTED = re.compile(r"\b[a-z]+\.[a-z_]+\b")
_ASSISTANT_OF = re.compile(
    r"\b\w+'s (?:new )?(?:assistant|secretary|wife|husband|son|daughter|widow|lawyer|accountant|pa|partner|bookkeeper)\b"
)


def guard_of(raw: str, cleaned: Cleaned, sentences: Sequence[Sentence]) -> str:
    """The name of the first guard that holds, "" for none."""
    concepts = frozenset().union(*(sentence.concepts for sentence in sentences))
    if "injection" in concepts or _HIDDEN.search(raw) or _names_an_intent(raw):
        return "instructions to the machine"
    if ("thirdparty" in concepts and "selfowner" not in concepts) or any(
        _ASSISTANT_OF.search(sentence.text) for sentence in sentences
    ):
        return "somebody else's account"
    if any(_sends_a_secret_elsewhere(sentence) for sentence in sentences) or _secret_and_address(sentences):
        return "a secret to another place"
    if cleaned.forwarded and _is_pointer(sentences, concepts):
        return "a forward without words of its own"
    return ""


def _names_an_intent(raw: str) -> bool:
    """ "domain.unlock" is how the reader speaks, and nobody else."""
    return any(name in rules.intents() for name in _DOTTED.findall(raw.lower()))


def _sends_a_secret_elsewhere(sentence: Sentence) -> bool:
    concepts = sentence.concepts
    if concepts & _GUARDING and "#email" in concepts and concepts & {"send", "elsewhere"}:
        return True
    secret = bool(concepts & _SECRETS) or ("send" in concepts and not concepts.isdisjoint({"reset", "login"}))
    return secret and bool(concepts & {"elsewhere", "#email"})


def _secret_and_address(sentences: Sequence[Sentence]) -> bool:
    """The secret in one sentence, the address it should go to in the next."""
    return any(
        one.concepts & _SECRETS
        and other.concepts & {"#email", "elsewhere"}
        and other.concepts & {"send", "answer", "it"}
        for one in sentences
        for other in sentences
        if one is not other
    )


def _is_pointer(sentences: Sequence[Sentence], concepts: frozenset[str]) -> bool:
    words = sum(sentence.words() for sentence in sentences)
    return not words or "pointer" in concepts or words <= 4
