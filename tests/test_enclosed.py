"""Files that prove a payment: known by the words around them, and told to staff with what they have to compare."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.enclosed import Enclosed, facts_of
from core.messages import Address, Attachment, InboundMessage
from core.people import Principal
from core.ports import Billing, Invoice

ALICE = Principal("Alice Martin", client_id="1001", email="alice@bakery.example")


def bill(number: str, amount: str, status: str = "Unpaid") -> Invoice:
    balance = Decimal(amount if status == "Unpaid" else 0)
    day = date(2026, 11, 12)
    return Invoice(number, "1001", number, day, day, status, "EUR", Decimal(amount), balance)


BILLS = [bill("INV-118", "58.80"), bill("INV-119", "6.00"), bill("INV-117", "12.00", "Paid")]
BILLING = cast(Billing, SimpleNamespace(invoices=lambda client_id: BILLS))


def about(text: str, *, who: Principal = ALICE, file: str = "scan.pdf", subject: str = "") -> Enclosed | None:
    files: Any = (Attachment(file, "application/pdf", b"%PDF"),) if file else ()
    sender = Address("email", "alice@bakery.example")
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    message = InboundMessage("1", sender, "support@desk.example", text, moment, subject=subject, attachments=files)
    return facts_of(message, who, BILLING)


@pytest.mark.parametrize(
    "text",
    [
        "Receipt attached for invoice 118.",
        "Here is the proof of payment for INV-118",
        "Attached is the bank receipt for inv 118",
        "Anbei der Überweisungsbeleg zur Rechnung 118",
        "Ci-joint le justificatif de virement pour la facture 118",
        "Adjunto el justificante de pago de la factura 118",
        "In allegato la ricevuta di pagamento della fattura 118",
        "Bijgevoegd het betaalbewijs voor factuur 118",
        "W załączniku potwierdzenie przelewu za fakturę 118",
        "Segue o comprovativo de pagamento da fatura 118",
    ],
)
def test_a_proof_is_known_in_every_language_and_told_with_its_invoice(text: str) -> None:
    found = about(text)
    assert found is not None and found.department == "Billing"
    (fact,) = found.facts
    assert fact.startswith("Proof of payment for invoice INV-118, 58.80 EUR, 58.80 EUR open")


@pytest.mark.parametrize(
    "text",
    [
        "The attached picture shows the error.",
        "Please send me a receipt for invoice 118, my address is in the file.",
        "I need a proof of payment for invoice 118.",
        "Here is the logo for our page.",
    ],
)
def test_other_files_are_no_proof(text: str) -> None:
    assert about(text) is None


def test_without_a_file_there_is_nothing_to_look_at() -> None:
    assert about("Receipt attached for invoice 118", file="") is None


def test_the_name_of_the_file_says_it_too() -> None:
    found = about("Here you are.", file="payment-confirmation_INV-119.pdf")
    assert found is not None and "INV-119" in found.facts[0]


def test_another_amount_than_is_open_is_told() -> None:
    found = about("Receipt attached for invoice 118: 50.00 EUR")
    assert found is not None and found.facts[0].endswith("They write of 50.00.")


def test_what_is_paid_already_is_told() -> None:
    found = about("Receipt attached for invoice 117")
    assert found is not None and "INV-117, 12.00 EUR, paid already" in found.facts[0]


def test_without_a_number_the_amount_tells_or_else_what_is_open() -> None:
    fitting, guessing = about("Receipt attached, 6,00 €"), about("Receipt attached.")
    assert fitting is not None and fitting.facts[-1].startswith("The amount is that of INV-119")
    assert guessing is not None and [fact[:13] for fact in guessing.facts[1:]] == ["Open: INV-118", "Open: INV-119"]


def test_an_amount_or_a_day_is_no_number() -> None:
    found = about("Receipt attached: 118.00 EUR, paid on 11/12")
    assert found is not None and found.facts[0] == "Proof of payment; no invoice is named."


def test_somebody_else_s_invoice_and_a_stranger_s_are_told_as_such() -> None:
    for who in (ALICE, Principal("Nina Stone")):
        found = about("Receipt attached for invoice 555", who=who)
        assert found is not None and found.facts[0].startswith("Proof of payment for invoice 555, which is not")
    stranger = about("Receipt attached for invoice 118", who=Principal("Nina Stone"))
    assert stranger is not None and stranger.facts == (
        "Proof of payment for invoice 118, which is not on the account.",
    )
