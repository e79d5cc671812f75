"""Reading the message that follows DATA, in large pieces instead of line by line.

aiosmtpd awaits one read per body line, which costs more than everything else a door does. Here the reader's buffer
is taken as it comes and searched for the end. What was read past the end belongs to the next (pipelined) command and
goes back into StreamReader's private buffer; `pieces_work` tries that once at the start, and where a Python or event
loop does it differently, `by_lines` serves with the public interface alone.

Only CRLF "." CRLF ends a message (RFC 5321, 4.1.1.4). A bare CR or LF around a dot is content: whoever reads it as an
end lets a sender smuggle a second message past the first one's checks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

PIECE = 256 * 1024
_END = b"\r\n.\r\n"

Grow = Callable[[int], bool]
"""Asked before so many octets more are kept; False: there is no room for them."""

Read = Callable[[asyncio.StreamReader, int, Grow], Awaitable[bytes | None]]
"""(reader, limit in octets, grow) -> the message, unstuffed.

None: it was longer or there was no room, and it has been read to its end and dropped.
Raises ConnectionResetError when the peer goes before the end.
"""


async def in_pieces(reader: asyncio.StreamReader, limit: int, grow: Grow) -> bytes | None:
    # A message may be empty, so the line end before the dot can be the one of the DATA command: start with it.
    buffer = bytearray(b"\r\n")
    most = 2 + limit * 4 // 3 + len(_END)  # Stuffing makes a line "." CRLF a third longer, and nothing more than that.
    searched = 0
    dropped = False
    while (end := buffer.find(_END, searched)) < 0:
        if len(buffer) > most:
            dropped = True
        if dropped:
            del buffer[: 1 - len(_END)]
        searched = max(0, len(buffer) - len(_END) + 1)
        piece = await reader.read(PIECE)
        if not piece:
            raise ConnectionResetError("the peer left during DATA")
        dropped = dropped or not grow(len(piece))
        buffer += piece
    _put_back(reader, buffer[end + len(_END) :])
    if dropped:
        return None
    message = bytes(memoryview(buffer)[: end + 2]).replace(b"\r\n.", b"\r\n")[2:]
    return message if len(message) <= limit else None


async def by_lines(reader: asyncio.StreamReader, limit: int, grow: Grow) -> bytes | None:
    message = bytearray()
    size = 0
    dropped = False
    at_line_start = True
    while True:
        piece = await _line_or_part(reader)
        if at_line_start and piece == b".\r\n":
            return None if dropped else bytes(message)
        if at_line_start and piece.startswith(b"."):
            piece = piece[1:]
        at_line_start = piece.endswith(b"\r\n")
        size += len(piece)
        dropped = dropped or size > limit or not grow(len(piece))
        if dropped:
            message.clear()
        else:
            message += piece


async def _line_or_part(reader: asyncio.StreamReader) -> bytes:
    """A line with its CRLF, or the beginning of one that is longer than the reader's limit (never half a CRLF)."""
    try:
        return await reader.readuntil(b"\r\n")
    except asyncio.LimitOverrunError as error:
        return await reader.read(error.consumed)
    except asyncio.IncompleteReadError:
        raise ConnectionResetError("the peer left during DATA") from None


def _put_back(reader: asyncio.StreamReader, rest: bytearray) -> None:
    if rest:
        reader._buffer[:0] = rest  # type: ignore[attr-defined]


async def pieces_work() -> bool:
    """Whether this Python's StreamReader gives back, in order, what `in_pieces` puts into its buffer."""
    reader = asyncio.StreamReader()
    reader.feed_data(b"..a\r\n.\r\nRSET\r\nQ")
    try:
        message = await in_pieces(reader, 100, lambda octets: True)
        reader.feed_data(b"UIT\r\n")
        reader.feed_eof()
        return message == b".a\r\n" and await reader.read(100) == b"RSET\r\nQUIT\r\n"
    except (AttributeError, TypeError):
        return False


async def fastest() -> Read:
    return in_pieces if await pieces_work() else by_lines
