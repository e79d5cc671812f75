"""What a message asks of this desk: the reading of its text (core.meaning), in terms of the handlers there are.

The reader proposes; what is acted on is decided here. A reading that is not sure enough is for a person, who sees the
guess. Nobody's words are dropped: what is no request, and no thanks alone, is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core import entities, ports
from core.forms import Text, entity_of
from core.intents import Intent, Registry, Slot
from core.meaning.language import NAMES
from core.meaning.read import HUMAN, Meant, Reader, Reading
from core.meaning.source import LANGUAGES
from core.owntickets import OwnTicket
from core.people import Risk

_SURE = {Risk.PUBLIC: 0.6, Risk.READ: 0.6, Risk.CHANGE: 0.7, Risk.SENSITIVE: 0.7, Risk.SECRET: 0.8, Risk.HUMAN: 0.0}
"""Confidence from which a reading is acted on. Changes are asked about once more, in words; a secret leaves at once."""
_ACTS_AT_ONCE = 0.8
_YEAR = re.compile(r"(?:19|20)\d\d")
"""The invoices "of 2025" have no such number."""
_WITHOUT_REQUEST = frozenset({HUMAN, "smalltalk", "spam"})
_THINGS = frozenset({ports.Domain, ports.Service, ports.Invoice, OwnTicket})
"""What several of can be named in one request."""
MOST_THINGS = 9
_IN_WORDS = frozenset({"cycle", "priority", "when", "language", "tool", "years"})
"""Values that `core.entities` knows by their words."""


@dataclass(frozen=True, slots=True)
class Understood:
    """One request: the intent, the words that name its objects (by slot), and the rule that decided."""

    intent: Intent
    words: Mapping[str, tuple[str, ...]]
    why: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as the desk understood it.

    `person` says why a person must read it ("" when its requests are all there is to it), `guesses` what it may ask
    for. `department` is "" where the text does not tell, `language` an ISO 639-1 code, `sure_of_language` whether the
    text is long enough to tell.
    """

    requests: tuple[Understood, ...] = ()
    person: str = ""
    guesses: tuple[Intent, ...] = ()
    department: str = ""
    language: str = "en"
    sure_of_language: bool = False
    urgent: bool = False

    @property
    def foreign(self) -> bool:
        """In a language that nobody is answered in."""
        return self.language not in LANGUAGES


@dataclass(slots=True)
class _Sorted:
    requests: list[Understood] = field(default_factory=list)
    guesses: list[Intent] = field(default_factory=list)


class Understanding:
    """Compiled once from the registry and the departments' own words; `of` is pure."""

    def __init__(self, registry: Registry, departments: Mapping[str, Sequence[str]] | None = None) -> None:
        self._registry = registry
        self._reader = Reader(
            phrases={entry.name: [_spoken(entry, phrase) for phrase in entry.says] for entry in registry},
            departments=departments,
        )

    def of(self, text: str, subject: str = "") -> Heard:
        """`text` is what they wrote, without quotes and signature; `subject` is read when the text asks for nothing."""
        reading = self._reader.read(text, subject)
        found = _Sorted()
        for meant in reading.requests:
            if meant.intent not in _WITHOUT_REQUEST:
                self._sort(meant, text, found)
        found.guesses += [self._registry[name] for name in reading.withheld if name in self._registry.intents]
        return Heard(
            requests=tuple(found.requests),
            person=_why_a_person(reading, found),
            guesses=tuple(found.guesses),
            department=reading.department,
            language=reading.language,
            sure_of_language=reading.sure_of_language,
            urgent=reading.urgent,
        )

    def _sort(self, meant: Meant, text: str, found: _Sorted) -> None:
        entry = self._registry.intents.get(meant.intent)
        if entry is None:
            return
        if meant.confidence < (_ACTS_AT_ONCE if entry.safe else _SURE[entry.risk]):
            found.guesses.append(entry)
            return
        words = {slot.name: tuple(_words_for(slot, meant, text)) for slot in entry.slots}
        each = [Understood(entry, one, meant.why) for one in _each(entry.slots, words)]
        if len(each) > MOST_THINGS:
            found.guesses.append(entry)
        else:
            found.requests.extend(each)


def _why_a_person(reading: Reading, found: _Sorted) -> str:
    if reading.human:
        return reading.human
    if found.guesses:
        return "not sure enough to act"
    return "" if found.requests else reading.requests[0].why if reading.requests else "it asks for nothing we know"


def for_staff(heard: Heard) -> list[str]:
    """What they should know of a message before they read it."""
    urgent = ["It says that it is urgent."] if heard.urgent else []
    foreign = [f"It is written in {NAMES.get(heard.language, heard.language)}."] if heard.foreign else []
    guesses = dict.fromkeys(guess.help for guess in heard.guesses)
    return [*urgent, *foreign, *(f"It may ask for this: {told}" for told in guesses)]


def _spoken(entry: Intent, phrase: str) -> str:
    """The phrase with its places named by what stands in them: `{host}` of name servers is a `{nameserver}`."""
    kinds = {slot.name: entity_of(slot.kind) for slot in entry.slots}
    return re.sub(r"\{(\w+)\}", lambda place: f"{{{kinds[place[1]]}}}", phrase)


def _words_for(slot: Slot, meant: Meant, text: str) -> Sequence[str]:
    """What the request itself names; else the only thing of the kind in the whole message."""
    kind = entity_of(slot.kind)
    if kind == "text":
        return (text.strip(),) if slot.kind is Text else tuple(filter(None, (meant.clause, text.strip())))
    near = entities.named(meant.clause).get(kind, ())
    said = [word for word in meant.entities.get(kind, ()) if word in near or not _YEAR.fullmatch(word)]
    if said and (kind not in _IN_WORDS or not near):
        return said
    if near and (kind in _IN_WORDS or kind not in ("domain", "invoice", "ticket")):
        return near
    everywhere = entities.named(text).get(kind, ())
    return everywhere if len(everywhere) == 1 or kind == "nameserver" else ()


def _each(slots: Sequence[Slot], words: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, tuple[str, ...]]]:
    """ "unlock a.example and b.example" is two requests; "move a.example to b.example" is one."""
    things = [slot for slot in slots if slot.kind in _THINGS]
    kinds = [entity_of(slot.kind) for slot in slots]
    several = next((s.name for s in things if len(words[s.name]) > 1 and kinds.count(entity_of(s.kind)) == 1), "")
    for one in words[several] if several else ("",):
        yield {**words, several: (one,)} if several else dict(words)
