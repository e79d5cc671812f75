"""The price list and orders."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from core import ports
from core.backends.local import domains, extras, tables
from core.backends.local.invoicing import PAYMENT_DAYS, Item, new_invoice, new_order, new_service
from core.backends.local.ledger import read_invoice
from core.backends.local.settling import give_up
from core.clock import Clock
from core.database import Sessions
from core.errors import Rejected

SETUP_FEES = {
    "onetime": "msetupfee",
    "monthly": "msetupfee",
    "quarterly": "qsetupfee",
    "semiannually": "ssetupfee",
    "annually": "asetupfee",
    "biennially": "bsetupfee",
    "triennially": "tsetupfee",
}
"""Price key: the key of what is paid once, with the first invoice."""
_DOMAIN = re.compile(r"(?!-)(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}")
_CARRIES = ("Active", "Suspended", "Pending")


@dataclass(frozen=True, slots=True)
class LocalShop:
    sessions: Sessions
    clock: Clock

    def products(self) -> Sequence[ports.Product]:
        query = select(tables.Product).options(selectinload(tables.Product.prices))
        with self.sessions() as session:
            rows = [_product(row) for row in session.scalars(query)]
        return sorted(rows, key=lambda row: (row.addon, _number(row.id), row.name))

    def tlds(self) -> Sequence[ports.Tld]:
        with self.sessions() as session:
            return [_tld(row) for row in session.scalars(select(tables.Tld).order_by(tables.Tld.tld))]

    def promotion(self, code: str) -> ports.Promotion | None:
        with self.sessions() as session:
            row = session.get(tables.Promotion, code.strip().upper())
        if row is None or (row.valid_until is not None and row.valid_until < self._today):
            return None
        return ports.Promotion(row.code, row.terms, row.valid_until)

    def orders(self, client_id: str) -> Sequence[ports.Order]:
        with self.sessions() as session:
            rows = session.scalars(select(tables.Order).where(tables.Order.client_id == client_id)).all()
        rows = sorted(rows, key=lambda row: (row.date, _number(row.id)), reverse=True)
        return [_order(row) for row in rows]

    def order_product(self, client_id: str, product: ports.Product, cycle: str, domain: str) -> ports.Order:
        with self.sessions.begin() as session:
            _insist_on_client(session, client_id)
            row = session.get(tables.Product, product.id, options=[selectinload(tables.Product.prices)])
            if row is None or row.addon:
                raise Rejected(f"{product.name} is not a plan that can be ordered")
            _insist_on_room(session, client_id, row, domain)
            return self._ordered(session, client_id, _product(row), cycle, domain)

    def order_addon(self, service: ports.Service, product: ports.Product, cycle: str) -> ports.Order:
        with self.sessions.begin() as session:
            return _order(extras.order_addon(session, service.id, product.id, cycle, self._today))

    def register_domain(self, client_id: str, name: str, years: int) -> ports.Order:
        return domains.register_domain(self.sessions, self.clock, client_id, name, years)

    def transfer_domain(self, client_id: str, name: str, auth_code: str) -> ports.Order:
        return domains.transfer_domain(self.sessions, self.clock, client_id, name, auth_code)

    def renew_domain(self, domain: ports.Domain, years: int) -> ports.Invoice:
        return domains.renew_domain(self.sessions, self.clock, domain, years)

    def restore_domain(self, domain: ports.Domain) -> ports.Invoice:
        return domains.restore_domain(self.sessions, self.clock, domain)

    def order_id_protection(self, domain: ports.Domain) -> ports.Invoice:
        return domains.order_id_protection(self.sessions, self.clock, domain)

    def renew_service(self, service: ports.Service) -> ports.Invoice:
        with self.sessions.begin() as session:
            return read_invoice(session, extras.renew_service(session, service.id, self._today).id)

    def cancel_order(self, order: ports.Order) -> None:
        with self.sessions.begin() as session:
            mine = update(tables.Order).where(tables.Order.id == order.id).values(status=tables.Order.status)
            session.execute(mine, execution_options={"synchronize_session": False})
            row = session.get(tables.Order, order.id)
            if row is None or row.client_id != order.client_id or row.status != "Pending":
                raise Rejected(f"order {order.number} is not pending any more")
            if row.invoice_id:
                _give_up(session, row.invoice_id, order.number)
            row.status = "Cancelled"
            domains.cancelled(session, row)

    @property
    def _today(self) -> dt.date:
        return self.clock().date()

    def _ordered(
        self, session: Session, client_id: str, product: ports.Product, cycle: str, domain: str
    ) -> ports.Order:
        price = product.prices.get(cycle)
        if price is None:
            raise Rejected(f"{product.name} is not sold {ports.CYCLES.get(cycle, cycle)}")
        words = f"{product.name} ({domain})" if domain else product.name
        service = new_service(
            session,
            client_id,
            product.id,
            domain=domain,
            recurring_amount=Decimal(0) if cycle == "onetime" else price,
            billing_cycle=ports.CYCLES[cycle],
        )
        items: list[Item] = [("Hosting", service.id, f"{words}, {ports.CYCLES[cycle]}", price)]
        if fee := product.setup_fees.get(cycle):
            items.append(("Setup", service.id, f"{words}, set-up", fee))
        first = sum((item[3] for item in items), Decimal(0))
        due = self._today + dt.timedelta(days=PAYMENT_DAYS)
        invoice = new_invoice(session, client_id, items, today=self._today, due=due)
        line = {
            "product": product.name,
            "domain": domain,
            "billing_cycle": ports.CYCLES[cycle],
            "amount": f"{first:.2f}",
        }
        return _order(
            new_order(
                session,
                client_id,
                [line],
                today=self._today,
                invoice_id=invoice.id,
                amount=first,
                payment_method=invoice.payment_method,
            )
        )


def _insist_on_client(session: Session, client_id: str) -> None:
    client = session.get(tables.Client, client_id)
    if client is None or client.status == "Closed":
        raise Rejected("the account is closed")


def _insist_on_room(session: Session, client_id: str, product: tables.Product, domain: str) -> None:
    """A name has one hosting at a time, and the same is not ordered twice while it waits for its payment."""
    if product.type in ("hosting", "reseller") and not domain:
        raise Rejected(f"{product.name} needs a domain name")
    if domain and not _DOMAIN.fullmatch(domain):
        raise Rejected(f"{domain} is not a domain name")
    waiting = select(tables.Order).where(tables.Order.client_id == client_id, tables.Order.status == "Pending")
    for order in session.scalars(waiting):
        if any((item.get("product"), item.get("domain")) == (product.name, domain) for item in order.items):
            raise Rejected(f"order {order.number} for this is waiting for its payment")
    carried = select(tables.Service.id).where(tables.Service.domain == domain, tables.Service.status.in_(_CARRIES))
    if domain and session.scalar(carried.limit(1)) is not None:
        raise Rejected(f"there is hosting for {domain} already")


def _give_up(session: Session, invoice_id: str, number: str) -> None:
    """The invoice of an order that is cancelled. Raises Rejected when something was paid on it."""
    invoice = read_invoice(session, invoice_id)
    if invoice.transactions or invoice.credit:
        raise Rejected(f"order {number} is paid for, at least in part")
    if invoice.status == "Unpaid":
        row = session.get(tables.Invoice, invoice_id)
        if row is not None:
            row.status = "Cancelled"
            give_up(session, invoice)


def _number(key: str) -> int:
    return int(key) if key.isdigit() else 0


def _product(row: tables.Product) -> ports.Product:
    amounts = {price.cycle: price.amount for price in row.prices}
    return ports.Product(
        id=row.id,
        group=row.group,
        name=row.name,
        type=row.type,
        description=row.description,
        addon=row.addon,
        prices={cycle: amounts[cycle] for cycle in ports.CYCLES if cycle in amounts},
        setup_fees={cycle: amounts[key] for cycle, key in SETUP_FEES.items() if key in amounts and cycle in amounts},
        upgrade_to=tuple(row.upgrade_to),
    )


def _tld(row: tables.Tld) -> ports.Tld:
    return ports.Tld(
        tld=row.tld,
        register=row.register,
        renew=row.renew,
        transfer=row.transfer,
        years_max=row.years_max,
        lock_days_after_transfer=row.lock_days_after_transfer,
        id_protection=row.id_protection,
        redemption_fee=row.redemption_fee,
    )


def _order(row: tables.Order) -> ports.Order:
    return ports.Order(
        id=row.id,
        client_id=row.client_id,
        number=row.number,
        date=row.date,
        status=row.status,
        amount=row.amount,
        payment_method=row.payment_method,
        invoice_id=row.invoice_id or "",
        items=tuple(_item(item) for item in row.items),
    )


def _item(item: dict[str, str]) -> ports.OrderItem:
    return ports.OrderItem(
        product=str(item.get("product") or ""),
        domain=str(item.get("domain") or ""),
        billing_cycle=str(item.get("billing_cycle") or ""),
        amount=Decimal(str(item.get("amount") or "0")),
    )
