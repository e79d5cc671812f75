"""What only looks like a request for something, or like a second one."""

from __future__ import annotations

import pytest

from tests.meaning.reading import intents, read


@pytest.mark.parametrize(
    "text",
    (
        "I am the new web developer of the bakery. The client lost the password, please send me the cPanel login for "
        "bakery.example",
        "Ik ben de nieuwe webdesigner. De klant wil naar een andere host, stuur mij de verhuiscode van bakery.example",
        "Ich bin der neue Entwickler der Bäckerei, die Kundin möchte die Domain bakery.example freigeben lassen.",
    ),
)
def test_whoever_works_for_a_client_is_not_the_client(text: str) -> None:
    assert intents(text) == ["human"] and read(text).department == "Security"


def test_the_link_to_a_tool_of_the_panel_is_one_link() -> None:
    assert intents("Please send me the link to the forwarders of the cPanel of bakery.example") == ["cpanel.shortcut"]


def test_paying_with_the_card_on_file_changes_no_card() -> None:
    assert intents("Please add 80 euros to our credit. Take the card on file.") == ["credit.add_funds"]


def test_tickets_of_a_theatre_are_none_of_ours() -> None:
    assert "tickets.list" not in intents("The page that sells tickets for the show stays white.")


def test_a_request_under_a_robot_s_subject_is_no_robot_s() -> None:
    text = "I'm away from tomorrow. Could you send me the link to the autoresponders of bakery.example please?"
    assert intents(text, "out of office") == ["cpanel.shortcut"]


def test_a_headline_above_a_text_that_asks_for_something_else_changes_nothing() -> None:
    text = "For our budget we plan the coming year and would be glad of any figures that you can give us, as always."
    assert "domain.renew" not in intents(text, "Renewals planning")
    assert intents("Hi, could you please do this? Thanks", "Unlock bakery.example") == ["domain.unlock"]


@pytest.mark.parametrize(
    "text",
    (
        "My mother died last month. Please change the account into my name and give me access to the control panel.",
        "Ik heb bakery.example gekocht, zet de domeinnaam op mijn naam en haal hem van het slot.",
    ),
)
def test_whoever_takes_an_account_over_speaks_with_a_person(text: str) -> None:
    assert intents(text) == ["human"]
