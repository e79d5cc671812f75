"""What can be bought: plans, add-ons, endings of domains, and the orders for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from core.ports.domains import Domain
from core.ports.invoices import Invoice
from core.ports.services import Service

CYCLES = {
    "onetime": "One Time",
    "monthly": "Monthly",
    "quarterly": "Quarterly",
    "semiannually": "Semi-Annually",
    "annually": "Annually",
    "biennially": "Biennially",
    "triennially": "Triennially",
}
"""Price key: the billing cycle as it is called."""


@dataclass(frozen=True, slots=True)
class Product:
    """A plan or an add-on. `prices` and `setup_fees` are by price key (monthly, annually, …)."""

    id: str
    group: str
    name: str
    type: str
    description: str
    addon: bool
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    setup_fees: Mapping[str, Decimal] = field(default_factory=dict)
    upgrade_to: tuple[str, ...] = ()


def registration_price(register: Decimal | None, renew: Decimal | None, years: int) -> Decimal | None:
    """None when it is not on offer; a first year that is cheap would else be sold ten times over."""
    if register is None:
        return None
    return register + (register if renew is None else renew) * (years - 1)


@dataclass(frozen=True, slots=True)
class Tld:
    """Prices of an ending for a year; None is not on offer."""

    tld: str
    register: Decimal | None
    renew: Decimal | None
    transfer: Decimal | None
    years_max: int = 10
    lock_days_after_transfer: int = 60
    id_protection: Decimal | None = None
    redemption_fee: Decimal | None = None

    def registration(self, years: int) -> Decimal | None:
        """The first year, and each further one at the price of a renewal, as it is told with the first year's price."""
        return registration_price(self.register, self.renew, years)


@dataclass(frozen=True, slots=True)
class OrderItem:
    product: str
    domain: str = ""
    billing_cycle: str = ""
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Order:
    """`status` is Pending, Active, Fraud or Cancelled."""

    id: str
    client_id: str
    number: str
    date: dt.date
    status: str
    amount: Decimal
    payment_method: str = ""
    invoice_id: str = ""
    items: tuple[OrderItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Promotion:
    code: str
    terms: str
    valid_until: dt.date | None = None


class Shop(Protocol):
    """The price list and orders. Every order makes an unpaid invoice, and nothing is provisioned before it is paid."""

    def products(self) -> Sequence[Product]: ...

    def tlds(self) -> Sequence[Tld]: ...

    def promotion(self, code: str) -> Promotion | None:
        """Case does not matter; None for a code that never was or is over."""

    def orders(self, client_id: str) -> Sequence[Order]:
        """Newest first."""

    def order_product(self, client_id: str, product: Product, cycle: str, domain: str) -> Order:
        """Its service is among the client's as Pending from now on, and Active once the invoice is paid."""

    def order_addon(self, service: Service, product: Product, cycle: str) -> Order: ...

    def register_domain(self, client_id: str, name: str, years: int) -> Order: ...

    def transfer_domain(self, client_id: str, name: str, auth_code: str) -> Order:
        """The code is handed to the registrar once the invoice is paid, and kept nowhere else."""

    def renew_domain(self, domain: Domain, years: int) -> Invoice: ...

    def restore_domain(self, domain: Domain) -> Invoice:
        """Out of redemption, for the ending's fee."""

    def renew_service(self, service: Service) -> Invoice:
        """One more billing cycle, early."""

    def order_id_protection(self, domain: Domain) -> Invoice: ...

    def cancel_order(self, order: Order) -> None:
        """Only while it is Pending. Raises Rejected."""
