"""Credit, payments and quotes.

Whatever moves money first takes the rows that it changes, so that two requests never pass each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from core import ports
from core.backends.local import tables, values
from core.backends.local.invoicing import PAYMENT_DAYS, Item, new_invoice
from core.backends.local.settling import settle
from core.clock import Clock
from core.database import Sessions
from core.errors import Rejected

FUNDS = "AddFunds"
"""The type of an invoice's item whose payment becomes credit."""


@dataclass(frozen=True, slots=True)
class LocalLedger:
    sessions: Sessions
    clock: Clock

    def apply_credit(self, invoice: ports.Invoice, amount: Decimal) -> None:
        with self.sessions.begin() as session:
            client, row = _taken(session, invoice)
            now = read_invoice(session, row.id)
            if now.status != "Unpaid":
                raise Rejected(f"{now.number} is not open any more")
            if any(item.type == FUNDS for item in now.items):
                raise Rejected(f"{now.number} adds funds: it cannot be paid from credit")
            if not 0 < amount <= min(client.credit, now.balance):
                raise Rejected(f"there is not that much credit, or {now.number} is not that high")
            row.credit += amount
            client.credit -= amount
            _log(session, client.id, self._today, f"Used for {row.number}", -amount)
            if amount == now.balance:
                row.status = "Paid"
                settle(session, now, self._today)

    def add_funds(self, client_id: str, amount: Decimal) -> ports.Invoice:
        with self.sessions.begin() as session:
            company = session.scalars(select(tables.Company)).one()
            if amount <= 0 or amount < company.funds_minimum:
                raise Rejected(f"the least that can be added is {company.funds_minimum} {company.currency}")
            if company.funds_maximum is not None and amount > company.funds_maximum:
                raise Rejected(f"the most that can be added at once is {company.funds_maximum} {company.currency}")
            return self._invoice(session, client_id, [(FUNDS, None, "Funds added to the account", amount)])

    def credit_log(self, client_id: str) -> Sequence[ports.CreditEntry]:
        query = (
            select(tables.CreditEntry)
            .where(tables.CreditEntry.client_id == client_id)
            .order_by(tables.CreditEntry.date.desc(), tables.CreditEntry.position.desc())
        )
        with self.sessions() as session:
            return [ports.CreditEntry(row.date, row.description, row.amount) for row in session.scalars(query)]

    def transactions(self, client_id: str) -> Sequence[ports.Transaction]:
        query = (
            select(tables.Transaction, tables.Invoice.number)
            .join(tables.Invoice, tables.Invoice.id == tables.Transaction.invoice_id)
            .where(tables.Invoice.client_id == client_id)
            .order_by(tables.Transaction.date.desc(), tables.Invoice.number.desc(), tables.Transaction.id.desc())
        )
        with self.sessions() as session:
            return [values.transaction(row, number) for row, number in session.execute(query)]

    def pay_page(self, invoices: Sequence[ports.Invoice]) -> str:
        with self.sessions() as session:
            return session.scalar(select(tables.Company.portal_url)) or ""

    def quotes(self, client_id: str) -> Sequence[ports.Quote]:
        query = (
            select(tables.Quote, tables.Client.currency)
            .join(tables.Client, tables.Client.id == tables.Quote.client_id)
            .where(tables.Quote.client_id == client_id, tables.Quote.stage != "Draft")
            .order_by(func.length(tables.Quote.id).desc(), tables.Quote.id.desc())
            .options(selectinload(tables.Quote.items))
        )
        with self.sessions() as session:
            return [_quote(row, currency) for row, currency in session.execute(query)]

    def accept_quote(self, quote: ports.Quote) -> ports.Invoice:
        with self.sessions.begin() as session:
            row = self._open(session, quote)
            row.stage = "Accepted"
            items: list[Item] = [("Item", None, item.description, item.amount) for item in row.items]
            return self._invoice(session, row.client_id, items)

    def decline_quote(self, quote: ports.Quote) -> None:
        with self.sessions.begin() as session:
            self._open(session, quote).stage = "Lost"

    @property
    def _today(self) -> dt.date:
        return self.clock().date()

    def _open(self, session: Session, quote: ports.Quote) -> tables.Quote:
        """The quote's row, for this transaction alone. Raises Rejected."""
        mine = update(tables.Quote).where(tables.Quote.id == quote.id).values(stage=tables.Quote.stage)
        session.execute(mine, execution_options={"synchronize_session": False})
        query = select(tables.Quote).where(tables.Quote.id == quote.id, tables.Quote.client_id == quote.client_id)
        row = session.scalar(query.options(selectinload(tables.Quote.items)))
        if row is None or row.stage not in ("Delivered", "On Hold"):
            raise Rejected(f"quote {quote.id} is not open any more")
        if row.valid_until is not None and row.valid_until < self._today:
            raise Rejected(f"quote {quote.id} was valid until {row.valid_until}")
        return row

    def _invoice(self, session: Session, client_id: str, items: Sequence[Item]) -> ports.Invoice:
        due = self._today + dt.timedelta(days=PAYMENT_DAYS)
        return read_invoice(session, new_invoice(session, client_id, items, today=self._today, due=due).id)


def read_invoice(session: Session, invoice_id: str) -> ports.Invoice:
    """An invoice as it stands in this transaction."""
    query = (
        select(tables.Invoice, tables.Client.currency)
        .join(tables.Client, tables.Client.id == tables.Invoice.client_id)
        .where(tables.Invoice.id == invoice_id)
        .options(selectinload(tables.Invoice.items), selectinload(tables.Invoice.transactions))
        .execution_options(populate_existing=True)
    )
    session.flush()
    row, currency = session.execute(query).one()
    return values.invoice(row, currency, session.scalar(select(tables.Company.portal_url)) or "")


def _taken(session: Session, invoice: ports.Invoice) -> tuple[tables.Client, tables.Invoice]:
    """The client's and the invoice's row, for this transaction alone. Raises Rejected."""
    client, row = tables.Client, tables.Invoice
    for mine in (
        update(client).where(client.id == invoice.client_id).values(credit=client.credit),
        update(row).where(row.id == invoice.id).values(credit=row.credit),
    ):
        session.execute(mine, execution_options={"synchronize_session": False})
    found = session.get(row, invoice.id)
    owner = session.get(client, invoice.client_id)
    if found is None or owner is None or found.client_id != owner.id:
        raise Rejected(f"there is no invoice {invoice.number} any more")
    return owner, found


def _log(session: Session, client_id: str, day: dt.date, description: str, amount: Decimal) -> None:
    last = select(func.max(tables.CreditEntry.position)).where(tables.CreditEntry.client_id == client_id)
    newest = session.scalar(last)
    position = 0 if newest is None else newest + 1
    entry = {"position": position, "date": day, "description": description, "amount": amount}
    session.add(tables.CreditEntry(client_id=client_id, **entry))


def _quote(row: tables.Quote, currency: str) -> ports.Quote:
    return ports.Quote(
        id=row.id,
        client_id=row.client_id,
        subject=row.subject,
        stage=row.stage,
        currency=currency,
        total=sum((item.amount for item in row.items), Decimal(0)),
        valid_until=row.valid_until,
        notes=row.notes,
        items=tuple(ports.QuoteItem(item.description, item.amount) for item in row.items),
    )
