"""What a client lets happen to a service: move to another plan, end, stay after all.

Every change first takes the service's row, so that two of them never pass each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import ports
from core.backends.local import ending, tables
from core.backends.local.ending import ENDABLE
from core.backends.local.extras import open_invoice
from core.backends.local.invoicing import new_invoice, new_order
from core.backends.local.pricing import options_for
from core.clock import Clock
from core.database import Sessions
from core.errors import Rejected


@dataclass(frozen=True, slots=True)
class LocalHosting:
    sessions: Sessions
    clock: Clock

    def upgrade_options(self, service: ports.Service) -> Sequence[ports.UpgradeOption]:
        with self.sessions() as session:
            return self._options(session, _found(session, service))

    def upgrade(self, service: ports.Service, option: ports.UpgradeOption) -> str:
        with self.sessions.begin() as session:
            row = _taken(session, service)
            if option not in self._options(session, row):
                raise Rejected(f"the price of {option.product} has changed")
            if option.due_now > 0:
                return self._order(session, row, service, option)
            self._change(session, row, option)
            return ""

    def cancellation(self, service: ports.Service) -> ports.Cancellation | None:
        with self.sessions() as session:
            row = session.get(tables.Cancellation, service.id)
            if row is None or _found(session, service).status not in ENDABLE:
                return None
            return _cancellation(row)

    def cancel(self, service: ports.Service, when: ports.When, reason: str) -> ports.Cancellation:
        name = service.domain or service.product
        with self.sessions.begin() as session:
            row = _taken(session, service)
            if row.status not in ENDABLE:
                raise Rejected(f"{name} has ended already")
            open_one = session.get(tables.Cancellation, row.id)
            if open_one is not None and open_one.kind == when:
                raise Rejected(f"{name} is cancelled already: it ends on {open_one.effective:%Y-%m-%d}")
            today = self.clock().date()
            ends = max(row.next_due_date or today, today) if when is ports.When.END_OF_PERIOD else today
            request = tables.Cancellation(
                service_id=row.id, kind=when.value, requested=self.clock(), effective=ends, reason=reason
            )
            session.merge(request)
            if when is ports.When.IMMEDIATE:
                ending.end(session, row)
            return _cancellation(request)

    def withdraw_cancellation(self, service: ports.Service) -> None:
        name = service.domain or service.product
        with self.sessions.begin() as session:
            row = _taken(session, service)
            if row.status not in ENDABLE:
                raise Rejected(f"{name} has ended: its data are gone, and only a new order brings it back")
            request = session.get(tables.Cancellation, row.id)
            if request is None:
                raise Rejected(f"{name} is not cancelled")
            session.delete(request)

    def end_due(self, today: dt.date) -> Sequence[ports.Service]:
        return ending.end_due(self.sessions, today)

    def endings(self, client_id: str) -> Sequence[ports.Cancellation]:
        return [_cancellation(row) for row in ending.endings(self.sessions, client_id)]

    def _options(self, session: Session, row: tables.Service) -> list[ports.UpgradeOption]:
        """Raises Rejected."""
        if row.status != "Active":
            raise Rejected(f"{row.domain or row.id} is not active, and stays on its plan until it is")
        unpaid = _unpaid_upgrade(session, row)
        if unpaid:
            raise Rejected(f"the invoice {unpaid} for the last change of plan is not paid yet")
        options = options_for(session, row, self.clock().date())
        if open_invoice(session, row):  # It is for a period of the present cycle, and its payment adds just that.
            options = [option for option in options if option.billing_cycle == row.billing_cycle]
        return options

    def _order(self, session: Session, row: tables.Service, service: ports.Service, option: ports.UpgradeOption) -> str:
        """The new plan comes with the payment; until then the old one goes on."""
        today = self.clock().date()
        until = f" until {row.next_due_date:%Y-%m-%d}" if row.next_due_date else ""
        words = f"{service.domain or service.product}: {service.product} to {option.product}{until}"
        invoice = new_invoice(
            session, row.client_id, [("Upgrade", row.id, words, option.due_now)], today=today, due=today
        )
        items = [_item(row, option)]
        new_order(session, row.client_id, items, today=today, invoice_id=invoice.id, amount=option.due_now)
        return invoice.id

    def _change(self, session: Session, row: tables.Service, option: ports.UpgradeOption) -> None:
        """Nothing is due, so that it happens at once; what was paid too much becomes credit."""
        today = self.clock().date()
        order = new_order(session, row.client_id, [_item(row, option)], today=today, invoice_id=None, amount=Decimal(0))
        order.status = "Active"
        row.product_id = option.product_id
        row.billing_cycle = option.billing_cycle
        row.recurring_amount = option.recurring_amount
        if option.due_now < 0:
            _credit(session, row.client_id, -option.due_now, f"{row.domain or row.id}: to {option.product}", today)


def _found(session: Session, service: ports.Service) -> tables.Service:
    row = session.get(tables.Service, service.id)
    if row is None or row.client_id != service.client_id:
        raise Rejected(f"{service.domain or service.product} is not on record any more")
    return row


def _taken(session: Session, service: ports.Service) -> tables.Service:
    """The row, for this transaction alone: an update that changes nothing locks it on both databases."""
    mine = update(tables.Service).where(tables.Service.id == service.id).values(status=tables.Service.status)
    session.execute(mine, execution_options={"synchronize_session": False})
    return _found(session, service)


def _unpaid_upgrade(session: Session, row: tables.Service) -> str | None:
    query = (
        select(tables.Invoice.number)
        .join(tables.InvoiceItem, tables.InvoiceItem.invoice_id == tables.Invoice.id)
        .where(
            tables.Invoice.client_id == row.client_id,
            tables.Invoice.status == "Unpaid",
            tables.InvoiceItem.type == "Upgrade",
            tables.InvoiceItem.relid == row.id,
        )
    )
    return session.scalar(query.limit(1))


def _item(row: tables.Service, option: ports.UpgradeOption) -> dict[str, str]:
    return {
        "product": option.product,
        "domain": row.domain,
        "billing_cycle": option.billing_cycle,
        "amount": f"{max(option.due_now, Decimal(0)):.2f}",
    }


def _credit(session: Session, client_id: str, amount: Decimal, words: str, today: dt.date) -> None:
    last = select(func.max(tables.CreditEntry.position)).where(tables.CreditEntry.client_id == client_id)
    number = session.scalar(last)
    position = 0 if number is None else number + 1
    session.add(
        tables.CreditEntry(client_id=client_id, position=position, date=today, description=words, amount=amount)
    )
    more = update(tables.Client).where(tables.Client.id == client_id)
    session.execute(more.values(credit=tables.Client.credit + amount), execution_options={"synchronize_session": False})


def _cancellation(row: tables.Cancellation) -> ports.Cancellation:
    return ports.Cancellation(row.service_id, ports.When(row.kind), row.requested, row.effective, row.reason)
