"""What people say about themselves, read with care: what is clearly labelled, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.profile import COUNTRIES
from core import details, preferences
from core.people import ALL_PERMISSIONS, Permission
from core.ports import PREFERENCES
from tests.growth import assert_in_step

YORK = {"address1": "12 Hill St", "address2": "", "city": "York", "state": "", "postcode": "YO1 7AA"}


def said(text: str) -> dict[str, str]:
    return dict(details.stated(text, COUNTRIES).fields)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("We moved: 12 Hill St, York YO1 7AA", YORK),
        ("We have moved to 12 Hill St, York, YO1 7AA.", YORK),
        ("Our new address is 12 Hill St, York YO1 7AA. Please send invoices there.", YORK),
        (
            "Please change our address:\n12 Hill St\nYork YO1 7AA\nUnited Kingdom\nThanks, Alice",
            {**YORK, "country": "GB"},
        ),
        (
            "Address: 5 rue du Lac, Bâtiment B, 69001 Lyon, Frankreich",
            {
                "address1": "5 rue du Lac",
                "address2": "Bâtiment B",
                "city": "Lyon",
                "state": "",
                "postcode": "69001",
                "country": "FR",
            },
        ),
        (
            "Wir sind umgezogen: Seestr. 3, D-10115 Berlin",
            {"address1": "Seestr. 3", "address2": "", "city": "Berlin", "state": "", "postcode": "D-10115"},
        ),
        (
            "address: Kanaalweg 20, 1012 AB Amsterdam",
            {"address1": "Kanaalweg 20", "address2": "", "city": "Amsterdam", "state": "", "postcode": "1012 AB"},
        ),
        (
            "we moved to 1 Main Street, Suite 4, Springfield, IL 62704",
            {
                "address1": "1 Main Street",
                "address2": "Suite 4",
                "city": "Springfield",
                "state": "IL",
                "postcode": "62704",
            },
        ),
        ("New phone +44 1904 555 010", {"phone": "+44 1904 555 010"}),
        ("My phone number is now (01904) 555-010.", {"phone": "(01904) 555-010"}),
        ("Our company name is now Martin & Sons", {"company": "Martin & Sons"}),
        ("VAT number: FR 12 345678901", {"tax_id": "FR 12 345678901"}),
        ("My surname is now Roux-Martin.", {"last_name": "Roux-Martin"}),
        ("Name: Alice Mary Roux", {"first_name": "Alice", "last_name": "Mary Roux"}),
        (
            "Company: Martin Bakery and my phone is +33 1 99 00 00 11",
            {"company": "Martin Bakery", "phone": "+33 1 99 00 00 11"},
        ),
        ("Phone: -", {"phone": ""}),
        ("my e-mail address is now j@bread.example", {"email": "j@bread.example"}),
    ],
)
def test_what_is_labelled_is_read(text: str, fields: dict[str, str]) -> None:
    assert said(text) == fields


@pytest.mark.parametrize(
    "text",
    [
        "address: somewhere in Paris",
        "Phone: call my brother",
        "Country: Atlantis",
        "VAT number: none yet",
        "City: 75006",
        "We moved: Lyon",
        "First name: -",
    ],
)
def test_a_label_without_a_clear_value_is_named_and_not_guessed(text: str) -> None:
    found = details.stated(text, COUNTRIES)
    assert found.unclear and not found.fields


@pytest.mark.parametrize(
    "text",
    [
        "Please call me on the phone tomorrow",
        "My company sells bread in a small town",
        "The state of the server in your country is bad",
        "What is the address of your office?",
    ],
)
def test_a_word_that_is_no_statement_changes_nothing(text: str) -> None:
    assert said(text) == {}


@given(
    st.dictionaries(
        st.sampled_from(["company", "address1", "address2", "phone"]),
        st.sampled_from(["12 Hill Street", "+44 1904 555010", "Martin & Sons", "Phone House", "Unit 4, Mill Lane"]),
    )
)
def test_the_way_back_reads_as_what_was_before(fields: dict[str, str]) -> None:
    fields = {name: value for name, value in fields.items() if name != "phone" or value.startswith("+")}
    assert said(details.written(fields)) == fields


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_slip(text: str) -> None:
    found = details.stated(text, COUNTRIES)
    assert all(isinstance(value, str) and "\n" not in value for value in found.fields.values())


@pytest.mark.parametrize(
    "text", ["name: " + "a" * 50_000 + "1", "address " * 8_000, "and phone " * 8_000, "a, " * 20_000]
)
def test_reading_takes_time_in_step_with_the_text(text: str) -> None:
    assert_in_step(lambda part: details.stated(part, COUNTRIES), lambda n: text[: len(text) * n // 4])


EVERY = frozenset(PREFERENCES)
SOME = frozenset({"invoice", "domain"})


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Bob needs only invoices", {"invoice"}),
        ("mails about support too please", {"invoice", "domain", "support"}),
        ("no more mails about domains", {"invoice"}),
        ("all kinds of mails", EVERY),
        ("no mails any more", set()),
        ("change my e-mail preferences", None),
    ],
)
def test_preferences_are_read_as_all_more_or_less(text: str, after: set[str] | None) -> None:
    found = preferences.chosen(text, SOME, preferences.kinds(text), EVERY)
    assert found == (None if after is None else frozenset(after))


@pytest.mark.parametrize(
    ("text", "rights"),
    [
        ("Bob may manage domains too", {Permission.MANAGE_DOMAINS, Permission.DOMAINS}),
        ("Carla looks after our invoices and orders", {Permission.INVOICES, Permission.ORDERS}),
        ("for technical questions", {Permission.TICKETS}),
        ("write to bob@domains.example", set()),
        ("only managedomains, productsso", {*preferences.IMPLIED, *preferences.IMPLIED.values()} - {"manageproducts"}),
    ],
)
def test_rights_are_read_with_those_that_they_need(text: str, rights: set[Permission]) -> None:
    assert preferences.rights(text) == rights


@given(st.sets(st.sampled_from(sorted(ALL_PERMISSIONS))))
def test_rights_by_their_own_names_read_as_themselves_and_what_they_need(rights: set[Permission]) -> None:
    needed = {preferences.IMPLIED[one] for one in rights if one in preferences.IMPLIED}
    assert preferences.rights(", ".join(rights)) == rights | needed
