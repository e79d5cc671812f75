"""The demo's provider, as of any day: its dates move with the calendar, so that what is due soon stays due soon."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib.resources import files

from bot.importing import ImportDocument, read_document

WRITTEN_FOR = date(2026, 11, 25)
"""The day on which the dates in the file make sense as they stand."""

_DATE = re.compile(r'(?<=")[0-9]{4}-[0-9]{2}-[0-9]{2}(?=["T])')


def demo_document(today: date = WRITTEN_FOR) -> ImportDocument:
    text = files("bot").joinpath("demodata.json").read_text(encoding="utf-8")
    return read_document(shifted(text, (today - WRITTEN_FOR).days))


def shifted(text: str, days: int) -> str:
    """Every date and moment that is a whole JSON value, moved by whole days; dates within sentences stay."""
    step = timedelta(days=days)
    return _DATE.sub(lambda found: (date.fromisoformat(found[0]) + step).isoformat(), text)
