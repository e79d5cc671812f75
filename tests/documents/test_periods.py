"""The time that a text speaks of."""

from __future__ import annotations

from datetime import date

import pytest

from core.periods import period_in

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("my invoices since January", "2026-01-01", "2026-11-25"),
        ("since December", "2025-12-01", "2026-11-25"),
        ("invoices in 2025", "2025-01-01", "2025-12-31"),
        ("since the beginning of 2025", "2025-01-01", "2026-11-25"),
        ("from January to March 2025", "2025-01-01", "2025-03-31"),
        ("from March on", "2026-03-01", "2026-11-25"),
        ("in March", "2026-03-01", "2026-03-31"),
        ("Q1 2025", "2025-01-01", "2025-03-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("this year", "2026-01-01", "2026-11-25"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("since last month", "2026-10-01", "2026-11-25"),
        ("last quarter", "2026-07-01", "2026-09-30"),
        ("the last 3 months", "2026-08-01", "2026-11-25"),
        ("between 2025-01-01 and 2025-02-15", "2025-01-01", "2025-02-15"),
        ("since 3 May 2025", "2025-05-03", "2026-11-25"),
        ("from 2 May to 3 June", "2026-05-02", "2026-06-03"),
        ("Rechnungen seit März", "2026-03-01", "2026-11-25"),
        ("factures depuis janvier", "2026-01-01", "2026-11-25"),
        ("facture d'août", "2026-08-01", "2026-08-31"),
        ("facturas de enero 2025", "2025-01-01", "2025-01-31"),
        ("fatture di marzo 2025", "2025-03-01", "2025-03-31"),
        ("facturen sinds mei", "2026-05-01", "2026-11-25"),
        ("faktury od stycznia", "2026-01-01", "2026-11-25"),
        ("faturas desde março", "2026-03-01", "2026-11-25"),
    ],
)
def test_a_time_is_read_from_the_words(text: str, start: str, end: str) -> None:
    found = period_in(text, TODAY)
    assert found is not None and (str(found.start), str(found.end)) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "may I have my invoices",
        "march on",
        "INV-2024 please",
        "invoice 2024-118",
        "ticket #2025",
        "add 2000 EUR",
        "2025-02-31",
        "31 Feb 2025",
        "version 2024.1",
        "",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert period_in(text, TODAY) is None
