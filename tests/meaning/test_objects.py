"""The things that a text names, however it spells them."""

from __future__ import annotations

import pytest

from core.meaning.names import decimal, names
from tests.meaning.reading import intents, objects


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    (
        ("see https://www.bakery.example/shop?x=1.", "domain", "bakery.example"),
        ("www.bakery.example", "domain", "bakery.example"),
        ("the domain bäckerei.example expires", "domain", "bäckerei.example"),
        ("XN--BCKEREI-5WA.EXAMPLE", "domain", "xn--bckerei-5wa.example"),
        ("bakery dot test", "domain", "bakery.test"),
        ("webmail.bakery.example", "domain", "bakery.example"),
        ("to ns1.desk.example", "nameserver", "ns1.desk.example"),
        ("ada.ns.desk.example", "nameserver", "ada.ns.desk.example"),
        ("bob@bakery.example.", "email", "bob@bakery.example"),
        ("1.250,50 €", "amount", "1250.50"),
        ("$1,250.50", "amount", "1250.50"),
        ("invoice INV-2024-0932", "invoice", "INV-2024-0932"),
        ("#604417", "number", "#604417"),
    ),
)
def test_what_is_named_is_found(text: str, kind: str, value: str) -> None:
    assert (kind, value) in [(name.kind, name.value) for name in names(text)]


@pytest.mark.parametrize(
    "text", ("that is it.Please help", "see index.php", "e.g. this", "done.it works", "call +49 170 5550123")
)
def test_what_only_looks_like_a_domain_is_none(text: str) -> None:
    assert [name for name in names(text) if name.kind == "domain"] == []


@pytest.mark.parametrize(
    ("text", "value"), (("50 €", "50.00"), ("1.000", "1000.00"), ("12,5", "12.50"), ("1'250.00", "1250.00"))
)
def test_amounts_of_every_country_are_read(text: str, value: str) -> None:
    assert decimal(text) == value


def test_a_bare_number_is_what_the_words_around_it_say() -> None:
    assert objects("did my payment for 55120 arrive") == [("invoice.show", {"invoice": ("55120",)})]
    assert objects("ticket 40213 was closed but it isn't solved, please open it again") == [
        ("ticket.reopen", {"ticket": ("40213",)})
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        ("renew bakery.example for another year", ("years", ("1",))),
        ("por favor renovem bakery.example por dois anos", ("years", ("2",))),
        ("move my VPS 4 up to a VPS 8", ("product", ("vps 8",))),
        ("change my hosting to quarterly payment", ("cycle", ("quarterly",))),
        ("please add 120 EUR to my balance", ("amount", ("120.00",))),
        ("take me to cron jobs on bakery.example", ("shortcut", ("cron_jobs",))),
        ("can you write to me in Spanish please", ("language", ("es",))),
        ("kündige das Hosting bakery.example fristlos", ("when", ("immediate",))),
        ("quiero dar de baja el alojamiento de bakery.example al final del periodo", ("when", ("end_of_period",))),
        ("please delete bob@bakery.example from our contacts", ("email", ("bob@bakery.example",))),
        ("proszę o odnowienie domeny bakery.example na kolejny rok", ("years", ("1",))),
        ("please renew bakery.example for six years", ("years", ("6",))),
        ("change bakery.example from monthly to yearly billing", ("cycle", ("annually",))),
        ("please cancel the gold maintenance", ("product", ("maintenance gold",))),
        ("what is the webmail address for my mails @bakery.example", ("domain", ("bakery.example",))),
    ),
)
def test_values_are_read_from_words(text: str, wanted: tuple[str, tuple[str, ...]]) -> None:
    entity, values = wanted
    assert objects(text)[0][1][entity] == values


def test_a_year_is_no_number_of_an_invoice() -> None:
    assert objects("please list all invoices from 2025") == [("invoices.list", {})]
    assert objects("what is invoice 2025 for") == [("invoice.show", {"invoice": ("2025",)})]


def test_name_servers_are_no_domains() -> None:
    assert objects("point bakery.example at ns1.desk.example / ns2.desk.example") == [
        (
            "domain.nameservers_set",
            {"domain": ("bakery.example",), "nameserver": ("ns1.desk.example", "ns2.desk.example")},
        )
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        ("pls unlok bakery.example", "domain.unlock"),
        ("i need the auht code for bakery.example", "domain.epp_code"),
        ("show my unpayed invocies", "invoices.list"),
        ("whcih namservers does bakery.example have", "domain.nameservers_show"),
        ("cancle my hosting for bakery.example", "service.cancel"),
    ),
)
def test_slips_of_key_words_are_forgiven(text: str, wanted: str) -> None:
    assert intents(text) == [wanted]


def test_a_code_that_is_given_is_none_that_is_asked_for() -> None:
    assert intents("Please bring bakery.example over to you. EPP code: Bread#7-rises") == ["domain.transfer_in"]
    assert intents("EPP code for bakery.example please") == ["domain.epp_code"]


@pytest.mark.parametrize(
    "text",
    (
        "all invoices from 1 November 2026 to 25 November 2026 in one file",
        "schickt mir alle Rechnungen vom 1. Oktober 2026 bis zum 31. Oktober 2026",
        "las facturas de mayo de 2026",
    ),
)
def test_the_year_of_a_date_is_no_number_of_an_invoice(text: str) -> None:
    assert all("invoice" not in entities for _, entities in objects(text))


def test_a_number_stands_behind_the_plural_too() -> None:
    assert objects("Dopiszcie do zgłoszenia 70012: to trwa nadal.")[0] == (
        "ticket.reply", {"ticket": ("70012",)},
    )  # fmt: skip


def test_another_two_years_are_two() -> None:
    assert objects("renew bakery.example for another two years") == [
        ("domain.renew", {"domain": ("bakery.example",), "years": ("2",)})
    ]


def test_an_amount_needs_no_currency_where_it_has_cents() -> None:
    assert objects("please put 2,750.50 on our credit balance") == [("credit.add_funds", {"amount": ("2750.50",)})]


def test_a_clause_that_begins_like_the_one_before_keeps_its_numbers() -> None:
    """Both begin with the same word, and each has names of its own."""
    assert objects("Proszę o blokadę dla bakery.example oraz o odnowienie stone.example na 2 lata.") == [
        ("domain.lock", {"domain": ("bakery.example",)}),
        ("domain.renew", {"domain": ("stone.example",), "years": ("2",)}),
    ]
