"""Credit, payments and quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core import ports
from core.clock import Clock
from core.database import Sessions
from core.errors import Unsupported


@dataclass(frozen=True, slots=True)
class LocalLedger:
    sessions: Sessions
    clock: Clock

    def apply_credit(self, invoice: ports.Invoice, amount: Decimal) -> None:
        raise Unsupported("apply_credit")

    def add_funds(self, client_id: str, amount: Decimal) -> ports.Invoice:
        raise Unsupported("add_funds")

    def credit_log(self, client_id: str) -> Sequence[ports.CreditEntry]:
        raise Unsupported("credit_log")

    def transactions(self, client_id: str) -> Sequence[ports.Transaction]:
        raise Unsupported("transactions")

    def pay_page(self, invoices: Sequence[ports.Invoice]) -> str:
        raise Unsupported("pay_page")

    def quotes(self, client_id: str) -> Sequence[ports.Quote]:
        raise Unsupported("quotes")

    def accept_quote(self, quote: ports.Quote) -> ports.Invoice:
        raise Unsupported("accept_quote")

    def decline_quote(self, quote: ports.Quote) -> None:
        raise Unsupported("decline_quote")
