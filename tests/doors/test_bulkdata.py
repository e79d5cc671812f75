"""Reading a message in large pieces gives what reading it line by line gives, however the network cuts it."""

from __future__ import annotations

import asyncio
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import bulkdata
from bot.channels.bulkdata import Read, by_lines, in_pieces

from .conftest import OpenDoor
from .listening import Line, Store, mail

BOTH = pytest.mark.parametrize("read", [in_pieces, by_lines])
TRICKY = st.lists(st.sampled_from([b"\r\n", b".", b"\r", b"\n", b"..", b"a", b"\x00", b"word " * 20])).map(b"".join)


def read_all(
    read: Read, wire: bytes, cuts: list[int], limit: int = 10**6, buffer: int = 64
) -> tuple[bytes | None, bytes]:
    """The message and what is left in the stream, when `wire` arrives cut at these places."""

    async def run() -> tuple[bytes | None, bytes]:
        reader = asyncio.StreamReader(limit=buffer)
        places = sorted({cut % (len(wire) + 1) for cut in cuts} | {0, len(wire)})
        reading = asyncio.ensure_future(read(reader, limit, lambda octets: True))
        for start, end in zip(places, places[1:], strict=False):
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            reader.feed_data(wire[start:end])
        message = await asyncio.wait_for(reading, 60)
        reader.feed_eof()
        return message, await reader.read(-1)

    return asyncio.run(run())


def stuffed(message: bytes) -> bytes:
    """RFC 5321, 4.5.2, for a message that ends with CRLF or is empty."""
    return (b"\r\n" + message).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"


@BOTH
@settings(max_examples=150, deadline=None)
@given(message=TRICKY, rest=TRICKY, cuts=st.lists(st.integers(0, 2000), max_size=8))
def test_a_message_comes_out_as_it_went_in(read: Read, message: bytes, rest: bytes, cuts: list[int]) -> None:
    message = message + b"\r\n"
    assert read_all(read, stuffed(message) + rest, cuts) == (message, rest)


@settings(max_examples=300, deadline=None)
@given(wire=TRICKY, cuts=st.lists(st.integers(0, 2000), max_size=8), limit=st.integers(0, 60))
def test_both_readers_agree_on_any_bytes(wire: bytes, cuts: list[int], limit: int) -> None:
    """Also where a sloppy client does not stuff its dots, and at any size limit."""
    wire += b"\r\n.\r\nNOOP\r\n"
    assert read_all(in_pieces, wire, cuts, limit) == read_all(by_lines, wire, cuts, limit)


@BOTH
def test_an_empty_message_ends_at_once(read: Read) -> None:
    assert read_all(read, b".\r\nQUIT\r\n", []) == (b"", b"QUIT\r\n")


@BOTH
@pytest.mark.parametrize("message", [b"x" * 98 + b"\r\n", b".\r\n" * 40, b"." * 98 + b"\r\n"])
@pytest.mark.parametrize("cuts", [[], list(range(1000))])
def test_the_limit_counts_the_message_without_its_stuffing(read: Read, message: bytes, cuts: list[int]) -> None:
    wire = stuffed(message) + b"NOOP\r\n"
    assert read_all(read, wire, cuts, limit=len(message)) == (message, b"NOOP\r\n")
    assert read_all(read, wire, cuts, limit=len(message) - 1) == (None, b"NOOP\r\n")


@BOTH
def test_a_message_over_the_limit_takes_no_memory(read: Read) -> None:
    """40 MB in one line and 4 MB of lines, with a limit of 100 KB: less than 2 MB at any moment."""

    async def run(piece: bytes, times: int) -> bytes | None:
        reader = asyncio.StreamReader(limit=64 * 1024)
        reading = asyncio.ensure_future(read(reader, 100_000, lambda octets: True))
        for _ in range(times):
            reader.feed_data(piece)
            await asyncio.sleep(0)
        reader.feed_data(b"\r\n.\r\n")
        return await asyncio.wait_for(reading, 60)

    for piece, times in ((b"x" * 65_536, 600), ((b"word " * 15 + b"\r\n") * 850, 60)):
        tracemalloc.start()
        assert asyncio.run(run(piece, times)) is None
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2_000_000


@BOTH
def test_a_message_that_there_is_no_room_for_is_dropped(read: Read) -> None:
    async def run() -> tuple[bytes | None, bytes]:
        reader = asyncio.StreamReader()
        reader.feed_data(stuffed(b"some line\r\n" * 100) + b"NOOP\r\n")
        return await read(reader, 10_000, lambda octets: False), await reader.read(100)

    assert asyncio.run(run()) == (None, b"NOOP\r\n")


@BOTH
def test_a_peer_that_leaves_is_a_lost_connection(read: Read) -> None:
    async def run() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(b"half\r\n.")
        reader.feed_eof()
        await read(reader, 100, lambda octets: True)

    with pytest.raises(ConnectionResetError):
        asyncio.run(run())


def test_the_pieces_are_used_where_they_work() -> None:
    assert asyncio.run(bulkdata.fastest()) is in_pieces


@pytest.mark.parametrize("broken", [AttributeError("_buffer"), None])
def test_where_the_stream_is_another_the_lines_are_read(
    monkeypatch: pytest.MonkeyPatch, open_door: OpenDoor, store: Store, broken: Exception | None
) -> None:
    """A StreamReader without that buffer, and one that loses what is put back: the door still takes mail."""

    def put_back(reader: asyncio.StreamReader, rest: bytearray) -> None:
        if broken:
            raise broken

    monkeypatch.setattr(bulkdata, "_put_back", put_back)
    assert asyncio.run(bulkdata.fastest()) is by_lines
    with Line(open_door().listener.port) as line:
        raw = mail(body="..\r\n" + "x" * 200_000 + "\r\n.")
        line.envelope()
        line.say("DATA")
        line.send(stuffed(raw) + b"NOOP\r\nRSET\r\n")
        assert [line.reply()[:3] for _ in range(3)] == ["250"] * 3
    assert store.kept[0].raw == raw
