"""Name servers by their names, and by the words around them."""

from __future__ import annotations

import pytest

from core.entities import hosts_and_domains, named

ANNA, BOB = "anna.cloud.example", "bob.cloud.example"


@pytest.mark.parametrize(
    "text",
    [
        f"set the nameservers of bakery.example to {ANNA} and {BOB}",
        f"NS: {ANNA}, {BOB}\nfor bakery.example",
        f"Please change the nameservers of bakery.example:\n{ANNA}\n{BOB}",
        f"New nameservers for bakery.example\n\n1. {ANNA}\n2. {BOB}",
        f"point bakery.example to {ANNA} and {BOB}",
        f"nameservers {ANNA} and {BOB} for bakery.example",
        f"Nameserver von bakery.example auf {ANNA} und {BOB} ändern",
        f"For bakery.example please use {ANNA} and {BOB} as nameservers",
    ],
)
def test_what_is_listed_behind_a_word_for_nameservers_is_one(text: str) -> None:
    assert hosts_and_domains(text) == ((ANNA, BOB), ("bakery.example",))


@pytest.mark.parametrize(
    "text", ["which nameservers does shop.bakery.example have", "change nameservers of shop.bakery.example please"]
)
def test_the_domain_that_has_them_stays_a_domain(text: str) -> None:
    assert hosts_and_domains(text) == ((), ("shop.bakery.example",))


def test_a_name_right_below_a_public_ending_is_no_host() -> None:
    assert hosts_and_domains("set the nameservers to ns1.cloud.example for bakery.co.uk")[1] == ("bakery.co.uk",)


def test_names_alone_are_the_answer_to_which_nameservers() -> None:
    assert hosts_and_domains(f"{ANNA}\n{BOB}")[0] == (ANNA, BOB)
    assert hosts_and_domains("bakery.example, bakery-shop.example")[0] == ()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("cycle", "Starter für mehl.example, monatlich bitte", "monthly"),
        ("cycle", "un plan annuel pour farine.example", "annually"),
        ("cycle", "pay it yearly instead of monthly", "annually"),
        ("cycle", "lieber jährlich statt monatlich", "annually"),
        ("cycle", "co miesiąc", "monthly"),
        ("when", "bitte sofort kündigen", "immediate"),
        ("when", "zum Ende des Abrechnungszeitraums", "end_of_period"),
        ("when", "à la fin de la période", "end_of_period"),
        ("when", "al final del periodo", "end_of_period"),
        ("when", "aan het einde van de periode", "end_of_period"),
        ("when", "na koniec okresu", "end_of_period"),
        ("priority", "bitte Priorität hoch", "High"),
        ("tool", "ich brauche eine neue Datenbank", "mysql"),
        ("tool", "I need to get at the files", "file_manager"),
        ("tool", "a backup of all files", "backup"),
        ("tool", "mes boîtes mail", "email_accounts"),
        ("years", "réserver le domaine pour deux ans", "2"),
        ("years", "um zwei weitere Jahre", "2"),
        ("years", "na trzy lata", "3"),
    ],
)
def test_values_are_read_in_the_languages_of_the_desk(kind: str, text: str, value: str) -> None:
    """Words for a cycle, an end, an urgency, a page of the panel and a number of years; what is given up is none."""
    assert named(text)[kind][:1] == (value,)
