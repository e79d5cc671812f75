"""Long mails: a plain request among a story, trouble that is over, and trouble that is not."""

from __future__ import annotations

import pytest

from tests.meaning.reading import intents, objects, read

STORY = (
    "Hello,\n\nour oven broke down on the day before the summer fair, half of the village stood in the yard, my father"
    " lost his temper and two buckets of dough. The man who came to repair it forgot his tools twice. On the way home"
    " he told me about a cousin whose shop had crashed in the Christmas week because nobody had looked after it, and"
    " since that evening I have been going through all our papers.\n\n{}\n\nKind regards\nAlice Martin\nAlice Bakery"
)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    (
        ("Please put the transfer lock on for bakery.example.", "domain.lock"),
        ("I'd like to order the daily backup for bakery.example.", "service.addon_order"),
        ("Could you send me invoice 4411 as a PDF?", "invoice.pdf"),
        ("Please switch on auto renew for bakery.example.", "domain.autorenew_on"),
    ),
)
def test_a_plain_request_is_found_in_a_story_of_old_trouble(asked: str, wanted: str) -> None:
    assert intents(STORY.format(asked)) == [wanted]


@pytest.mark.parametrize(
    "told",
    (
        "Since Monday no mail arrives at bakery.example.",
        "The page of bakery.example takes half a minute to appear.",
        "We do not know yet whether we keep bakery.example; until the meeting please change nothing.",
    ),
)
def test_a_story_without_a_request_is_for_a_person(told: str) -> None:
    assert intents(STORY.format(told)) == ["human"]


def test_trouble_that_lasts_is_handed_over_beside_a_question_that_is_answered() -> None:
    assert intents("When does bakery.example expire? And my mail has not been working since yesterday.") == [
        "human",
        "domain.show",
    ]


def test_a_change_beside_what_a_person_must_read_is_theirs_to_decide() -> None:
    reading = read("Please renew bakery.example. And my mail has not been working since yesterday.")
    assert [meant.intent for meant in reading.requests] == ["human"] and reading.withheld == ("domain.renew",)


def test_the_reason_for_a_change_is_no_trouble_of_its_own() -> None:
    text = (
        "Since the site has become slow with all the visitors, please move the hosting of bakery.example to Business."
    )
    assert intents(text) == ["service.upgrade"]


def test_beside_trouble_a_change_must_name_its_object() -> None:
    assert intents(
        "The registrar of our old agency cheated us and stole the name! Could you put it into our account?"
    ) == ["human"]


def test_lines_of_names_belong_to_the_sentence_above_them() -> None:
    text = "We need other nameservers for bakery.example:\n\nns1.host.example\nns2.host.example\n\nThank you"
    assert objects(text) == [
        (
            "domain.nameservers_set",
            {"domain": ("bakery.example",), "nameserver": ("ns1.host.example", "ns2.host.example")},
        )
    ]


def test_lines_that_pair_a_domain_with_its_servers_stay_apart() -> None:
    text = (
        "Please set the nameservers as follows:\n\n"
        "bakery.example -> ns1.host.example and ns2.host.example\n"
        "bakery-shop.example -> ns1.shop.example, ns2.shop.example"
    )
    assert [entities["domain"] for _, entities in objects(text)] == [("bakery.example",), ("bakery-shop.example",)]


def test_a_person_named_in_front_is_the_one_who_is_removed() -> None:
    text = "Bob Roux (bob@bakery.example) retired in May. Please delete him from our contacts."
    assert objects(text) == [("contacts.remove", {"email": ("bob@bakery.example",)})]


def test_things_of_one_kind_are_one_list() -> None:
    assert objects("send the invoices 4411 and 4412 as PDF please") == [("invoice.pdf", {"invoice": ("4411", "4412")})]


def test_a_thing_without_a_verb_takes_the_verb_before_it() -> None:
    assert intents("Please turn on ID protection for bakery.example, and auto renewal") == [
        "domain.id_protection_on",
        "domain.autorenew_on",
    ]


def test_what_a_list_shows_anyway_is_no_request_of_its_own() -> None:
    assert intents("Please send me a list of all my services, with price and due date") == ["services.list"]


def test_in_a_long_mail_a_thing_that_no_request_is_about_is_handed_over() -> None:
    assert (
        intents(STORY.format("Please renew bakery.example. And desk.example goes the way of all names."))[0] == "human"
    )


def test_the_trouble_a_ticket_is_about_needs_no_second_ticket() -> None:
    assert intents("You closed ticket 4711, but the page is still broken. Please reopen ticket 4711.") == [
        "ticket.reopen"
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        ("I need a copy of invoice 9001 as PDF. Kindly send the document soon.", "invoice.pdf"),
        ("How is ticket 4711 doing? Has anybody looked at it?", "ticket.show"),
    ),
)
def test_what_is_asked_for_twice_is_one_request(text: str, wanted: str) -> None:
    assert intents(text) == [wanted]
