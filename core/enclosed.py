"""What a mail says of the files that came with it: that they prove a payment, and of which invoice.

A person has to look at the file; this is what they need to know beside it. Nothing is answered or booked by it, so that
it may be wrong: it looks for the words of eight languages, and for the client's own invoices in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.entities import AMOUNT, invoices
from core.messages import InboundMessage
from core.people import Principal
from core.ports import Billing, Invoice

DEPARTMENT = "Billing"
SHOWN = 5
"""Open invoices that are named where the mail names none."""
SHORTEST_NUMBER = 3

_PROOF = re.compile(
    r"proofs? of (?:the |our |my )?(?:payment|transfer)|payment (?:receipt|confirmation|slip|proof|advice)"
    r"|(?:bank|wire|transfer|deposit) (?:receipt|confirmation|slip|proof)|remittance|confirmation of (?:the )?transfer"
    r"|receipt (?:is )?(?:attached|enclosed)|(?:attached|enclosed)(?: \w+){0,4} receipt"
    r"|zahlungs(?:beleg|nachweis|bestätigung)|überweisungs(?:beleg|nachweis|bestätigung)|kontoauszug"
    r"|(?:preuve|justificatif|reçu|confirmation|avis|ordre) (?:de |du )(?:paiement|virement|règlement)"
    r"|(?:justificante|comprobante|recibo|resguardo) (?:de |del )?(?:la )?(?:pago|transferencia)"
    r"|(?:ricevuta|prova|contabile|distinta|attestazione) (?:di |del |dell')?(?:pagamento|bonifico)|copia del bonifico"
    r"|(?:betaal|betalings|overschrijvings)bewijs|bewijs van (?:betaling|overschrijving)|betalingsbevestiging"
    r"|(?:potwierdzenie|dowód) (?:\w+ )?(?:przelewu|zapłaty|płatności|wpłaty)"
    r"|comprovativos? (?:de |da |do )?(?:pagamento|transferência)|comprovante (?:de |da )?(?:pagamento|transferência)",
    re.IGNORECASE,
)
_ASKS_FOR_ONE = re.compile(
    r"\b(?:send|need|want|get|have|provide|issue|where)\b[^.!?\n]{0,25}\b(?:receipt|proof|confirmation)", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Which department looks at the files, and what its staff should know; a sentence each."""

    department: str
    facts: tuple[str, ...]


def facts_of(message: InboundMessage, who: Principal, billing: Billing) -> Enclosed | None:
    """None when nothing is attached, or nothing says that it proves a payment. Raises what the port raises.

    The facts are for staff alone: they tell of the account whose address the mail claims, proved or not.
    """
    files = [attachment.filename for attachment in message.attachments if not attachment.inline]
    said = f"{message.subject}\n{message.text}"
    if not files or not _says_so(said, files):
        return None
    own = list(billing.invoices(who.client_id)) if who.known else []
    everything = "\n".join([said, *files])
    named = [invoice for invoice in own if _names(everything, invoice)]
    amounts = _amounts(said)
    facts = [_fact(invoice, amounts) for invoice in named] or _unnamed(said, own, amounts)
    return Enclosed(DEPARTMENT, tuple(facts))


def _says_so(said: str, files: Iterable[str]) -> bool:
    names = " ".join(re.sub(r"[\W_]+", " ", name) for name in files)
    return bool(_PROOF.search(said) or _PROOF.search(names)) and not _ASKS_FOR_ONE.search(said)


def _names(text: str, invoice: Invoice) -> bool:
    """By its whole number, or by its digits standing alone: 118, but not 118.00, 1180 or a day of the month."""
    if re.search(rf"(?<![\w-]){re.escape(invoice.number)}(?![\w-]*\d)", text, re.IGNORECASE):
        return True
    digits = _DIGITS.findall(invoice.number)
    if not digits or len(digits[-1]) < SHORTEST_NUMBER:
        return False
    return bool(re.search(rf"(?<![\d.,€$£]){digits[-1]}(?!\d|[.,]\d|\s?[€$£])", text))


def _amounts(text: str) -> list[Decimal]:
    found = (next(part for part in match.groups() if part) for match in AMOUNT.finditer(text))
    return [Decimal(amount.replace(",", ".")) for amount in found]


def _fact(invoice: Invoice, amounts: Sequence[Decimal]) -> str:
    return f"Proof of payment for invoice {_in_words(invoice)}.{_compared(invoice, amounts)}"


def _in_words(invoice: Invoice) -> str:
    if invoice.balance > 0:
        state = f"{invoice.balance} {invoice.currency} open, due on {invoice.due_date:%Y-%m-%d}"
    else:
        state = "paid already" if invoice.status == "Paid" else f"nothing open ({invoice.status.lower()})"
    return f"{invoice.number}, {invoice.total} {invoice.currency}, {state}"


def _compared(invoice: Invoice, amounts: Sequence[Decimal]) -> str:
    """They may have paid less than is open, or more."""
    if not amounts or invoice.balance in amounts or invoice.total in amounts:
        return ""
    return f" They write of {' and '.join(str(amount) for amount in amounts)}."


def _unnamed(said: str, own: Sequence[Invoice], amounts: Sequence[Decimal]) -> list[str]:
    """No invoice of theirs is named: what they wrote, and what it may be for."""
    numbers = invoices(said)
    facts = [f"Proof of payment for invoice {number}, which is not on the account." for number in numbers]
    facts = facts or ["Proof of payment; no invoice is named."]
    owed = [invoice for invoice in own if invoice.balance > 0]
    fitting = [invoice for invoice in owed if invoice.balance in amounts]
    if fitting:
        return [*facts, *(f"The amount is that of {_in_words(invoice)}." for invoice in fitting)]
    return [*facts, *(f"Open: {_in_words(invoice)}." for invoice in owed[:SHOWN])]
