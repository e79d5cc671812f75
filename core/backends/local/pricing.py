"""Prices of the embedded price list: what a service can become, and what is due for the rest of its period."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core import ports
from core.backends.local import tables

MONTHS = {
    "Monthly": 1,
    "Quarterly": 3,
    "Semi-Annually": 6,
    "Annually": 12,
    "Biennially": 24,
    "Triennially": 36,
}
"""The billing cycles that come again, as they are called."""
CENT = Decimal("0.01")


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or that month's last day."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def pro_rata(old: Decimal, old_cycle: str, new: Decimal, new_cycle: str, next_due: dt.date, today: dt.date) -> Decimal:
    """What the new price is more than the old one, for the days that are paid already; half a cent counts as one.

    Both are prices per day of their own periods, of those that end on the next due date.
    """
    old_days = (next_due - add_months(next_due, -MONTHS[old_cycle])).days
    new_days = (next_due - add_months(next_due, -MONTHS[new_cycle])).days
    rest = min(max((next_due - today).days, 0), old_days)
    more = rest * (new * old_days - old * new_days)
    return (more / (old_days * new_days)).quantize(CENT, ROUND_HALF_UP)  # divided once, so that half a cent is one


def options_for(session: Session, row: tables.Service, today: dt.date) -> list[ports.UpgradeOption]:
    """Cheapest first. What is not paid by period (once, or never) can't be counted by days and has no options."""
    if row.billing_cycle not in MONTHS:
        return []
    return sorted(_options(session, row, today), key=lambda option: (option.recurring_amount, option.product))


def _options(session: Session, row: tables.Service, today: dt.date) -> Iterator[ports.UpgradeOption]:
    plan = session.get(tables.Product, row.product_id)
    reachable = [row.product_id, *(plan.upgrade_to if plan else ())]
    query = (
        select(tables.Product)
        .where(tables.Product.id.in_([str(key) for key in reachable]), tables.Product.addon.is_(False))
        .options(selectinload(tables.Product.prices))
    )
    for product in session.scalars(query):
        for price in product.prices:
            cycle = ports.CYCLES.get(price.cycle, "")
            if cycle in MONTHS and (product.id, cycle) != (row.product_id, row.billing_cycle):
                due = _due(row, product.id, price.amount, cycle, today)
                yield ports.UpgradeOption(product.id, product.name, cycle, price.amount, due)


def _due(row: tables.Service, product_id: str, price: Decimal, cycle: str, today: dt.date) -> Decimal:
    """The same plan in another cycle costs nothing now: what is paid stays paid, the new cycle begins after it."""
    if product_id == row.product_id or row.next_due_date is None:
        return Decimal(0)
    return pro_rata(row.recurring_amount, row.billing_cycle, price, cycle, row.next_due_date, today)
