"""Which clause a condition, a date, a denial or somebody else's word reaches, and which it leaves alone."""

from __future__ import annotations

import pytest

from core.meaning.rules import intents as known
from tests.meaning.reading import intents, objects

OWN_DATE = (
    ("bakery.example expires next week, please renew it now", ["domain.renew"]),
    ("The transfer starts tomorrow, so please unlock bakery.example right now", ["domain.unlock"]),
    ("I'm away next week, please lock bakery.example", ["domain.lock"]),
    ("bakery.example läuft nächste Woche ab, bitte verlängern Sie die Domain", ["domain.renew"]),
    ("bakery.example scade la prossima settimana, per favore rinnovatelo", ["domain.renew"]),
)
COURTESIES = (
    ("Could you unlock bakery.example if it isn't too much trouble?", ["domain.unlock"]),
    ("If it's not already done, please renew bakery.example.", ["domain.renew"]),
    ("Bitte entsperren Sie bakery.example, falls möglich noch heute", ["domain.unlock"]),
    ("podem ver se a fatura 4411 está paga?", ["invoice.show"]),
    ("We should be grateful if bakery.example could be unlocked", ["domain.unlock"]),
    ("Please unlock bakery.example. Please leave desk.example alone until its term is over.", ["domain.unlock"]),
    ("Nobody told me that names can be stolen, so please lock bakery.example", ["domain.lock"]),
)
WEIGHED = (
    "Please cancel the hosting of bakery.example, but not before the new one works",
    "Next Tuesday at eight, please lock bakery.example",
    "Should the transfer fail, lock bakery.example again",
    "Sollte der Umzug scheitern, sperren Sie bakery.example bitte wieder",
    "In theory, could bakery.example be unlocked today?",
    "I'm torn between renewing bakery.example and letting it go",
    "one option would be to cancel the hosting of bakery.example",
    "me pregunto si debo cancelar bakery.example",
    "Once the invoice has been settled please unlock bakery.example",
    "Please unlock bakery.example. Not before Friday, please mind.",
    "Bitte bakery.example entsperren. Nicht vor Montag.",
    "Déverrouillez bakery.example. Pas avant lundi.",
    "Unlock bakery.example. But only once the invoice is paid.",
    "Quando terminarem, bloqueiem bakery.example",
)
OF_OTHERS = (
    "My nephew thinks I should upgrade to Pro",
    "Your salesman said I should order the daily backup",
    "According to the internet I need an EPP code for bakery.example",
    "Mein Webdesigner meint, Sie sollten bakery.example entsperren",
    "Secondo mio nipote mi serve il codice di trasferimento di bakery.example",
    "nobody should be able to reset my password",
    "Niemand hat darum gebeten, bakery.example freizugeben",
    "Next you'll want me to pay invoice 4411 a third time",
)
TOLD = (
    "My forwarders swallow mails",
    "We closed the shop and cancelled the hosting of bakery.example",
    "The reset mail for my password never arrives",
    "After the update of WordPress only the header is shown",
    "I want to renew but the page says my session has expired",
    "Google tells me to add a record",
)


def changes(text: str) -> list[str]:
    return [name for name in intents(text) if known()[name].risk in ("change", "secret")]


@pytest.mark.parametrize(("text", "wanted"), (*OWN_DATE, *COURTESIES))
def test_a_date_of_its_own_or_a_courtesy_keeps_nobody_from_asking(text: str, wanted: list[str]) -> None:
    assert intents(text) == wanted


@pytest.mark.parametrize("text", (*WEIGHED, *OF_OTHERS, *TOLD))
def test_what_is_weighed_said_by_others_or_told_changes_nothing(text: str) -> None:
    assert changes(text) == []


@pytest.mark.parametrize(
    "text",
    (
        "Please explain what ID protection does",
        "I'd like to know how I can unlock my domain",
        "¿Se puede renovar un dominio por diez años?",
        "¿Me pueden explicar cómo cambiar los servidores DNS?",
        "Si può rinnovare un dominio per dieci anni?",
    ),
)
def test_a_question_in_the_form_of_a_request_is_a_question(text: str) -> None:
    assert intents(text) == ["kb.search"]


def test_who_asks_to_know_gets_no_change() -> None:
    assert intents("mi piacerebbe sapere chi è il proprietario del dominio bakery.example") == ["domain.contact_show"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        ("unlock bakery.example - wait, no, lock it", ["domain.lock"]),
        ("Please unlock bakery.example... actually no, please lock it.", ["domain.lock"]),
        ("turn auto renew on for bakery.example, sorry, off", ["domain.autorenew_off"]),
        ("cancel bakery.example, ah no, I want to renew it", ["domain.renew"]),
    ),
)
def test_of_a_correction_only_the_corrected_version_is_read(text: str, wanted: list[str]) -> None:
    assert intents(text) == wanted


def test_what_the_registrar_says_is_a_reason_where_the_writer_asks_too() -> None:
    text = "The new company says we need the EPP code for bakery.example. Please send us the EPP code."
    assert intents(text) == ["domain.epp_code"]


def test_to_have_forgotten_a_password_is_to_ask_for_a_new_one() -> None:
    assert intents("I can't get into the client area because I have forgotten my password") == ["password.reset"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        ("Ich möchte nicht, dass bakery.example automatisch verlängert wird", ["domain.autorenew_off"]),
        ("Nie chcemy, żeby bakery.example odnawiała się automatycznie", ["domain.autorenew_off"]),
        ("auto renew for bakery.example: off", ["domain.autorenew_off"]),
        ("Unlock bakery.example and do the opposite for desk.example", ["domain.unlock", "domain.lock"]),
        ("Unlock bakery.example. I was mistaken: please lock it.", ["domain.lock"]),
    ),
)
def test_a_denial_a_switch_and_a_contrary_reach_what_stands_before_them(text: str, wanted: list[str]) -> None:
    assert intents(text) == wanted


@pytest.mark.parametrize(
    "text",
    (
        "Can you confirm that my hosting has been cancelled?",
        "Können Sie bestätigen, dass mein Hosting gekündigt wurde?",
        "¿Pueden confirmar que mi hosting ha sido cancelado?",
        "so you can unlock domains, nice",
    ),
)
def test_what_is_to_be_confirmed_or_only_possible_is_not_asked_for(text: str) -> None:
    assert changes(text) == []


def test_a_figure_is_corrected_like_a_name() -> None:
    assert objects("renew bakery.example for 2 years. Sorry, I meant 3") == [
        ("domain.renew", {"domain": ("bakery.example",), "years": ("3",)})
    ]
