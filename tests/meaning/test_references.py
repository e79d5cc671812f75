"""What a sentence takes from the ones before it."""

from __future__ import annotations

import pytest

from tests.meaning.reading import intents, objects


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("How much credit have we got left? Please add another 50 euros to it.", ["credit.show", "credit.add_funds"]),
        ("Going through my notes I found that I own bakery.example. When did I register it?", ["domain.show"]),
        ("I don't want anybody to log in with Google any more. Please switch that off.", ["sso.disable"]),
        ("Could you lock bakery.example? And while you're at it have it renew automatically.",
         ["domain.lock", "domain.autorenew_on"]),
        ("Unlock bakery.example please. I'll need the code too.", ["domain.unlock", "domain.epp_code"]),
    ),
)  # fmt: skip
def test_the_thing_stands_in_the_sentence_before(text: str, expected: list[str]) -> None:
    assert intents(text) == expected


def test_a_question_how_is_answered_beside_a_request() -> None:
    text = "Please renew bakery.example for a year, and tell me how one makes a subdomain in cPanel."
    assert intents(text) == ["domain.renew", "kb.search"]


def test_a_question_how_soon_is_no_search_for_articles() -> None:
    assert intents("I'd like a different security question on my account please. How soon can that be done?") == [
        "security_question.set"
    ]


def test_in_a_long_mail_each_wish_keeps_its_object() -> None:
    """Told in passing, among a story that asks for nothing."""
    text = (
        "Hello there, it has been a strange month at the bakery: the oven broke twice and half of the staff had the "
        "flu. In between we decided that stone.example is looked after by my nephew from now on, who has a company of "
        "his own. What he needs from you is the lock taken off stone.example. Apart from that bakery.example should "
        "renew by itself, and I'd want invoice 9001 as a PDF for the books, since I have spilt soup on mine."
    )
    assert objects(text) == [
        ("domain.unlock", {"domain": ("stone.example",)}),
        ("domain.autorenew_on", {"domain": ("bakery.example",)}),
        ("invoice.pdf", {"invoice": ("9001",)}),
    ]


def test_an_it_means_what_was_named_last() -> None:
    text = (
        "Die Domain bakery.example brauchen wir weiter, bitte um ein Jahr verlängern. Die Adresse stone.example war "
        "für ein Fest gedacht. Schalten Sie dort bitte die automatische Verlängerung aus."
    )
    assert objects(text) == [
        ("domain.renew", {"domain": ("bakery.example",), "years": ("1",)}),
        ("domain.autorenew_off", {"domain": ("stone.example",)}),
    ]
