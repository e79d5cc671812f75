"""The thread of the IMAP door: one connection after the other, in each of them rounds of look, fetch, commit, move.

What it knows of single messages (stored but not moved, unreadable, too old) lives as long as the process and the
folder's numbering; losing it costs a repetition and nothing else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.channels.mailbox import LOST, Listed, LoginRefused, Mailbox, open_mailbox
from bot.channels.ports import NotAccepted
from bot.settings import Imap

log = logging.getLogger(__name__)

BATCH_COUNT = 50
BATCH_OCTETS = 20_000_000
LOOK_AT = 1000
"""Messages that are listed in one round."""
CLOCK_SKEW = timedelta(minutes=10)

Take = Callable[[Sequence[tuple[Listed, bytes]], int], list[BaseException | None]]
"""(messages, UIDVALIDITY) -> for each the error that `accept` raised, or None for "committed"."""


class MailboxMemory(Protocol):
    """Keeps a small JSON object per mailbox ("user@host/folder"), durably. Called from the listener's own thread."""

    def get(self, mailbox: str) -> dict[str, Any]:
        """What was set last; {} if nothing ever was."""

    def set(self, mailbox: str, state: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between tries, doubling from the first to the most; `idle` is how long one IDLE lasts (< 29 minutes)."""

    reconnect: tuple[float, float] = (5.0, 300.0)
    message: tuple[float, float] = (60.0, 3600.0)
    idle: float = 300.0
    first_idle: float = 30.0
    """After mail came: what arrived between the last look and the IDLE may not be announced any more."""
    timeout: float = 60.0
    """What the server may take for an answer."""


class Watch:
    """`run` is the thread; messages over `max_message_size` octets are put away unread."""

    def __init__(self, settings: Imap, memory: MailboxMemory, pace: Pace, max_message_size: int, take: Take) -> None:
        self._settings = settings
        self._memory = memory
        self._pace = pace
        self._max_message_size = max_message_size
        self._take = take
        self._name = f"{settings.user}@{settings.host}/{settings.folder}"
        self._stopped = threading.Event()
        self._mailbox: Mailbox | None = None
        self._failures = 0
        self._refusals = 0
        self._forget()

    def _forget(self) -> None:
        """What is known of single messages goes with the numbers they had."""
        self._committed: set[int] = set()
        self._too_old: set[int] = set()
        self._one_by_one: set[int] = set()
        self._put_off: dict[int, tuple[int, float]] = {}

    def stop(self) -> bool:
        """Whether a connection was open, whose commit may still run."""
        self._stopped.set()
        mailbox = self._mailbox
        if mailbox:
            mailbox.hang_up()
        return mailbox is not None

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._session()
            except Exception as error:
                if self._stopped.is_set():
                    return
                self._failures += 1
                delay = doubled(self._pace.reconnect, self._failures)
                grave = logging.ERROR if isinstance(error, LoginRefused) else logging.WARNING
                unknown = error if not isinstance(error, (LoginRefused, *LOST)) else None
                log.log(grave, "%s: %s; again in %.0f s", self._name, error, delay, exc_info=unknown)
                self._stopped.wait(delay)

    def _session(self) -> None:
        mailbox = open_mailbox(self._settings, self._pace.timeout)
        self._mailbox = mailbox
        try:
            start = self._start(mailbox)
            took = True
            while not self._stopped.is_set():
                pause = self._round(mailbox, start)
                self._failures = 0
                if pause is None:
                    self._wait(mailbox, self._pace.first_idle if took else self._pace.idle)
                else:
                    self._stopped.wait(pause)
                took = pause is not None
        finally:
            self._mailbox = None
            mailbox.close()

    def _start(self, mailbox: Mailbox) -> _Start:
        """Where our mail begins: at the first connect's next number, or, in a renumbered folder, its moment."""
        state = self._memory.get(self._name)
        if not state:
            first = 1 if self._settings.import_existing else mailbox.uidnext
            state = {"uidvalidity": mailbox.uidvalidity, "first_uid": first, "since": time.time(), "dated_below": 0}
            self._memory.set(self._name, state)
        elif state["uidvalidity"] != mailbox.uidvalidity:
            log.warning("%s: the server has renumbered the folder; looking through all of it", self._name)
            self._forget()
            state = {**state, "uidvalidity": mailbox.uidvalidity, "first_uid": 1, "dated_below": mailbox.uidnext}
            self._memory.set(self._name, state)
        if self._settings.import_existing:
            return _Start(1, datetime.fromtimestamp(0, UTC), 0)
        since = datetime.fromtimestamp(state["since"], UTC) - CLOCK_SKEW
        return _Start(state["first_uid"], since, state["dated_below"])

    def _wait(self, mailbox: Mailbox, idle: float) -> None:
        seconds = idle if self._settings.idle and mailbox.can_idle else self._settings.poll_seconds
        if self._put_off:
            due = min(at for _, at in self._put_off.values()) - time.monotonic()
            seconds = min(seconds, max(due, 0.05))
        if self._settings.idle and mailbox.can_idle:
            mailbox.idle(seconds)
        else:
            self._stopped.wait(seconds)

    def _round(self, mailbox: Mailbox, start: _Start) -> float | None:
        """Take what is there. Returns the seconds after which to look again, None for "when something happens"."""
        uids = mailbox.uids(start.uid)
        self._tidy(mailbox, uids)
        now = time.monotonic()
        waiting = {uid for uid, (_, at) in self._put_off.items() if at > now}
        new = [uid for uid in uids if uid not in self._committed | self._too_old | waiting]
        listed = mailbox.listed(new[:LOOK_AT])
        wanted = [each for each in listed if not start.excludes(each)]
        self._too_old.update(each.uid for each in listed if start.excludes(each))
        for batch in batches(wanted, self._one_by_one):
            if self._stopped.is_set():
                return 0.0
            if not self._take_batch(mailbox, batch):
                self._refusals += 1
                return doubled(self._pace.reconnect, self._refusals)
            self._refusals = 0
        return 0.0 if listed else None

    def _tidy(self, mailbox: Mailbox, uids: Sequence[int]) -> None:
        """Forget what has left the folder; move what was committed before but could not be moved then."""
        here = set(uids)
        self._committed &= here
        self._too_old &= here
        self._put_off = {uid: entry for uid, entry in self._put_off.items() if uid in here}
        if self._committed:
            self._put_away(mailbox, sorted(self._committed))

    def _take_batch(self, mailbox: Mailbox, batch: Sequence[Listed]) -> bool:
        """Fetch, commit, move. False: the desk takes nothing at the moment."""
        small = [each for each in batch if each.size <= self._max_message_size]
        self._refuse([each.uid for each in batch if each.size > self._max_message_size])
        raws = self._fetch(mailbox, small)
        messages = [(each, raws[each.uid]) for each in small if each.uid in raws]
        outcomes = self._take(messages, mailbox.uidvalidity)
        full = False
        for (each, _), outcome in zip(messages, outcomes, strict=True):
            if outcome is None:
                self._committed.add(each.uid)
                self._put_off.pop(each.uid, None)
            elif isinstance(outcome, NotAccepted):
                full = True
            else:
                log.error("%s: message %d was not taken", self._name, each.uid, exc_info=outcome)
                self._later(each.uid)
        self._put_away(mailbox, [each.uid for each in batch if each.uid in self._committed])
        return not full

    def _refuse(self, uids: Sequence[int]) -> None:
        """Nobody is there to be told 552: it goes to the done folder, where staff can find it."""
        for uid in uids:
            log.error("%s: message %d is too big, put away unread", self._name, uid)
            self._committed.add(uid)

    def _fetch(self, mailbox: Mailbox, batch: Sequence[Listed]) -> dict[int, bytes]:
        uids = [each.uid for each in batch]
        if not uids:
            return {}
        raws: dict[int, bytes] = {}
        try:
            raws = mailbox.fetch(uids)
        except LOST:
            self._unread(uids, uids)
            raise
        except Exception as error:
            log.warning("%s: %d messages could not be read: %s", self._name, len(uids), error)
        self._one_by_one.difference_update(raws)
        self._unread([uid for uid in uids if uid not in raws], uids)
        return raws

    def _unread(self, missing: Sequence[int], asked: Sequence[int]) -> None:
        """What can't be read in a batch is read by itself the next time; what can't be read by itself, later."""
        if len(asked) > 1:
            self._one_by_one.update(missing)
            return
        for uid in missing:
            self._later(uid)

    def _later(self, uid: int) -> None:
        tries = self._put_off.get(uid, (0, 0.0))[0] + 1
        self._put_off[uid] = (tries, time.monotonic() + doubled(self._pace.message, tries))

    def _put_away(self, mailbox: Mailbox, uids: Sequence[int]) -> None:
        if not uids:
            return
        try:
            mailbox.put_away(uids)
        except LOST:
            raise
        except Exception as error:
            log.error("%s: %d messages are stored but could not be moved: %s", self._name, len(uids), error)


@dataclass(frozen=True, slots=True)
class _Start:
    """Ours is what has a number from `uid` on and, below `dated_below`, was received since then."""

    uid: int
    since: datetime
    dated_below: int

    def excludes(self, message: Listed) -> bool:
        return message.uid < self.dated_below and message.received < self.since


def batches(messages: Iterable[Listed], alone: set[int]) -> Iterator[list[Listed]]:
    """In order, up to BATCH_COUNT messages and BATCH_OCTETS octets each, and those in `alone` by themselves."""
    batch: list[Listed] = []
    for message in messages:
        full = len(batch) == BATCH_COUNT or sum(each.size for each in batch) + message.size > BATCH_OCTETS
        if batch and (full or message.uid in alone or batch[-1].uid in alone):
            yield batch
            batch = []
        batch.append(message)
    if batch:
        yield batch


def doubled(span: tuple[float, float], times: int) -> float:
    """The first at one, twice as much each time, never more than the most."""
    first, most = span
    return min(most, first * 2.0 ** min(times - 1, 60))
