"""Which option an answer names, and which day a text names."""

from __future__ import annotations

from datetime import date

import pytest

from core.choosing import chosen
from core.days import day_in

SERVICES = ["bakery.example: Basic hosting", "bakery.example: SSL", "rye.example: Basic hosting", "my-bakery.example"]
TICKETS = ["#46057485: Site broken", "#46057486: Mail: slow"]
WORDS = ["yes", "ja", "ok", "no", "helped"]


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("1", 0),
        ("#2", 1),
        ("2.", 1),
        ("Number 2, please", 1),
        ("Nr. 3 bitte", 2),
        ("2. bakery.example: SSL", 1),
        ("rye.example", 2),
        ("It is rye.example", 2),
        ("my-bakery.example", 3),
        ("the first", 0),
        ("The second one, please.", 1),
        ("die zweite", 1),
        ("la troisième s'il vous plaît", 2),
        ("la primera", 0),
        ("la seconda", 1),
        ("de derde", 2),
        ("druga", 1),
        ("o primeiro", 0),
        ("the last one", 3),
    ],
)
def test_an_option_is_named_by_number_by_place_by_name_or_by_what_stands_before_its_colon(
    answer: str, place: int
) -> None:
    assert chosen(answer, SERVICES) == SERVICES[place]


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "0",
        "9",
        "the ninth",
        "1 and 2",
        "the first and the third",
        "both",
        "all of them",
        "beide",
        "tous",
        "none",
        "bakery.example",
        "rye.example and my-bakery.example",
        "5 euros were taken twice",
        "The first mail that you sent has never arrived here",
        "see rye.example.test",
    ],
)
def test_what_names_none_or_several_or_one_of_two_alike_chooses_nothing(answer: str) -> None:
    assert chosen(answer, SERVICES) == ""


def test_a_ticket_is_chosen_by_its_bare_number() -> None:
    assert chosen("46057486", TICKETS) == chosen("#46057486", TICKETS) == TICKETS[1]


@pytest.mark.parametrize(
    ("answer", "word"),
    [("Yes, thanks", "yes"), ("ja, ok", "ja"), ("Thanks, that helped", "helped"), ("NO!", "no"), ("Thanks", "")],
)
def test_of_plain_words_that_say_the_same_the_first_counts(answer: str, word: str) -> None:
    assert chosen(answer, WORDS) == word


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I'll test next week, remind me on Monday", date(2026, 11, 30)),
        ("on Friday next week", date(2026, 12, 4)),
        ("Wednesday", date(2026, 12, 2)),
        ("tomorrow", date(2026, 11, 26)),
        ("the day after tomorrow", date(2026, 11, 27)),
        ("in 3 days", date(2026, 11, 28)),
        ("in a week", date(2026, 12, 2)),
        ("next week", date(2026, 12, 2)),
        ("on 5 December", date(2026, 12, 5)),
        ("December 5th, 2027", date(2027, 12, 5)),
        ("on 1 May", date(2027, 5, 1)),
        ("2026-12-05", date(2026, 12, 5)),
        ("am 5.12.", date(2026, 12, 5)),
        ("Guten Morgen, erinnern Sie mich am Freitag", date(2026, 11, 27)),
        ("in zwei Wochen", date(2026, 12, 9)),
        ("lundi", date(2026, 11, 30)),
        ("dans trois jours", date(2026, 11, 28)),
        ("el 3 de diciembre", date(2026, 12, 3)),
        ("tra una settimana", date(2026, 12, 2)),
        ("overmorgen", date(2026, 11, 27)),
        ("za tydzień", date(2026, 12, 2)),
        ("na segunda-feira", date(2026, 11, 30)),
    ],
)
def test_a_day_is_found_as_people_write_it_and_is_one_to_come(text: str, day: date) -> None:
    """Seen from Wednesday, 25 November 2026."""
    assert day_in(text, date(2026, 11, 25)) == day


@pytest.mark.parametrize(
    "text",
    ["", "soon", "31.2.", "2026-13-01", "Guten Morgen", "on 30 February", "mon ticket", "version 5.12", "0000-01-01"],
)
def test_what_is_no_day_of_the_calendar_names_none(text: str) -> None:
    assert day_in(text, date(2026, 11, 25)) is None
