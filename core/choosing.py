"""Which of several options an answer names: by its number, by its place in the list, or by its name.

An answer that names two, or all of them, names none: which one to take is not ours to guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
_SHORT = 8
"""Words of an answer that may say nothing but a number or a place."""

_ORDINALS = (
    "first 1st erste ersten erster erstes premier première primero primera primer primo prima eerste pierwszy pierwsza"
    " pierwsze pierwszą primeiro primeira",
    "second 2nd zweite zweiten zweiter zweites deuxième seconde segundo segunda secondo seconda tweede drugi druga"
    " drugie drugą",
    "third 3rd dritte dritten dritter drittes troisième tercero tercera tercer terzo terza derde trzeci trzecia"
    " trzecie trzecią terceiro terceira",
    "fourth 4th vierte vierten vierter viertes quatrième cuarto cuarta quarto quarta vierde czwarty czwarta czwarte"
    " czwartą",
    "fifth 5th fünfte fünften fünfter fünftes cinquième quinto quinta vijfde piąty piąta piąte piątą",
    "sixth 6th sechste sechsten sechster sechstes sixième sexto sexta sesto sesta zesde szósty szósta szóste szóstą",
    "seventh 7th siebte siebten siebter siebtes septième séptimo séptima settimo settima zevende siódmy siódma siódme"
    " siódmą sétimo sétima",
    "eighth 8th achte achten achter achtes huitième octavo octava ottavo ottava achtste ósmy ósma ósme ósmą oitavo"
    " oitava",
    "ninth 9th neunte neunten neunter neuntes neuvième noveno novena nono nona negende dziewiąty dziewiąta dziewiąte"
    " dziewiątą",
)
_PLACE = {word: place for place, words in enumerate(_ORDINALS) for word in words.split()}
_LAST = frozenset(
    """
    last letzte letzten letzter letztes dernier dernière último última ultimo ultima laatste ostatni ostatnia ostatnie
    ostatnią
    """.split()
)
_SEVERAL = frozenset(
    """
    both all every each none neither either beide beiden beides alle allen keine keins tous toutes deux aucun aucune
    ambos ambas todos todas todo toda ninguno ninguna entrambi entrambe tutti tutte nessuno nessuna allebei geen oba
    obie obydwa obydwie wszystkie żaden żadna nenhum nenhuma
    """.split()
)
_ABOUT_A_NUMBER = frozenset(
    """
    number no nr nummer numéro numero número numer option choice the one please thanks thank you it is s that i mean
    take die der das den bitte danke ich meine nehme es ist le la un une s il vous plaît plait merci c est je veux
    el los por favor gracias es quiero il lo per favore grazie è de het alstublieft graag dank u ik bedoel poproszę
    proszę dziękuję to o a obrigado obrigada é quero
    """.split()
)


def chosen(text: str, options: Sequence[str]) -> str:
    """The option that the first line of an answer names; "" when it names none, or more than one."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    words = [word.lower() for word in _WORD.findall(line)]
    if not _SEVERAL.isdisjoint(words) and not any(option.lower() in words for option in options):
        return ""
    return _by_name(line, options) or _by_number(words, options) or _by_place(words, options)


def _by_name(line: str, options: Sequence[str]) -> str:
    """By its whole name, or by what stands before its colon where one option alone begins with that."""
    heads = [option.partition(": ")[0].lstrip("#") for option in options]
    names = {head: option for head, option in zip(heads, options, strict=True) if heads.count(head) == 1}
    names.update((option, option) for option in options)
    spans = {
        match.span(): option
        for name, option in names.items()
        if name and (match := re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", line, re.IGNORECASE))
    }
    best = max(spans, key=lambda span: span[1] - span[0], default=None)
    if best is None:
        return ""
    beside = [span for span in spans if span[1] <= best[0] or span[0] >= best[1]]
    if beside and not all(spans[span].isalpha() for span in (best, *beside)):
        return ""
    return spans[min((best, *beside))]  # Plain words are no names: "yes, ok" says the same twice.


def _by_number(words: Sequence[str], options: Sequence[str]) -> str:
    """ "2", "#2", "2.", "number 2 please": the one number of an answer that says nothing else."""
    numbers = [word for word in words if word.isdecimal()]
    if len(numbers) != 1 or len(words) > _SHORT or not _ABOUT_A_NUMBER.issuperset(set(words) - set(numbers)):
        return ""
    place = int(numbers[0])
    return options[place - 1] if 1 <= place <= len(options) else ""


def _by_place(words: Sequence[str], options: Sequence[str]) -> str:
    """ "The first", "die zweite bitte", "la dernière": one place, in a short answer without an "and"."""
    places = {len(options) - 1 if word in _LAST else _PLACE[word] for word in words if word in _LAST or word in _PLACE}
    if len(places) != 1 or len(words) > _SHORT or any(word.isdecimal() for word in words):
        return ""
    place = places.pop()
    return options[place] if 0 <= place < len(options) else ""
