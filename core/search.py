"""Finding the page that answers a question, or none: a small ranking over title, category and body.

BM25 (Robertson and Zaragoza, 2009) over three fields, of which the title weighs most. A word of the question also
finds the words that it begins or that begin it, and words with one slip of the finger; each counts less than the word
itself. Nothing is better than a bad fit, because a question that finds nothing goes to a person. So a page must hold
most of what the question says (by the rarity of its words), and have some of it in its title.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

ENOUGH = 0.55
"""The share of a question that a page must hold; tests/test_search.py measures what it lets through and stops."""
AS_GOOD = 0.5
"""Further pages are shown that are at least half as good as the best."""
QUESTIONS = 6
"""So many sentences of a text are tried, each for itself: greetings and signatures are no part of a question."""
_FIELDS = (3.0, 1.5, 1.0)
"""Title, category, body."""
_K1, _B = 1.2, 0.75
_PREFIX, _TYPO = 0.8, 0.6
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")

LITTLE = frozenset(
    """
    a an and any are as at be by can could do does for from get give have having hello help hi how i i'd i'm if in into
    is it its like me my need of on one or our please so some tell thank thanks that the their there this to us want
    was we what when where which who why will with would you your yours dear regards there's what's make using
    about article articles base find guide instructions knowledge look manual read search see show something anything
    aber als am auf aus bei bin bitte das dem den der des die ein eine einem einen einer es für geht hallo ich ihr ihre
    im in ist kann können man mein meine meinen meiner mit möchte nach oder sie und vom von was welche wie wir wo zu
    zum zur danke artikel über
    au aux avec avoir bonjour ce ces cette comment dans de des du elle en est et faire il je la le les leur ma mes mon
    notre nous ou où par pas peut peux pour puis quand que quel quelle qui sa se ses son sont sur un une vos votre vous
    merci l d j c n s
    al algo como con cómo cuál cuándo del dónde el ella en es esta este está hacer hay hola la las lo los me mi mis no
    para pero por puedo que qué quiero se si sin sobre su sus un una unos y gracias
    che chi ciao come con cosa da dal dei del della di dove e gli ho i il in la le lo mi mia mie miei mio nel nella per
    posso qual quale quando si sono su sul sulla un una uno vorrei grazie
    aan bij dat de die een en er graag heb het hoe ik in is kan kun maar met mij mijn naar niet of om ons onze op te tot
    uit van voor waar wat we welke wie wil ze zijn bedankt
    a czy co do dla go i ich jak jaki jest już ma mam mi mnie moge moja moje mojej mogę można mój na nie o od po proszę
    przez się są ta tak to w we z za ze dziękuję cześć
    ao aos as com como da das de do dos e ela ele em eu há isso isto já mas me meu meus minha minhas na nas no nos o os
    ou para pela pelo por posso qual quando que quero se sem seu sua um uma olá obrigado obrigada
    """.split()
)
"""Words that tell nothing about the matter, in the languages of the desk."""


@dataclass(frozen=True, slots=True)
class Page:
    """Something that can be found; `key` is whose it is."""

    key: str
    title: str
    category: str = ""
    body: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Hit:
    key: str
    score: float
    share: float
    """How much of the question it holds, from 0 to 1."""


def best(question: str, pages: Sequence[Page], *, language: str = "en", most: int = 3) -> list[Hit]:
    """The pages that answer it, the best first; nothing rather than a bad fit.

    Of two that fit equally, the one in the reader's language comes first.
    """
    shelf = Shelf(tuple(pages))
    tries = [_ranked(shelf, words, language) for words in _questions(question)]
    found = max((hits for hits in tries if hits), key=lambda hits: hits[0].share * hits[0].score, default=[])
    return [hit for hit in found if hit.score >= found[0].score * AS_GOOD][:most]


def words_of(text: str) -> list[str]:
    """The words of a text that tell something, lower case, each once."""
    return list(dict.fromkeys(word for word in _words(text) if word not in LITTLE and (len(word) > 1 or word == "@")))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _questions(text: str) -> Iterator[list[str]]:
    """The whole of it, and each sentence."""
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()][:QUESTIONS]
    for part in dict.fromkeys([text, *sentences]):
        if words := words_of(part):
            yield words


def _ranked(shelf: Shelf, words: Sequence[str], language: str) -> list[Hit]:
    rarity = {word: shelf.rarity(word) for word in words}
    whole = sum(rarity.values())
    hits = []
    for number, page in enumerate(shelf.pages):
        found = {word: shelf.weight(number, word) for word in words}
        share = sum(rarity[word] * min(1.0, found[word].likeness) for word in words) / whole
        if share < ENOUGH or not any(found[word].in_title for word in words):
            continue
        score = sum(rarity[word] * found[word].frequency for word in words)
        hits.append(Hit(page.key, score * (1.1 if _same(page.language, language) else 1.0), share))
    return sorted(hits, key=lambda hit: hit.score, reverse=True)


def _same(one: str, other: str) -> bool:
    return one.lower().partition("-")[0] == other.lower().partition("-")[0]


@dataclass(frozen=True, slots=True)
class Weight:
    """A word in a page: how like the nearest word there is, how often (weighed by field), and whether in the title."""

    likeness: float
    frequency: float
    in_title: bool


class Shelf:
    """The pages with their words counted."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages
        self._fields = [tuple(_counted(text) for text in (page.title, page.category, page.body)) for page in pages]

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        """Each word, and in how many pages it is."""
        pages_with: dict[str, int] = {}
        for fields in self._fields:
            for word in set().union(*fields):
                pages_with[word] = pages_with.get(word, 0) + 1
        return pages_with

    @cached_property
    def _usual(self) -> list[float]:
        """How long each field is on average."""
        return [max(1.0, sum(sum(one[n].values()) for one in self._fields) / len(self.pages)) for n in range(3)]

    def rarity(self, word: str) -> float:
        """The inverse document frequency; a word that is nowhere is as rare as one that is in one page."""
        like = self._like(word)
        pages_with = max((self._vocabulary[other] for other in like), default=1)
        return math.log(1 + (len(self.pages) - pages_with + 0.5) / (pages_with + 0.5)) + 0.2

    def weight(self, number: int, word: str) -> Weight:
        """What the page has of the word."""
        likeness, frequency, in_title = 0.0, 0.0, False
        for other, like in self._like(word).items():
            for n, field in enumerate(self._fields[number]):
                if other in field:
                    length = sum(field.values()) / self._usual[n]
                    frequency += _FIELDS[n] * like * field[other] / (1 - _B + _B * length)
                    likeness = max(likeness, like)
                    in_title = in_title or n == 0
        return Weight(likeness, frequency * (_K1 + 1) / (frequency + _K1) if frequency else 0.0, in_title)

    def _like(self, word: str) -> Mapping[str, float]:
        """The words of the pages that it may stand for, and how surely. Typing errors only where nothing else fits."""
        if word in self._known:
            return self._known[word]
        like = {other: _likeness(word, other) for other in self._vocabulary if _begins(word, other)}
        if not like:
            meant = [other for other in self._vocabulary if one_slip(word, other)]
            like = {other: _TYPO for other in self._vocabulary if any(_begins(one, other) for one in meant)}
        self._known[word] = like
        return like

    @cached_property
    def _known(self) -> dict[str, dict[str, float]]:
        return {}


def _counted(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in _words(text):
        if word not in LITTLE:
            counts[word] = counts.get(word, 0) + 1
    return counts


def _begins(one: str, other: str) -> bool:
    """One begins with the other: mail and mailbox, mailboxes and mailbox. Three letters, where it leaves few over."""
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer:
        return True
    return longer.startswith(shorter) and len(shorter) >= 3 and len(longer) - len(shorter) <= len(shorter) + 1


def _likeness(one: str, other: str) -> float:
    return 1.0 if one == other else _PREFIX


def one_slip(one: str, other: str) -> bool:
    """A letter too many, too few, wrong, or two that changed places; not the first, in words of five and more."""
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1 or one == other or one[0] != other[0]:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[start:], other[start:]
    swapped = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]


def first_paragraph(text: str) -> str:
    """What a list shows of a longer text."""
    return next((part.strip() for part in re.split(r"\n\s*\n", text.strip()) if part.strip()), "")


def titles(hits: Iterable[Hit], pages: Sequence[Page]) -> list[str]:
    names = {page.key: page.title for page in pages}
    return [names[hit.key] for hit in hits]
