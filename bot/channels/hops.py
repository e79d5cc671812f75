"""How many servers a mail passed, by its Received lines: what goes round in circles gains some with each turn.

An honest mail has fewer than twenty; Postfix returns one with more than fifty (hopcount_limit).
"""

from __future__ import annotations

import re
from itertools import islice

from bot.channels.authentication import domains

MOST = 50
MOST_OF_OURS = 25
_HEADER_LIMIT = 256 * 1024
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_RECEIVED = re.compile(rb"^received[ \t]*:((?:[^\n]|\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_BY = re.compile(rb"(?:\A|\s)by\s+([^\s;()]+)", re.IGNORECASE)


def circling(raw: bytes, our_domain: str) -> bool:
    """More than 50 Received lines in all, or more than 25 by servers of our own domain."""
    end = _END_OF_HEADER.search(raw, 0, _HEADER_LIMIT)
    header = raw[: end.start() if end else _HEADER_LIMIT]
    hops = [found[1] for found in islice(_RECEIVED.finditer(header), MOST + 1)]
    if len(hops) <= MOST_OF_OURS:
        return False
    ours = domains.organisational(domains.normal(our_domain))
    return len(hops) > MOST or sum(1 for hop in hops if _organisation(hop) == ours) > MOST_OF_OURS


def _organisation(hop: bytes) -> str:
    """Of the server that wrote the line."""
    by = _BY.search(hop)
    host = domains.normal(by[1].decode("ascii", "replace")) if by else ""
    return domains.organisational(host) if host else ""
