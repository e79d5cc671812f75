"""The audit trail, sealed: a line that somebody changed or took out afterwards is found.

Every line gets a keyed digest of what it says; every seal one of the seal before it and the digests of its lines. Which
seal covers a line is written on the line, so that it does not matter in which order concurrent writers commit. The key
is the desk's secret, which is not in the database. Two acts may touch what is sealed, and both sign what they leave:
the erasure of a person, which keeps the line, and the purge of old lines, which keeps their seal.
What it cannot show: lines that were added, and a whole tail of the chain that was cut off together with its lines. For
that, the newest seal is in the log, which belongs on another machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import String, cast, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.database import Sessions
from core.models import Audit, AuditSeal

Sign = Callable[[str], str]
"""A text to its keyed digest; `Tokens.mark`."""

LINES = 1000
SPAN = timedelta(days=1)
"""What one seal covers at most, so that old lines can go without the newer ones of their seal."""
NOBODY, ERASED = "erased@invalid", "(erased)"


@dataclass(frozen=True, slots=True)
class Chain:
    """What a look at the whole chain found. `problem` is "" or names the first thing that does not fit."""

    seals: int
    lines: int
    unsealed: int
    purged: int
    newest: str
    problem: str


def seal(sessions: Sessions, sign: Sign, now: datetime) -> int:
    """Seal every line that is committed and not sealed yet; returns how many."""
    total = 0
    while count := _seal_some(sessions, sign, now):
        total += count
    return total


def _seal_some(sessions: Sessions, sign: Sign, now: datetime) -> int:
    try:
        with sessions() as session:
            if session.scalar(select(Audit.id).where(Audit.seal.is_(None)).limit(1)) is None:
                return 0
            last = _last(session)
            made = AuditSeal(id=last.id + 1 if last else 1, at=now, covers=0, digest="", purged="")
            session.add(made)
            session.flush()  # From here on no other process seals: its seal would have the same number.
            lines = _next_lines(session)
            for line in lines:
                line.seal, line.digest = made.id, sign(_said(line))
            made.covers, made.digest = len(lines), _digest(sign, last.digest if last else "", made, lines)
            session.commit()
            return len(lines)
    except IntegrityError:
        return 0


def _next_lines(session: Session) -> list[Audit]:
    unsealed = select(Audit).where(Audit.seal.is_(None)).order_by(Audit.id).limit(LINES).with_for_update()
    lines = list(session.scalars(unsealed))
    return [line for line in lines if abs(line.at - lines[0].at) < SPAN]


def purge(sessions: Sessions, sign: Sign, before: datetime, now: datetime) -> int:
    """Throw away the lines of the seals that cover nothing newer; returns how many."""
    seal(sessions, sign, now)
    old = select(Audit.seal).where(Audit.seal.is_not(None)).group_by(Audit.seal).having(func.max(Audit.at) < before)
    with sessions() as session:
        numbers = session.scalars(old).all()
    return sum(_purge_one(sessions, sign, number) for number in numbers if number is not None)


def _purge_one(sessions: Sessions, sign: Sign, number: int) -> int:
    with sessions.begin() as session:
        found = session.get(AuditSeal, number)
        if found is None:
            return 0  # Its seal was removed: that is for `verify` to tell.
        found.purged = sign(_purged(found))
        session.flush()
        gone = session.execute(
            delete(Audit).where(Audit.seal == number), execution_options={"synchronize_session": False}
        )
        return int(gone.rowcount)  # type: ignore[attr-defined]


def erase(session: Session, sign: Sign, address: str, tickets: Sequence[int] = ()) -> int:
    """Take a person out of every line; a sealed one is signed as what is left of it. Returns how many.

    Of what happened on their `tickets` it stays that it did and who did it; the details hold words, domains and tags.
    """
    key = address.lower()
    named = or_(
        func.lower(Audit.who) == key,
        func.lower(Audit.about).contains(key, autoescape=True),
        func.lower(cast(Audit.detail, String)).contains(key, autoescape=True),
        Audit.ticket_id.in_(tickets),
    )
    # A write of nothing: from here on nobody seals in between (on SQLite; on PostgreSQL the locks of the lines do it).
    session.execute(update(AuditSeal).where(AuditSeal.id == 0).values(covers=0))
    lines = session.scalars(select(Audit).where(named).order_by(Audit.id).with_for_update()).all()
    for line in lines:
        if line.who.lower() == key:
            line.who = NOBODY
        line.about = re.sub(rf"(?<![\w.+-]){re.escape(key)}(?![\w-])", ERASED, line.about, flags=re.IGNORECASE)
        line.detail = {}
        if line.seal is not None:
            line.erased = sign(_left(line))
    return len(lines)


def verify(sessions: Sessions, sign: Sign, expected: str = "") -> Chain:
    """Look at every seal and line. `expected` is a seal as `newest` gave it once, "12:9f…", and must still be there."""
    with sessions() as session:
        highest = session.scalar(select(func.max(Audit.seal))) or 0  # Before the seals: no line is ahead of its seal.
        seals = session.scalars(select(AuditSeal).order_by(AuditSeal.id)).all()
        unsealed = session.scalar(select(func.count()).select_from(Audit).where(Audit.seal.is_(None))) or 0
    found, lines, previous = "", 0, ""
    for number, one in enumerate(seals, 1):
        count, found = _look_at(sessions, sign, number, one, previous)
        lines += count
        previous = one.digest
        if found:
            break
    if not found and highest > len(seals):
        found = f"seal {highest} is missing: there are lines of it"
    if not found and expected and expected not in map(_name, seals):
        found = f"seal {expected.partition(':')[0]} is not the one that was expected"
    newest = _name(seals[-1]) if seals else ""
    return Chain(len(seals), lines, unsealed, sum(1 for one in seals if one.purged), newest, found)


def _look_at(sessions: Sessions, sign: Sign, number: int, one: AuditSeal, previous: str) -> tuple[int, str]:
    """How many lines the seal covers, and what is wrong with it."""
    if one.id != number:
        return 0, f"seal {number} is missing"
    where = f"seal {number} of {one.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if one.purged:
        return 0, "" if one.purged == sign(_purged(one)) else f"{where}: its lines are gone, and no purge signed for it"
    with sessions() as session:
        lines = session.scalars(select(Audit).where(Audit.seal == number).order_by(Audit.id)).all()
    changed = next((line for line in lines if not _as_signed(line, sign)), None)
    if changed is not None:
        return len(lines), f"{where}: line {changed.id} was changed"
    if len(lines) != one.covers:
        return len(lines), f"{where}: it was made over {one.covers} lines, and {len(lines)} are there"
    if one.digest != _digest(sign, previous, one, lines):
        return len(lines), f"{where} does not fit its lines or the seal before it"
    return len(lines), ""


def _as_signed(line: Audit, sign: Sign) -> bool:
    return line.erased == sign(_left(line)) if line.erased else line.digest == sign(_said(line))


def newest(sessions: Sessions) -> str:
    """The newest seal, as it is logged: its number and digest."""
    with sessions() as session:
        last = _last(session)
        return _name(last) if last else ""


def _last(session: Session) -> AuditSeal | None:
    return session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))


def _name(one: AuditSeal) -> str:
    return f"{one.id}:{one.digest}"


def _digest(sign: Sign, previous: str, made: AuditSeal, lines: Sequence[Audit]) -> str:
    at = made.at.astimezone(UTC).isoformat()
    return sign(_text("seal", previous, made.id, at, len(lines), *(line.digest for line in lines)))


def _said(line: Audit) -> str:
    return _text("line", *_values(line))


def _left(line: Audit) -> str:
    return _text("erased", line.digest, *_values(line))


def _purged(one: AuditSeal) -> str:
    return _text("purged", one.id, one.digest)


def _values(line: Audit) -> tuple[object, ...]:
    at = line.at.astimezone(UTC).isoformat()
    return line.id, at, line.who, line.action, line.about, line.ticket_id, line.client_id, line.arrival_id, line.detail


def _text(*values: object) -> str:
    """The same text for the same values, on either database."""
    return "audit " + json.dumps(values, sort_keys=True, separators=(",", ":"))
