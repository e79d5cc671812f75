"""Papers as PDF: what they say in the reader's language, over how many pages, and that they never change."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from bot import i18n
from bot.documents import PdfDocuments
from core.ports import Client, Documents, Invoice, InvoiceItem, Letterhead, Transaction
from tests.samples.billing import BARE_COMPANY, COMPANY, ENDLESS, QUOTE, STATEMENT

ALICE = Client(
    id="1001",
    first_name="Alice",
    last_name="Martin",
    email="alice@bakery.example",
    company="Alice Bakery",
    address1="12 rue du Four",
    postcode="75006",
    city="Paris",
    country="FR",
    tax_id="FR00000000000",
)
PAID = Invoice(
    id="9001",
    client_id="1001",
    number="INV-9001",
    date=date(2026, 10, 18),
    due_date=date(2026, 11, 2),
    status="Paid",
    currency="EUR",
    total=Decimal("58.80"),
    balance=Decimal(0),
    tax=Decimal("9.80"),
    payment_method="banktransfer",
    items=(InvoiceItem("Business (bakery.example), one month", Decimal("49.00")),),
    transactions=(Transaction(date(2026, 11, 2), "card", Decimal("38.80"), "ch-1"),),
    credit=Decimal("20.00"),
)
OPEN = replace(
    PAID,
    number="INV-9004",
    status="Unpaid",
    balance=Decimal("58.80"),
    transactions=(),
    credit=Decimal(0),
    pay_url="https://portal.desk.example",
)
LONG = replace(OPEN, number="INV-9500", items=tuple(InvoiceItem(f"Item {n}", Decimal(1)) for n in range(1, 61)))


@pytest.fixture(scope="module")
def documents() -> Documents:
    return PdfDocuments()


def head(language: str = "en", client: Client = ALICE) -> Letterhead:
    return Letterhead(COMPANY, client, language)


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_an_invoice_names_both_parties_its_lines_and_its_sums(documents: Documents) -> None:
    (page,) = pages(documents.invoices([PAID], head()))
    for words in (
        "Example Hosting",
        "Kanaalweg 18",
        "Tax ID: NL000000000B01",
        "Alice Bakery",
        "75006 Paris",
        "France",
        "Tax ID: FR00000000000",
        "INV-9001",
        "18 October 2026",
        "Business (bakery.example), one month",
        "€49.00",
        "€9.80",
        "€58.80",
        "-€38.80",
        "-€20.00",
        "€0.00",
        "Page 1 of 1",
    ):
        assert words in page, words


def test_a_paid_invoice_is_marked_and_an_open_one_says_how_to_pay(documents: Documents) -> None:
    (paid,), (due,) = pages(documents.invoices([PAID], head())), pages(documents.invoices([OPEN], head()))
    assert "PAID" in paid and "How to pay" not in paid
    assert "PAID" not in due and "IBAN NL00 DEMO 0123 4567 89" in due and "Payment reference: INV-9004" in due
    links = PdfReader(io.BytesIO(documents.invoices([OPEN], head()))).pages[0]["/Annots"]
    assert "https://portal.desk.example" in str([link.get_object() for link in links])  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", ["Cancelled", "Refunded"])
def test_what_is_not_owed_any_more_is_marked_so(documents: Documents, status: str) -> None:
    (page,) = pages(documents.invoices([replace(OPEN, status=status, balance=Decimal(0))], head()))
    assert status.upper() in page and "How to pay" not in page


def test_a_long_invoice_goes_over_pages_with_the_header_of_its_table_and_their_numbers(documents: Documents) -> None:
    written = pages(documents.invoices([LONG], head()))
    assert len(written) == 3
    for number, page in enumerate(written, 1):
        assert f"Page {number} of 3" in page and "Description" in page
    assert all("Invoice INV-9500" in page for page in written[1:])
    assert [page.count("Amount due") for page in written] == [0, 0, 1]


def test_several_invoices_are_one_file_and_each_counts_its_own_pages(documents: Documents) -> None:
    content = documents.invoices([PAID, LONG, OPEN], head())
    written = pages(content)
    assert [page[page.index("Page ") :].split("\n")[0].strip() for page in written] == [
        "Page 1 of 1",
        "Page 1 of 3",
        "Page 2 of 3",
        "Page 3 of 3",
        "Page 1 of 1",
    ]
    outline = [str(entry["/Title"]) for entry in PdfReader(io.BytesIO(content)).outline]  # type: ignore[index,call-overload]
    assert outline == ["Invoice INV-9001", "Invoice INV-9500", "Invoice INV-9004"]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_language_has_its_letters_days_and_money(documents: Documents, language: str) -> None:
    name = "Łucja Żółć-Größe & Söhne <ñ> ş ő"
    item = InvoiceItem("Grüße, zażółć gęślą jaźń, çedilla", Decimal("1234.50"))
    (page,) = pages(documents.invoices([replace(PAID, items=(item,))], head(language, replace(ALICE, company=name))))
    assert name in page and item.description in page
    assert {"en": "18 October 2026", "de": "18. Oktober 2026", "pl": "18 października 2026"}.get(
        language, "2026"
    ) in page
    assert ("€1,234.50" if language == "en" else "€") in page


def test_the_same_invoice_is_the_same_file_whenever_it_is_asked_for(documents: Documents) -> None:
    once = documents.invoices([PAID, LONG], head())
    documents.quote(QUOTE, head("pl"))
    assert documents.invoices([PAID, LONG], head()) == once
    assert PdfReader(io.BytesIO(once)).metadata["/CreationDate"] == "D:20261018000000Z"  # type: ignore[index]


def test_a_file_says_what_it_is_and_who_made_it(documents: Documents) -> None:
    about = PdfReader(io.BytesIO(documents.invoices([PAID], head()))).metadata
    assert about is not None and (about.title, about.author) == ("Invoice INV-9001", "Example Hosting")


def test_the_fonts_travel_with_the_file(documents: Documents) -> None:
    page = PdfReader(io.BytesIO(documents.invoices([PAID], head()))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    drawn = [font for font in fonts if "Roboto" in str(font["/BaseFont"])]
    assert drawn and all("/FontFile2" in font["/FontDescriptor"].get_object() for font in drawn)


def test_a_description_keeps_its_lines_and_may_be_longer_than_a_page(documents: Documents) -> None:
    several = InvoiceItem("\n".join(f"option {n}." for n in range(150)), Decimal(1))
    written = pages(documents.invoices([replace(OPEN, items=(several,))], head()))
    assert len(written) > 2
    lines = "\n".join(written).splitlines()
    assert all(f"option {n}." in lines for n in range(150))


def test_without_tax_the_total_stands_alone(documents: Documents) -> None:
    (page,) = pages(documents.invoices([replace(OPEN, tax=Decimal(0))], head()))
    assert "Subtotal" not in page and "Tax\n" not in page and "Total" in page


REVERSE = "Reverse charge"


@pytest.mark.parametrize(
    ("tax_id", "tax", "kind", "said"),
    [
        ("FR 00 000000000", "0", "Hosting", True),
        ("FR00000000000", "9.80", "Hosting", False),
        ("NL000000000B02", "0", "Hosting", False),
        ("CHE-000.000.000", "0", "Hosting", False),
        ("FRANCE", "0", "Hosting", False),
        ("", "0", "Hosting", False),
        ("FR00000000000", "0", "AddFunds", False),
    ],
)
def test_reverse_charge_is_said_between_businesses_of_two_member_states(
    documents: Documents, tax_id: str, tax: str, kind: str, said: bool
) -> None:
    items = (replace(OPEN.items[0], type=kind),)
    invoice = replace(OPEN, tax=Decimal(tax), items=items)
    (page,) = pages(documents.invoices([invoice], head(client=replace(ALICE, tax_id=tax_id))))
    assert (REVERSE in page) is said


def test_a_long_address_stands_beside_the_number_of_the_page(documents: Documents) -> None:
    company = replace(COMPANY, address="\n".join(f"A rather long line {n} of an address" for n in range(1, 9)))
    (page,) = pages(documents.invoices([PAID], Letterhead(company, ALICE, "en")))
    assert "Page 1 of 1" in page.splitlines()
    assert page.count("line 8 of an address") == 2 and page.count("NL000000000B01") == 2


def test_words_of_clients_are_never_markup(documents: Documents) -> None:
    item = InvoiceItem('<b>bold</b> &amp; <a href="https://evil.example">x</a>', Decimal(1))
    content = documents.invoices([replace(PAID, items=(item,))], head())
    assert item.description in pages(content)[0].replace("\n", " ")
    assert b"evil.example" not in content


def test_a_provider_that_says_little_still_makes_an_invoice(documents: Documents) -> None:
    nobody = Client("1", "", "", "nina@stone.example")
    (page,) = pages(documents.invoices([replace(OPEN, pay_url="")], Letterhead(BARE_COMPANY, nobody, "en")))
    assert "nina@stone.example" in page and "How to pay" not in page


def test_a_quote_says_what_is_offered_and_until_when(documents: Documents) -> None:
    (page,) = pages(documents.quote(QUOTE, head()))
    for words in ("Online shop for Alice Bakery", "31 December 2026", "€480.00", "€640.00", "Set-up within two weeks"):
        assert words in page
    assert "ACCEPTED" not in page
    assert "ACCEPTED" in pages(documents.quote(replace(ENDLESS, stage="Accepted"), head()))[0]


def test_a_statement_tells_every_movement_and_the_balance(documents: Documents) -> None:
    (page,) = pages(documents.statement(STATEMENT, head()))
    for words in (
        "Balance brought forward",
        "Invoice INV-9004",
        "Payment of INV-9004 (Card)",
        "Credit used for INV-9004",
    ):
        assert words in page
    assert "€10.00" in page and "1 January 2026" in page
