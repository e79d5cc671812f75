"""Sentences and clauses of a text, each with the concepts in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.meaning.lexicon import Hit, lexicon
from core.meaning.names import Name, names
from core.meaning.words import Token, tokens

_ENDS = frozenset(".!?;\n…")
_BREAKS = frozenset(",:+&–—-/()")
_CONNECTORS = {
    "en": "and then also plus but so because since", "de": "und sowie aber dann außerdem ausserdem sondern denn weil da damit",
    "fr": "et puis mais ainsi car aussi", "es": "y e pero además ademas también tambien porque pues",
    "pt": "e mas também tambem além porque pois", "it": "e ed ma anche inoltre poi perché perche",
    "nl": "en maar ook daarnaast want omdat zodat", "pl": "i oraz ale a także takze też tez bo poniewaz ponieważ",
}  # fmt: skip
_ADVERBS = frozenset("also aussi auch ook tambien tambem anche inoltre takze tez ademas alem plus dann then".split())
_ASKING = frozenset({"want", "canyou", "please"})
_DENIED_LENGTH = 3
_SLIPS = frozenset("oops whoops ups oups ops oeps oj argh ugh sorry pardon wait hoppla huch oei".split())
_SO = frozenset("good kind nice much many far long soon early late on called well".split())
_AGAINST = frozenset("but aber mais pero mas ma maar ale sondern".split())
"""A list does not go on behind these."""
_REASONS = frozenset(
    "so because since as weil da denn damit car parce pues porque perche pois want omdat zodat bo poniewaz zeby".split()
)
_THAT = frozenset({"dass", "zeby", "aby", "dat", "that"})
_JOINING = {language: frozenset(words.split()) for language, words in _CONNECTORS.items()}
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»\n]{12,400})[\"“”„«»]")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st nr no tel fa bzw inkl ca evtl ggf hr fr sr sra mme mlle sig dott ing mgr ul".split()
)
_ARROW = re.compile(r"\s*(?:[-=]+>|→|[=:])\s*")
_QUOTED_WORDS = 3
_JOINING_NAMES = frozenset({"and", "und", "et", "y", "e", "en", "i"})
_BULLET = re.compile(r"^\s*(?:[-*•·–]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")


@dataclass(slots=True)
class Clause:
    """A part of a sentence with at most one request in it."""

    tokens: list[Token]
    hits: list[Hit]
    concepts: frozenset[str]
    """With "#domain" and so on for what is named, and "tool", "product", … for groups of concepts."""
    reason: bool = False
    """Begins with "so", "because": says why, and asks for nothing of its own."""

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens if token.text != "\n")

    @property
    def names(self) -> list[Name]:
        return [token.name for token in self.tokens if token.name is not None]

    def words(self) -> int:
        return sum(1 for token in self.tokens if token.is_word)


@dataclass(slots=True)
class Sentence:
    """A sentence: all its concepts, and its clauses."""

    tokens: list[Token]
    hits: list[Hit]
    concepts: frozenset[str]
    end: str
    item: bool
    """An entry of a list."""
    clauses: list[Clause] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @property
    def is_question(self) -> bool:
        return self.end == "?"

    def words(self) -> int:
        return sum(1 for token in self.tokens if token.is_word)


def sentences(text: str, language: str) -> list[Sentence]:
    """The sentences of a cleaned text. What stands in quotation marks was said by somebody else, and is left out."""
    text = _QUOTED.sub(lambda match: " … " if len(match[1].split()) >= _QUOTED_WORDS else match[0], text)
    found: list[Sentence] = []
    for line in _with_lists(text.split("\n")):
        bullet = _BULLET.match(line)
        body = line[bullet.end() :] if bullet else line
        for part, end in _split(tokens(body, names(body)), language):
            found.append(_sentence(part, end, language, item=bullet is not None))
    return found


def _with_lists(lines: Sequence[str]) -> list[str]:
    """ "Please set these for a.example:" and the lines of names below it are one sentence; where each line pairs a
    domain with its name servers, one sentence each."""
    whole: list[str] = []
    open_list = False
    head = ""
    for line in lines:
        if not line.strip():
            if not open_list:
                whole.append(line)
            continue
        if open_list and (kinds := _kinds_of_names(line)):
            if len(kinds) > 1:
                if whole[-1] == head:
                    whole.pop()
                whole.append(f"{head.rstrip().rstrip(':')} {_ARROW.sub(' ', line.strip())}")
            else:
                whole[-1] = f"{whole[-1].rstrip().rstrip(':')} {line.strip()}, "
            continue
        open_list = line.rstrip().endswith(":")
        head = line
        whole.append(line)
    return whole


def _kinds_of_names(line: str) -> frozenset[str]:
    """The kinds of things a line names, empty when it says more than their names."""
    found = names(line)
    rest = line
    for name in reversed(found):
        rest = rest[: name.start] + rest[name.end :]
    words = [word for word in re.findall(r"[^\W\d_]+", rest) if word not in _JOINING_NAMES]
    return frozenset() if words else frozenset(name.kind for name in found)


def _split(line: Sequence[Token], language: str) -> Iterator[tuple[list[Token], str]]:
    part: list[Token] = []
    for token in line:
        if (
            token.name is None
            and token.text in _ENDS
            and not (token.text == "." and part and _is_abbreviated(part[-1].text, language))
        ):
            if any(one.is_word or one.name for one in part):
                yield part, token.text
            elif token.text == "?" and not part:
                continue
            part = []
        elif token.text not in ("¿", "¡"):
            part.append(token)
    if any(one.is_word or one.name for one in part):
        yield part, ""


def _is_abbreviated(word: str, language: str) -> bool:
    """ "Ca." is German; in French it is a "that" at the end."""
    return (word in _ABBREVIATIONS and not (word == "ca" and language == "fr")) or word.endswith("str")


def _sentence(part: list[Token], end: str, language: str, *, item: bool) -> Sentence:
    words = lexicon(language)
    part = words.corrected(part)
    hits = words.hits(part)
    sentence = Sentence(part, hits, concepts_of(part, hits), end, item)
    sentence.clauses = [_clause(part, hits, start, stop) for start, stop in _pieces(part, hits, language)]
    for clause, (start, _) in zip(sentence.clauses, _pieces(part, hits, language), strict=True):
        clause.reason = start > 0 and part[start - 1].text in _REASONS
    return sentence


def _pieces(part: Sequence[Token], hits: Sequence[Hit], language: str) -> list[tuple[int, int]]:
    """Where the clauses begin and end. A "please" behind the last comma is the last clause's."""
    found = list(_between_breaks(part, hits, language))
    if len(found) > 1 and _is_only_a_please(part, hits, *found[-1]):
        *found, (start, _), (_, stop) = found
        found.append((start, stop))
    return found


def _is_only_a_please(part: Sequence[Token], hits: Sequence[Hit], start: int, stop: int) -> bool:
    ours = {place for hit in hits if hit.concept == "please" for place in hit.at}
    return all(place in ours or not part[place].is_word and not part[place].name for place in range(start, stop))


def _between_breaks(part: Sequence[Token], hits: Sequence[Hit], language: str) -> Iterator[tuple[int, int]]:
    inside = {place for hit in hits if len(hit.at) > 1 for place in range(hit.at[0] + 1, hit.at[-1] + 1)}
    joining = _JOINING[language]
    start = 0
    for place, token in enumerate(part):
        if token.name is None and _turns_to_another(part, hits, start, place):
            yield start, place
            start = place
            continue
        if token.name is not None or place in inside:
            continue
        if token.text in _BREAKS or token.text in joining or _turns_from_a_not(part, hits, start, place):
            if _is_within_a_list(part, place) or _goes_on_with_that(part, hits, start, place):
                continue
            if _is_around_a_name(part, place):
                continue
            if token.text == "so" and place + 1 < len(part) and part[place + 1].text in _SO:
                continue
            if token.text in _ADVERBS and _only_asks_so_far(part, hits, start, place):
                continue
            if place > start:
                yield start, place
            start = place + 1
    if start < len(part):
        yield start, len(part)


def _is_around_a_name(part: Sequence[Token], place: int) -> bool:
    """The brackets of "Could Jo (jo@a.example) be …"."""
    if part[place].text == "(":
        return place > 0 and place + 2 < len(part) and part[place + 1].name is not None and part[place + 2].text == ")"
    return part[place].text == ")" and place > 2 and part[place - 1].name is not None and part[place - 2].text == "("


def _turns_from_a_not(part: Sequence[Token], hits: Sequence[Hit], start: int, place: int) -> bool:
    """ "don't lock a.example just show me …", written without a comma."""
    if part[place].text != "just" or place - start < _DENIED_LENGTH:
        return False
    return any(hit.concept == "not" and start <= hit.at[0] and hit.at[-1] < place for hit in hits)


def _turns_to_another(part: Sequence[Token], hits: Sequence[Hit], start: int, place: int) -> bool:
    """ "unlock a.example oops I meant b.example", written without a comma."""
    turns = (hit for hit in hits if hit.concept == "correct" and hit.at[0] == place)
    if place <= start or not any(len(hit.at) > 1 or part[place].text in _SLIPS for hit in turns):
        return False
    before = {token.name.kind for token in part[:place] if token.name is not None}
    after = {token.name.kind for token in part[place:] if token.name is not None}
    return bool(before & after & {"domain", "ticket", "invoice", "number", "email", "amount"})


def _only_asks_so_far(part: Sequence[Token], hits: Sequence[Hit], start: int, place: int) -> bool:
    """ "Il faudrait aussi que …", "could you also …": what is asked for follows."""
    before = [hit for hit in hits if start <= hit.at[0] and hit.at[-1] < place]
    named = any(token.name is not None for token in part[start:place])
    return not named and any(hit.concept in _ASKING for hit in before) and all(hit.family > 2 for hit in before)


def _goes_on_with_that(part: Sequence[Token], hits: Sequence[Hit], start: int, place: int) -> bool:
    """ "Ich möchte nicht, dass …": what is not wanted stands behind the comma."""
    if part[place].text != "," or place + 1 >= len(part) or part[place + 1].text not in _THAT:
        return False
    before = {hit.concept for hit in hits if start <= hit.at[0] and hit.at[-1] < place}
    return {"not", "want"} <= before


def _is_within_a_list(part: Sequence[Token], place: int) -> bool:
    """ "a.example and b.example", "invoices 12, 14": things of one kind on both sides belong together."""
    if not 0 < place < len(part) - 1 or part[place].text in _AGAINST:
        return False
    before, after = part[place - 1].name, part[place + 1].name
    return before is not None and after is not None and before.kind == after.kind


def _clause(part: list[Token], hits: Sequence[Hit], start: int, stop: int) -> Clause:
    own = [hit for hit in hits if start <= hit.at[0] and hit.at[-1] < stop]
    own = [Hit(hit.concept, hit.family, tuple(place - start for place in hit.at)) for hit in own]
    return Clause(part[start:stop], own, concepts_of(part[start:stop], own))


def joined(first: Clause, second: Clause) -> Clause:
    shift = len(first.tokens)
    hits = [*first.hits, *(Hit(hit.concept, hit.family, tuple(p + shift for p in hit.at)) for hit in second.hits)]
    return Clause([*first.tokens, *second.tokens], hits, first.concepts | second.concepts)


def concepts_of(part: Sequence[Token], hits: Sequence[Hit]) -> frozenset[str]:
    found = {hit.concept for hit in hits}
    found |= {f"#{token.name.kind}" for token in part if token.name is not None}
    found |= {group for concept in list(found) for group in _groups(concept)}
    if "cancel" not in found and any(concept.startswith("when=") for concept in found):
        found -= {"when"} - {hit.concept for hit in hits}  # "renew it now" asks for no date
    return frozenset(found)


_ADDONS = frozenset(
    """product=maintenance_silver product=maintenance_gold product=maintenance_premium product=wordpress_addon
    product=dedicated_ip product=ssl_certificate product=extra_disk product=daily_backup""".split()
)


def _groups(concept: str) -> Iterator[str]:
    if concept.startswith("tool_"):
        yield "tool"
    elif concept == "#ending":
        yield "ending"
    elif concept.startswith("language="):
        yield "language_name"
    elif concept.startswith("when="):
        yield "when"
    elif concept.startswith("product="):
        spelt = concept.replace(" ", "_")
        yield from (spelt, "product", "addonproduct" if spelt in _ADDONS else "planproduct")
