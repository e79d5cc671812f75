"""What people ask for, in one clause, in several, and in the middle of a long mail."""

from __future__ import annotations

import pytest

from core.meaning import rules
from core.meaning.read import Reader
from tests.meaning.reading import intents, objects, read

A, B = "bakery.example", "stone.example"


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        (f"unlock {A} and lock {B}", [("domain.unlock", {"domain": (A,)}), ("domain.lock", {"domain": (B,)})]),
        (
            f"auto-renew on for {A}, off for {B}",
            [("domain.autorenew_on", {"domain": (A,)}), ("domain.autorenew_off", {"domain": (B,)})],
        ),
        (
            f"renew {A} for 1 year and {B} for 2 years",
            [("domain.renew", {"domain": (A,), "years": ("1",)}), ("domain.renew", {"domain": (B,), "years": ("2",)})],
        ),
        (
            "pay 5001 with my card and send me the pdf of invoice 5002",
            [("invoice.pay", {"invoice": ("5001",)}), ("invoice.pdf", {"invoice": ("5002",)})],
        ),
        (
            "close ticket 81001 and set ticket 81002 to high",
            [
                ("ticket.close", {"ticket": ("81001",)}),
                ("ticket.priority", {"ticket": ("81002",), "priority": ("high",)}),
            ],
        ),
        (
            f"lock {A} and turn on whois privacy for it",
            [("domain.lock", {"domain": (A,)}), ("domain.id_protection_on", {"domain": (A,)})],
        ),
        (f"renew {A} but not {B}", [("domain.renew", {"domain": (A,)})]),
        (f"unlock {B}... no wait, {A}", [("domain.unlock", {"domain": (A,)})]),
        ("pay invoice 5001, no 5002", [("invoice.pay", {"invoice": ("5002",)})]),
    ),
)
def test_each_object_belongs_to_the_request_that_names_it(text: str, wanted: object) -> None:
    assert objects(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        (f"take the transfer lock off {A}, please", "domain.unlock"),
        (f"please make {A} renew by itself", "domain.autorenew_on"),
        (f"no auto-renewal for {A} please", "domain.autorenew_off"),
        (f"please hide my address in the whois of {A}", "domain.id_protection_on"),
        (f"to which name servers does {A} point?", "domain.nameservers_show"),
        (f"could you tell me who owns {A}?", "domain.contact_show"),
        (f"please transfer {A} to you", "domain.transfer_in"),
        ("what bigger plans could I switch to?", "service.upgrade_options"),
        (f"please order a dedicated IP for {A}", "service.addon_order"),
        (f"please set us up with the starter plan for {A}", "order.new"),
        ("which plans do you offer and what do they cost?", "products.list"),
        ("which products do I have with you?", "services.list"),
        ("I need a new password for the client area", "password.reset"),
        (f"I lost the ftp password of {A}", "service.password_change"),
        ("which address do you have on file for us?", "account.show"),
        ("please list the people who can log in to our account", "contacts.list"),
        ("you can close ticket 70012", "ticket.close"),
        ("are you planning any maintenance this month?", "announcements"),
        ("are there any problems on your servers?", "server.status"),
        ("please send me a link to pay invoice 5001", "invoice.pay"),
    ),
)
def test_the_same_thing_is_asked_for_in_many_ways(text: str, wanted: str) -> None:
    assert intents(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    (
        "we are looking for a new hosting provider for three shops",
        f"il dominio {A} è bloccato e non capisco perché",
        "is my card still valid in your system?",
        f"our transfer of {A} to you was rejected",
        f"are ns1.desk.example and ns2.desk.example right for {A}?",
        "my nephew thinks that we should move elsewhere",
        "does the business plan include an SSL certificate?",
    ),
)
def test_what_nobody_asked_for_is_not_done(text: str) -> None:
    changing = {name for name, known in rules.intents().items() if known.risk in ("change", "secret")}
    assert not changing & set(intents(text))


def test_a_list_of_requests_is_read_line_by_line() -> None:
    text = (
        f"Hi,\n- {A}: renew for one year\n- {B}: auto renew off\n"
        "- stone.test: nameservers ns1.desk.example, ns2.desk.example\nThanks"
    )
    assert objects(text) == [
        ("domain.renew", {"domain": (A,), "years": ("1",)}),
        ("domain.autorenew_off", {"domain": (B,)}),
        ("domain.nameservers_set", {"domain": ("stone.test",), "nameserver": ("ns1.desk.example", "ns2.desk.example")}),
    ]


def test_something_for_a_person_and_something_automatic_are_both_told() -> None:
    text = "Hello,\nwe can't send mail from Outlook any more.\nAlso please send me invoice 915 as PDF."
    reading = read(text)
    assert [meant.intent for meant in reading.requests] == ["human", "invoice.pdf"]
    assert reading.department == "Support"


def test_a_change_beside_trouble_keeps_its_reason() -> None:
    meant = read(f"please renew {A}").requests[0]
    assert meant.why.startswith("domain.renew: renew")
    assert 0 < meant.confidence <= 1


STORY = (
    "I hope you are well. We have been with you since 2016 and have always been happy, so please do not take this "
    "personally. Our new web designer would like to have everything in one place. The other domains and the hosting "
    "will remain with you for now, and nothing changes for the mailboxes, which were full last month by the way. "
)


def test_in_a_long_mail_only_what_is_plainly_asked_for_is_a_request() -> None:
    text = f"Dear team,\n\n{STORY}\n\nCould you please unlock {A} and send me the authorization code?\n\nKind regards"
    assert objects(text) == [("domain.unlock", {"domain": (A,)}), ("domain.epp_code", {"domain": (A,)})]


def test_a_long_mail_that_asks_for_nothing_a_rule_knows_is_for_a_person() -> None:
    text = f"Dear team,\n\n{STORY}\n\nThe gallery takes a minute to come up. It would be lovely if it were sorted."
    assert intents(text) == ["human"]


def test_a_wish_in_a_long_mail_that_is_put_off_is_for_a_person() -> None:
    assert intents(f"Hello,\n\n{STORY}\n\nPlease unlock {A} on the 15th and send us the code then.") == ["human"]


@pytest.mark.parametrize(
    "text",
    (
        "Great, thank you!\n\nOn 3 May 2026 at 10:00, Support <help@desk.example> wrote:\n> Shall we unlock it?",
        "Thanks!\n\nVon: Support <help@desk.example>\nGesendet: Montag\nAn: Alice\nBetreff: x\n\nUnlock it?",
        "Merci !\n\nLe 3 mai 2026 à 10:00, Support <help@desk.example> a écrit :\n> déverrouiller bakery.example ?",
    ),
)
def test_quoted_text_asks_for_nothing(text: str) -> None:
    assert intents(text) == ["smalltalk"]


def test_a_forward_without_words_of_its_own_is_for_a_person() -> None:
    reading = read(
        "See below.\n\n---------- Forwarded message ---------\nFrom: x@stone.example\n\nUnlock bakery.example now."
    )
    assert ([meant.intent for meant in reading.requests], reading.guard != "") == (["human"], True)


def test_the_subject_of_a_reply_is_our_own_and_asks_for_nothing() -> None:
    assert intents("I do not understand this.", "Re: Unlock bakery.example") == ["human"]


def test_the_subject_of_a_first_mail_is_read_when_the_body_asks_for_nothing() -> None:
    assert objects("As the subject says.", "Please unlock bakery.example") == [("domain.unlock", {"domain": (A,)})]


def test_the_subject_lends_its_object() -> None:
    assert objects("please unlock it", "bakery.example") == [("domain.unlock", {"domain": (A,)})]


@pytest.mark.parametrize(
    "text", ("good morning", "perfect, works now, thank you!", "danke, super", "ok merci beaucoup")
)
def test_courtesies_are_smalltalk(text: str) -> None:
    assert intents(text) == ["smalltalk"]


@pytest.mark.parametrize(
    "text",
    (
        "nothing works",
        "thanks, but it is still broken",
        "ok and when?",
        "thanks, what about 5001",
        "please call me back",
    ),
)
def test_a_courtesy_with_something_in_it_is_never_lost(text: str) -> None:
    assert not {"smalltalk", "spam"} & set(intents(text))


@pytest.mark.parametrize(
    "text", ("our newsletter is landing in spam", "I need to set an out of office reply on bakery.example")
)
def test_words_of_advertising_and_robots_do_not_hide_a_request(text: str) -> None:
    assert "spam" not in intents(text)


def test_a_robots_mail_is_spam() -> None:
    assert intents("I am out of the office until Monday.", "Out of Office: Re: invoice") == ["spam"]
    assert intents("please remove me from your mailing list") == ["spam"]


@pytest.mark.parametrize(
    ("text", "department"),
    (
        ("I want a refund for the unused months", "Billing"),
        ("our mails to gmail are rejected", "Support"),
        ("is there a discount for schools?", "Sales"),
        ("google says my site contains malware", "Security"),
        ("me han cobrado dos veces este mes", "Billing"),
        ("onze website is gehackt", "Security"),
    ),
)
def test_a_person_of_the_right_department_reads(text: str, department: str) -> None:
    reading = read(text)
    assert ([meant.intent for meant in reading.requests], reading.department) == (["human"], department)


def test_an_empty_text_is_for_a_person() -> None:
    assert intents("") == ["human"]
    assert intents("\n\n> quoted only\n") == ["human"]


def test_reading_twice_gives_the_same() -> None:
    text = f"unlock {A} and send its code, and how much do I owe?"
    assert read(text) == read(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        (f"check if {A} and {B} are free", "domain.check_availability"),
        (f"which address is on record for the owner of {A}", "domain.contact_show"),
        (f"change the admin e-mail of {A} to bob@bakery.example", "domain.contact_update"),
        ("New phone +33 4 99001234", "account.update_details"),
        ("our phone number changed, it's +44 20 5550 1234 now", "account.update_details"),
        ("Is there an article about ssl certificates?", "kb.search"),
        ("Find an article about nameservers", "kb.search"),
        (f"is there a guide about changing the nameservers of {A}?", "kb.search"),
        ("We accept your quote 1", "quote.accept"),
        ("What did they say on ticket 4711?", "ticket.show"),
        ("Make another card the default: Mastercard", "payment_method.update"),
        ("bump 70012 up to high, it got worse", "ticket.priority"),
        ("throw bob@bakery.example out of our contact list", "contacts.remove"),
        ("the contact bob@bakery.example should only get the invoices", "contacts.update"),
        ("show me what you sent me over the last weeks", "emails.history"),
    ),
)
def test_one_thing_is_asked_for_in_many_words(text: str, wanted: str) -> None:
    assert intents(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    (
        "put it into our account",
        "Is hunter2hunter2 a good password?",
        "my login name has changed by itself",
        "so you can renew domains for me, right?",
        "another two years and I'm retired",
        f"Mag ik {A} zelf ontgrendelen?",
        "please secure our building",
    ),
)
def test_what_only_sounds_like_a_change_changes_nothing(text: str) -> None:
    risks = {known.risk for name in intents(text) if (known := rules.intents().get(name)) is not None}
    assert risks.isdisjoint({"change", "secret"})


def test_a_long_phrase_of_a_handler_wins_over_a_faint_rule() -> None:
    reader = Reader(phrases={"contacts.update": ["manage domains too"]})
    assert [one.intent for one in reader.read("Bob may manage domains too").requests] == ["contacts.update"]
    assert [one.intent for one in Reader().read("my domains").requests] == ["domains.list"]
