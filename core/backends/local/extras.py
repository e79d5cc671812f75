"""Orders for a service that is there already: an add-on, or one more period of the service itself.

Both make an unpaid invoice. An add-on waits as Pending until that is paid, as everything new does.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import ports
from core.backends.local import tables
from core.backends.local.invoicing import PAYMENT_DAYS, new_invoice, new_order
from core.backends.local.pricing import MONTHS, add_months
from core.errors import Rejected

_SETUP_FEES = {"onetime": "msetupfee"} | {key: f"{key[0]}setupfee" for key in ports.CYCLES if key != "onetime"}


def order_addon(session: Session, service_id: str, product_id: str, cycle: str, today: dt.date) -> tables.Order:
    """`cycle` is a price key. Raises Rejected for what is not an add-on of the price list, or a service that rests."""
    service = _active(session, service_id)
    product = session.get(tables.Product, product_id)
    if product is None or not product.addon:
        raise Rejected("this is not an add-on that can be ordered")
    price = _price(session, product_id, cycle)
    if price is None:
        raise Rejected(f"{product.name} is not sold {ports.CYCLES.get(cycle, cycle)}")
    first = price + (_price(session, product_id, _SETUP_FEES.get(cycle, "")) or Decimal(0))
    addon = _pending(session, service, product, cycle, price)
    words = f"{product.name} ({service.domain or service.id}), {ports.CYCLES[cycle]}"
    invoice = new_invoice(
        session,
        service.client_id,
        [("Addon", addon.id, words, first)],
        today=today,
        due=today + dt.timedelta(days=PAYMENT_DAYS),
        payment_method=service.payment_method,
    )
    item = {
        "product": product.name,
        "domain": service.domain,
        "billing_cycle": ports.CYCLES[cycle],
        "amount": f"{first:.2f}",
    }
    return new_order(
        session,
        service.client_id,
        [item],
        today=today,
        invoice_id=invoice.id,
        amount=first,
        payment_method=invoice.payment_method,
    )


def renew_service(session: Session, service_id: str, today: dt.date) -> tables.Invoice:
    """One more billing cycle after the next due date. Raises Rejected while an invoice for the next one is open."""
    service = _active(session, service_id)
    if service.billing_cycle not in MONTHS or service.next_due_date is None:
        raise Rejected(f"{service.domain or service.id} is not paid by period")
    open_one = open_invoice(session, service)
    if open_one is not None:
        raise Rejected(f"the next period is invoiced already: {open_one}")
    product = session.get(tables.Product, service.product_id)
    until = add_months(service.next_due_date, MONTHS[service.billing_cycle])
    words = f"{product.name if product else 'Hosting'} ({service.domain or service.id}), until {until:%Y-%m-%d}"
    return new_invoice(
        session,
        service.client_id,
        [("Hosting", service.id, words, service.recurring_amount)],
        today=today,
        due=max(service.next_due_date, today),
        payment_method=service.payment_method,
    )


def _active(session: Session, service_id: str) -> tables.Service:
    """The service's row, for this transaction alone. Raises Rejected."""
    mine = update(tables.Service).where(tables.Service.id == service_id).values(status=tables.Service.status)
    session.execute(mine, execution_options={"synchronize_session": False})
    row = session.get(tables.Service, service_id)
    if row is None or row.status != "Active":
        raise Rejected("this service is not active")
    return row


def _price(session: Session, product_id: str, cycle: str) -> Decimal | None:
    row = session.get(tables.ProductPrice, (product_id, cycle))
    return None if row is None else row.amount


def _pending(
    session: Session, service: tables.Service, product: tables.Product, cycle: str, price: Decimal
) -> tables.ServiceAddon:
    taken = session.scalars(select(tables.ServiceAddon.id).where(tables.ServiceAddon.service_id == service.id))
    number = max((int(key) for key in taken if key.isdigit()), default=0) + 1
    addon = tables.ServiceAddon(
        service_id=service.id,
        id=str(number),
        product_id=product.id,
        status="Pending",
        recurring_amount=Decimal(0) if cycle == "onetime" else price,
        billing_cycle=ports.CYCLES[cycle],
    )
    session.add(addon)
    return addon


def open_invoice(session: Session, service: tables.Service) -> str | None:
    """The number of the unpaid invoice for its next period, if there is one."""
    query = (
        select(tables.Invoice.number)
        .join(tables.InvoiceItem, tables.InvoiceItem.invoice_id == tables.Invoice.id)
        .where(
            tables.Invoice.client_id == service.client_id,
            tables.Invoice.status == "Unpaid",
            tables.InvoiceItem.type == "Hosting",
            tables.InvoiceItem.relid == service.id,
        )
    )
    return session.scalar(query.limit(1))
