"""The languages the desk speaks: gettext catalogues in templates/locale, English being the text in the templates.

The catalogues are read as translators write them (.po) when a language is first needed, so no compiled file can be
out of date.
"""

from __future__ import annotations

import gettext
import io
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"
WORLD_ENGLISH = "en_001"
_WRITTEN_AS = {ENGLISH: WORLD_ENGLISH, "pt": "pt_PT"}
"""The country of languages that are named without one; our Portuguese is Europe's."""
_LOCALES = files("bot.templates") / "locale"


def _catalogue(language: str) -> Traversable:
    return _LOCALES / language / "LC_MESSAGES" / "helpdesk.po"


def _found() -> tuple[str, ...]:
    names = [entry.name for entry in _LOCALES.iterdir()] if _LOCALES.is_dir() else []
    return (ENGLISH, *sorted(name for name in names if name != ENGLISH and _catalogue(name).is_file()))


LANGUAGES = _found()
"""Codes of the languages that replies can be written in, English first."""


def read_catalogue(catalogue: Traversable) -> gettext.GNUTranslations:
    """Read a .po file. Raises babel.messages.pofile.PoFileError with the line when it is broken."""
    compiled = io.BytesIO()
    with catalogue.open("rb") as source:
        write_mo(compiled, read_po(source, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def locale(language: str) -> Locale:
    """How this language writes numbers and dates: "de_AT" and "de-AT" keep their country; unknown ones are English.

    English without a country is the world's (3 March 2026), not one country's.
    """
    try:
        return Locale.parse(_WRITTEN_AS.get(language, language.replace("-", "_")))
    except (ValueError, TypeError, UnknownLocaleError):
        return Locale.parse(WORLD_ENGLISH)


def spoken(language: str) -> str:
    """The language of ours that somebody who asked for this one reads: "de_AT" is "de" here, unknown ones "en"."""
    wanted = language.replace("-", "_")
    for code in (wanted, wanted.partition("_")[0].lower()):
        if code in LANGUAGES:
            return code
    return ENGLISH


def translations(language: str) -> gettext.NullTranslations:
    return _translations(spoken(language))


@lru_cache
def _translations(code: str) -> gettext.NullTranslations:
    if code == ENGLISH and not _catalogue(code).is_file():
        return gettext.NullTranslations()
    return read_catalogue(_catalogue(code))
