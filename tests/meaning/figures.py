"""How well the reader does on labelled messages: `python -m tests.meaning.figures SET.jsonl`.

A line holds `text`, maybe `subject`, `lang` (ISO 639-1), and `expect`: `intents` (names in order, "human" for a
person), `also` (other sets that are right too), `department`, `department_also`, `must_not` (intents that would do
harm). Such sets are written by people who have not seen the rules, and hold people and domains of their own: they are
not in the repository.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.meaning import rules
from core.meaning.read import HUMAN, Reader, Reading

NOTHING_TO_DO = frozenset({"smalltalk", "spam"})


@dataclass(slots=True)
class Figures:
    """Counts; `wrong` names the lines that were read wrongly."""

    messages: int = 0
    exact: int = 0
    dangerous: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    for_people: int = 0
    reached_people: int = 0
    department_right: int = 0
    language_right: int = 0
    changes: int = 0
    changes_right: int = 0

    def count(self, name: str, expected: Mapping[str, Any], reading: Reading, language: str) -> None:
        said = [meant.intent for meant in reading.requests]
        right = _is_right(said, expected)
        self.messages += 1
        self.exact += right
        self.language_right += reading.language == language
        if not right:
            self.wrong.append(f"{name}: {said} instead of {list(expected['intents'])}")
        if harm := _harm(said, expected):
            self.dangerous.append(f"{name}: {', '.join(harm)}")
        if HUMAN in expected["intents"]:
            self.for_people += 1
            self.reached_people += HUMAN in said or not said
            departments = {expected.get("department"), *expected.get("department_also", ())}
            self.department_right += reading.department in departments
        if any(_risky(intent) for intent in expected["intents"]):
            self.changes += 1
            self.changes_right += right

    def lines(self) -> Iterator[str]:
        yield f"messages           {self.messages}"
        yield f"exact              {_share(self.exact, self.messages)}"
        yield f"dangerous          {len(self.dangerous)}"
        yield f"reached a person   {_share(self.reached_people, self.for_people)} of those who need one"
        yield f"right department   {_share(self.department_right, self.for_people)} of these"
        yield f"changes understood {_share(self.changes_right, self.changes)}"
        yield f"language           {_share(self.language_right, self.messages)}"
        yield from (f"DANGEROUS {one}" for one in self.dangerous)


def _is_right(said: list[str], expected: Mapping[str, Any]) -> bool:
    """The same set, or one of the others; for what asks for nothing, nothing and a person are right too."""
    accepted = [set(expected["intents"]), *map(set, expected.get("also", ()))]
    if NOTHING_TO_DO & accepted[0]:
        accepted += [set(), {HUMAN}]
    if HUMAN in accepted[0]:
        accepted += [set(), {HUMAN}]
    return set(said) in accepted


def _harm(said: list[str], expected: Mapping[str, Any]) -> list[str]:
    asked = set(expected["intents"]).union(*map(set, expected.get("also", ())))
    return [one for one in said if one in expected.get("must_not", ()) or (_risky(one) and one not in asked)]


def _risky(intent: str) -> bool:
    known = rules.intents().get(intent)
    return known is not None and known.risk in ("change", "secret")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def figures(path: Path) -> Figures:
    """Raises OSError, ValueError and KeyError for what is no such set."""
    reader, found = Reader(), Figures()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            entry = json.loads(line)
            reading = reader.read(entry["text"], entry.get("subject") or "", entry.get("channel", "email"))
            found.count(str(entry.get("id", number)), entry["expect"], reading, entry["lang"])
    return found


def main() -> None:
    for name in sys.argv[1:]:
        found = figures(Path(name))
        print(name, *found.lines(), *found.wrong, sep="\n")


if __name__ == "__main__":
    main()
