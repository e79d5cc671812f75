"""What changes a request that stands already, and what only sounds as if it did."""

from __future__ import annotations

import pytest

from tests.meaning.reading import intents, objects


@pytest.mark.parametrize(
    ("text", "intent"),
    (
        ("Unlock bakery.example - no, scrap that, lock it.", "domain.lock"),
        ("Turn auto-renew off for bakery.example. Hang on, wrong way round: on, please.", "domain.autorenew_on"),
        ("Déverrouillez bakery.example, ou plutôt non, verrouillez-le.", "domain.lock"),
    ),
)
def test_only_the_corrected_act_counts(text: str, intent: str) -> None:
    assert intents(text) == [intent]


def test_only_the_corrected_plan_counts() -> None:
    assert objects("Move bakery.example to Business... or rather Pro, it's growing fast.") == [
        ("service.upgrade", {"domain": ("bakery.example",), "product": ("pro",)})
    ]


def test_what_is_taken_back_in_a_sentence_of_its_own_leaves_the_request_before_it() -> None:
    text = (
        "Please upgrade bakery.example to Business. I was going to ask for the SSL certificate as well, but scrap that."
    )
    assert intents(text) == ["service.upgrade"]


def test_a_ticket_that_has_sorted_itself_out_is_still_to_be_closed() -> None:
    assert intents("Das Ticket 70012 kann zu, hat sich erledigt.") == ["ticket.close"]


def test_who_means_it_corrects_nothing() -> None:
    assert intents("Do NOT renew bakery.example this time. I mean it.") == ["domain.autorenew_off"]


@pytest.mark.parametrize(
    "text",
    (
        "Take bob@bakery.example off our contacts and put alice@bakery.example on instead.",
        "Please take bob@bakery.example off our contacts, with alice@bakery.example in his place.",
        "Enlevez bob@bakery.example des contacts et mettez alice@bakery.example à la place.",
    ),
)
def test_who_comes_instead_of_a_contact_is_a_new_one(text: str) -> None:
    assert objects(text) == [
        ("contacts.remove", {"email": ("bob@bakery.example",)}),
        ("contacts.add", {"email": ("alice@bakery.example",)}),
    ]


def test_a_but_between_two_domains_parts_them() -> None:
    assert objects("The lock should come off bakery.example but stone.example ought to have it on.") == [
        ("domain.unlock", {"domain": ("bakery.example",)}),
        ("domain.lock", {"domain": ("stone.example",)}),
    ]


def test_a_name_behind_a_typo_takes_the_place_of_the_wrong_one() -> None:
    assert objects("unlock bakery.example... sorry typo i mean stone.example") == [
        ("domain.unlock", {"domain": ("stone.example",)})
    ]
