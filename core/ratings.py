"""How content somebody says they are, in one word of the eight languages, or as a number from 1 (bad) to 5 (good).

The word has to be all that is said, or to stand before a comma, a full stop or the end of its line: "Good morning" and
"Bad gateway since today" are no ratings, "Good, but slow" is one with a comment.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

BAD, GOOD = 1, 2
_GOOD = frozenset(
    """
    good great excellent fine perfect fantastic happy satisfied four five
    gut prima toll super perfekt bestens zufrieden vier fünf fuenf
    bon bonne bien parfait excellente satisfait satisfaite quatre cinq
    bueno buena genial excelente perfecto satisfecho satisfecha cuatro cinco
    buono buona bene ottimo ottima perfetto eccellente soddisfatto soddisfatta quattro cinque
    goed uitstekend tevreden vijf
    dobrze dobry dobra dobre świetnie swietnie doskonale zadowolony zadowolona cztery pięć piec
    bom boa bem ótimo otimo ótima perfeito satisfeito satisfeita quatro
    """.split()
)
_BAD = frozenset(
    """
    bad poor terrible awful horrible unhappy dissatisfied one two
    schlecht mies furchtbar unzufrieden eins zwei
    mauvais mauvaise mal nul nulle insatisfait insatisfaite un deux
    malo mala pésimo pesimo insatisfecho insatisfecha uno dos
    male cattivo cattiva pessimo pessima insoddisfatto insoddisfatta due
    slecht ontevreden een één twee
    źle zle zły zły zła słabo slabo kiepsko niezadowolony niezadowolona jeden dwa niedobrze
    mau má ruim péssimo insatisfeito insatisfeita um dois
    """.split()
)
_NOT = frozenset("not no nicht kein keine pas non niet geen nie não nao nada".split())
_VERY = frozenset(
    """
    very really all it was is quite so sehr ganz es war alles très tres c était tout muy estuvo fue todo molto è tutto
    era heel erg het zeer bardzo było muito foi tudo
    """.split()
)
_FIGURE = {"1": BAD, "2": BAD, "3": GOOD, "4": GOOD, "5": GOOD, "👍": GOOD, "👎": BAD}
"""Three is neither; what needs somebody's attention is a one or a two."""
_ALONE = re.compile(r"([1-5])(?:\s*/\s*5)?")
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Said:
    """`score` is BAD or GOOD; `comment` is what was written besides, "" for nothing."""

    score: int
    comment: str


def read(text: str) -> Said | None:
    """None where the text is no rating. `text` is what they wrote, without quotes and signature."""
    whole = unicodedata.normalize("NFC", text).strip()
    first, mark, rest = _split(whole)
    score = _score(first)
    if score is None:
        return None
    comment = rest.strip(" \t\r\n.,;:!–—-")
    return Said(score, rest.strip(" \t\r\n,;:–—-").lstrip(".! ").strip() if comment else "")


def _split(text: str) -> tuple[str, str, str]:
    """The first clause, what ends it, and the rest."""
    found = re.search(r"[.,;:!\n–—]|\s-\s", text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _score(clause: str) -> int | None:
    bare = re.sub("[\ufe0f\U0001f3fb-\U0001f3ff]", "", clause).strip(" \t\"'»«“”„*_")
    if found := _ALONE.fullmatch(bare):
        return _FIGURE[found[1]]
    if bare in _FIGURE:
        return _FIGURE[bare]
    words = re.findall(r"[^\W\d_]+", bare.lower())
    if not words or len(words) > _MOST_WORDS or re.search(r"[\d?]", bare):
        return None
    said = [word for word in words if word not in _VERY]
    denied = said[:1] and said[0] in _NOT
    said = said[1:] if denied else said
    if len(said) != 1 or said[0] not in _GOOD | _BAD:
        return None
    good = said[0] in _GOOD
    return GOOD if good != bool(denied) else BAD
