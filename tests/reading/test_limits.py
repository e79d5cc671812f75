"""No bytes make reading slow, large or loud."""

from __future__ import annotations

import tracemalloc

import pytest

from bot.channels.reading.document import as_document
from bot.channels.reading.mail import read
from tests.growth import assert_in_step
from tests.reading import bombs

_BOMBS = bombs.all_of_them()


@pytest.mark.parametrize("name", sorted(_BOMBS))
def test_a_bomb_is_read_in_time_in_step_with_its_size(name: str) -> None:
    def is_read(raw: bytes) -> None:
        assert not any(defect.startswith("could not be read") for defect in read(raw).defects)

    raw = _BOMBS[name]
    assert_in_step(is_read, lambda n: raw[: len(raw) * n // 4])


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("nested parts", "parts nested deeper than 100"),
        ("many parts", "more than 1000 parts: the rest was left out"),
        ("many fields", "header too large: the rest was left out"),
        ("long field", "header too large: the rest was left out"),
        ("many lines like a boundary", "too many lines that look like a boundary"),
        ("many quoted lines", "text too long: the rest was left out"),
    ],
)
def test_beyond_a_limit_the_headers_are_read_and_a_defect_says_what_is_missing(name: str, defect: str) -> None:
    mail = read(_BOMBS[name])
    assert mail.sender is not None
    assert mail.sender.address == "mallory@evil.example"
    assert mail.subject == "My site"
    assert defect in mail.defects


def test_a_thousand_fields_are_kept_and_no_more() -> None:
    mail = read(b"X-A: 1\n" * 999 + b"Subject: the last one\nFrom: alice@bakery.example\n\nHello\n")
    assert mail.subject == "the last one"
    assert mail.sender is None


def test_at_most_five_hundred_addresses_are_read() -> None:
    assert len(read(_BOMBS["many addresses"]).to) == 500


def test_memory_stays_within_a_few_times_the_size_of_the_mail() -> None:
    raw = _BOMBS["attachment"]
    tracemalloc.start()
    read(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * len(raw)


def test_what_comes_out_of_a_bomb_is_a_document() -> None:
    for raw in _BOMBS.values():
        assert isinstance(as_document(read(raw[:100_000])), dict)
