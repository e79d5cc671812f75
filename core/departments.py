"""Which department a message belongs to: by the address it was sent to, then by what it says."""

from __future__ import annotations

import re

from core.desk import Department, Desk
from core.messages import InboundMessage

WORDS: dict[str, tuple[str, ...]] = {
    "Security": (
        "hacked", "malware", "virus", "phishing", "abuse", "spam from", "vulnerability", "exploit", "compromised",
        "stolen", "breach", "police", "defaced", "ransom", "suspicious login", "gehackt", "piraté", "hackeado",
    ),
    "Billing": (
        "invoice", "invoices", "payment", "paid", "pay", "refund", "charge", "charged", "billing", "credit card",
        "receipt", "vat", "tax", "overdue", "price increase", "cancel", "cancellation", "bank transfer", "paypal",
        "rechnung", "zahlung", "facture", "paiement", "factura", "pago", "fattura", "faktura",
    ),
    "Sales": (
        "pricing", "price", "prices", "quote", "offer", "discount", "buy", "purchase", "order", "upgrade", "plan",
        "plans", "pre-sales", "before i sign up", "do you offer", "how much", "reseller", "interested in",
        "angebot", "preis", "offre", "devis", "precio", "prezzo",
    ),
    "Support": (
        "error", "down", "not working", "broken", "help", "dns", "email", "mailbox", "ftp", "cpanel", "website",
        "wordpress", "database", "ssl", "certificate", "password", "backup", "nameserver", "domain", "server",
    ),
}  # fmt: skip
"""The default departments' words; a department of the configuration brings its own."""

_WEIGHT = {"Security": 2.0}
"""A hacked site must not wait in another queue because the mail speaks of its invoice as well."""


def route(desk: Desk, message: InboundMessage) -> Department:
    """The department addressed in the envelope, else one named in To or Cc, else the one the text speaks of."""
    addresses = [message.recipient, *(address.value for address in (*message.to, *message.cc))]
    for address in addresses:
        department = desk.department_at(address)
        if department is not None:
            return department
    return by_content(desk, f"{message.subject}\n{message.text}")


def by_content(desk: Desk, text: str) -> Department:
    """Counts each department's words; the default department when none is found, or on a tie with it."""
    scores = [(_score(department, text.lower()), department) for department in desk.departments]
    best = max(score for score, _ in scores)
    if best == 0:
        return desk.default
    leaders = [department for score, department in scores if score == best]
    return desk.default if desk.default in leaders else leaders[0]


def _score(department: Department, text: str) -> float:
    words = department.words or WORDS.get(department.name, ())
    # Most words are not there at all: finding that out by `in` is a hundred times cheaper than by the pattern.
    found = sum(
        1 for word in map(str.lower, words) if word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    )
    return found * _WEIGHT.get(department.name, 1.0)
