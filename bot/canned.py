"""The canned replies there are: files of a folder, and what leads kept by mail.

    canned/welcome.txt           in the desk's language, for every department
    canned/welcome.de.txt        the same in German
    canned/Billing/refund.txt    for one department

A file is what a member of staff would write: commands above or below the text. It may be changed while the desk runs;
one that is wrong then is left out, for its doubtful lines would go to clients as text.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from core.database import Sessions
from core.models import CannedReply
from core.staff.canned import Canned, faults
from core.staff.vocabulary import WORDS

log = logging.getLogger("helpdesk.canned")

FRESH_SECONDS = 5.0

Key = tuple[str, str]
"""Department ("" for all) and name."""


class CannedError(Exception):
    """A file cannot be used; the text names it and says why."""


@dataclass(slots=True)
class CannedReplies:
    """Callable, as core.desk.Desk wants it. `language` is that of files that name none."""

    folder: Path | None
    language: str
    sessions: Sessions
    departments: Sequence[str] = ()
    _shelf: tuple[Canned, ...] = ()
    _until: float = field(default=0.0)

    def __call__(self) -> Sequence[Canned]:
        now = time.monotonic()
        if now >= self._until:
            self._shelf = self._read()
            self._until = now + FRESH_SECONDS
        return self._shelf

    def check(self) -> None:
        """Raises CannedError for the first file that is wrong."""
        for path in _files(self.folder):
            if path.parent != self.folder and path.parent.name not in self.departments:
                raise CannedError(f"{path}: there is no department {path.parent.name!r}")
            try:
                wrong = faults(path.read_text(encoding="utf-8"), WORDS)
            except UnicodeDecodeError:
                wrong = ["it is not UTF-8"]
            if wrong:
                raise CannedError(f"{path}: {'; '.join(wrong)}")

    def _read(self) -> tuple[Canned, ...]:
        texts: dict[Key, dict[str, str]] = {}
        for path in _files(self.folder):
            name, _, language = path.stem.partition(".")
            department = "" if path.parent == self.folder else path.parent.name
            text = path.read_text(encoding="utf-8", errors="replace")
            if wrong := faults(text, WORDS):
                log.warning("%s is left out: %s", path, "; ".join(wrong))
                continue
            texts.setdefault((department, name), {})[language or self._own] = text
        with self.sessions() as session:
            for kept in session.scalars(select(CannedReply)):
                texts.setdefault((kept.department, kept.name), {})[kept.language] = kept.text
        return tuple(_shelf(texts))

    @property
    def _own(self) -> str:
        return self.language.partition("-")[0]


def _shelf(texts: Mapping[Key, Mapping[str, str]]) -> Iterable[Canned]:
    for (department, name), by_language in sorted(texts.items()):
        yield Canned(name, by_language, department)


def _files(folder: Path | None) -> list[Path]:
    return sorted(path for pattern in ("*.txt", "*/*.txt") for path in folder.glob(pattern)) if folder else []
