"""What an operator adds: intents of their own by example, words of departments."""

from __future__ import annotations

from core.meaning.read import Reader

PHRASES = {
    "racks.visit": ("book a visit to the data centre", "I want to see our rack"),
    "domain.watch": ("watch {domain} for me",),
    "domain.unlock": ("open sesame {domain}",),
}


def test_an_intent_that_no_rule_knows_is_taught_by_its_phrases() -> None:
    meant = Reader(phrases=PHRASES).read("hello, please book a visit to the data centre").requests
    assert [(one.intent, one.why) for one in meant] == [("racks.visit", "phrase 'book a visit to the data centre'")]


def test_the_places_of_a_phrase_are_filled() -> None:
    meant = Reader(phrases=PHRASES).read("please watch bakery.example for me").requests
    assert [(one.intent, dict(one.entities)) for one in meant] == [("domain.watch", {"domain": ("bakery.example",)})]


def test_guards_stand_before_phrases() -> None:
    reading = Reader(phrases=PHRASES).read("don't watch bakery.example for me")
    assert "domain.watch" not in [one.intent for one in reading.requests]


def test_a_departments_own_words_decide_for_it() -> None:
    reader = Reader(departments={"Cooling": ("chiller", "cold aisle")})
    assert reader.read("the chiller in the cold aisle makes a strange noise").department == "Cooling"
