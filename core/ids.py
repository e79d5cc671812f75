"""Keys that are known before anything is written.

A key is 63 bits: milliseconds since 2024 (41), then a random start that counts up within the process (22). Keys of
one process rise, so tables grow at their end; two processes meet with a chance of one in four million per
millisecond, and then the primary key refuses the second, whose message is simply walked again.
"""

from __future__ import annotations

import secrets
import threading
import time

_EPOCH_MS = 1_704_067_200_000
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    global _last
    with _lock:
        fresh = ((time.time_ns() // 1_000_000 - _EPOCH_MS) << 22) | secrets.randbits(22)
        _last = max(fresh, _last + 1)
        return _last


def new_ticket_number() -> str:
    """Eight digits, drawn: nobody guesses another's ticket from their own. Uniqueness is the table's to refuse."""
    return str(10_000_000 + secrets.randbelow(90_000_000))
