"""What an operator adds: intents of their own by example, words of departments."""

from __future__ import annotations

from core.meaning.read import Reader

PHRASES = {
    "racks.visit": ("book a visit to the data centre", "I want to see our rack"),
    "domain.watch": ("watch {domain} for me",),
    "domain.unlock": ("open sesame {domain}",),
    "case.remind": ("remind me of case {text}",),
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


def test_a_date_belongs_to_a_phrase_with_a_place_for_any_words() -> None:
    meant = Reader(phrases=PHRASES).read("We try the plugin first. Remind me of case 7 in three days").requests
    assert [one.intent for one in meant] == ["case.remind"]


def test_an_if_before_an_open_phrase_keeps_it_from_being_done() -> None:
    reading = Reader(phrases=PHRASES).read("if it fails, remind me of case 7")
    assert "case.remind" not in [one.intent for one in reading.requests]
