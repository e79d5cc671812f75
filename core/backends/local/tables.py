"""The tables of the embedded client area, one for each list of the import document.

Ids are the operator's own, kept as text. Those of clients, services, domains, invoices, quotes and orders are unique
in the whole provider; contacts, pay methods, add-ons and transactions are numbered within what they belong to, so
their keys start with its id. Whatever belongs to a client goes with the client's row.
"""

from __future__ import annotations

import datetime as dt
import string
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, Numeric, String, Text, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime

HELD_STATUSES = ("Active", "Grace Period (Expired)", "Redemption Period (Expired)")
"""Domains that are at the registrar in their client's name; of each name at most one."""

_HELD = text("status IN ('Active', 'Grace Period (Expired)', 'Redemption Period (Expired)')")
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

Id = String(40)
Line = String(255)
Money = Numeric(12, 2)


def email_key(email: str) -> str:
    """What two spellings of one address share: only ASCII is folded, Unicode folding would join two people."""
    return email.translate(_ASCII_LOWER)


def _of_client(*, key: bool = False) -> Mapped[str]:
    return mapped_column(Id, ForeignKey("local_client.id", ondelete="CASCADE"), primary_key=key, index=not key)


class Company(Base):
    """The provider; one row."""

    __tablename__ = "local_company"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Line)
    currency: Mapped[str] = mapped_column(String(3))
    portal_url: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    tax_id: Mapped[str] = mapped_column(Line, default="", server_default="")
    payment_instructions: Mapped[str] = mapped_column(Text, default="", server_default="")
    gateways: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    funds_minimum: Mapped[Decimal] = mapped_column(Money, default=Decimal(0), server_default="0")
    funds_maximum: Mapped[Decimal | None] = mapped_column(Money)


class Staff(Base):
    __tablename__ = "local_staff"
    email_key: Mapped[str] = mapped_column(String(320), primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(Line)
    departments: Mapped[list[str]] = mapped_column(JSON)
    role: Mapped[str] = mapped_column(String(10))
    slack_id: Mapped[str | None] = mapped_column(Line)
    telegram_id: Mapped[str | None] = mapped_column(Line)


class Product(Base):
    """A plan or an add-on of the price list; `upgrade_to` holds ids of other products."""

    __tablename__ = "local_product"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    group: Mapped[str] = mapped_column("product_group", Line)
    name: Mapped[str] = mapped_column(Line)
    type: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(Text)
    addon: Mapped[bool] = mapped_column(Boolean)
    upgrade_to: Mapped[list[str]] = mapped_column(JSON)
    prices: Mapped[list[ProductPrice]] = relationship(lazy="raise", viewonly=True)


class ProductPrice(Base):
    """`cycle` is the price key: monthly, quarterly, …, onetime; msetupfee … tsetupfee are the set-up fees."""

    __tablename__ = "local_product_price"
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("local_product.id", ondelete="CASCADE"), primary_key=True)
    cycle: Mapped[str] = mapped_column(String(20), primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Money)


class Tld(Base):
    """Prices per year of an ending ("com", "co.uk"), and for how many days a fresh arrival may not leave."""

    __tablename__ = "local_tld"
    tld: Mapped[str] = mapped_column(Line, primary_key=True)
    register: Mapped[Decimal | None] = mapped_column(Money)
    renew: Mapped[Decimal | None] = mapped_column(Money)
    transfer: Mapped[Decimal | None] = mapped_column(Money)
    years_max: Mapped[int] = mapped_column(Integer)
    lock_days_after_transfer: Mapped[int] = mapped_column(Integer)
    id_protection: Mapped[Decimal | None] = mapped_column(Money)
    redemption_fee: Mapped[Decimal | None] = mapped_column(Money)


class Server(Base):
    __tablename__ = "local_server"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Line)
    hostname: Mapped[str] = mapped_column(Line)
    status: Mapped[str] = mapped_column(String(20))
    ip_address: Mapped[str] = mapped_column(String(45), default="", server_default="")
    nameservers: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")


class NetworkIssue(Base):
    __tablename__ = "local_network_issue"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(Line)
    status: Mapped[str] = mapped_column(String(20))
    server_id: Mapped[str | None] = mapped_column(Id)
    starts: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Text)


class Announcement(Base):
    __tablename__ = "local_announcement"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    date: Mapped[dt.date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(Line)
    body: Mapped[str] = mapped_column(Text)


class Article(Base):
    """A knowledge-base article; the body is Markdown."""

    __tablename__ = "local_article"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    category: Mapped[str] = mapped_column(Line)
    title: Mapped[str] = mapped_column(Line)
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))


class Download(Base):
    """A file to fetch; with `product_ids` only for those who have one of these products."""

    __tablename__ = "local_download"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    category: Mapped[str] = mapped_column(Line)
    title: Mapped[str] = mapped_column(Line)
    description: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    product_ids: Mapped[list[str]] = mapped_column(JSON)


class Client(Base):
    __tablename__ = "local_client"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    status: Mapped[str] = mapped_column(String(10))
    first_name: Mapped[str] = mapped_column(Line)
    last_name: Mapped[str] = mapped_column(Line)
    company: Mapped[str] = mapped_column(Line)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), index=True)
    address1: Mapped[str] = mapped_column(Line)
    address2: Mapped[str] = mapped_column(Line)
    city: Mapped[str] = mapped_column(Line)
    state: Mapped[str] = mapped_column(Line)
    postcode: Mapped[str] = mapped_column(Line)
    country: Mapped[str] = mapped_column(String(2))
    phone: Mapped[str] = mapped_column(Line)
    language: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    credit: Mapped[Decimal] = mapped_column(Money)
    email_preferences: Mapped[list[str]] = mapped_column(JSON)
    tax_id: Mapped[str] = mapped_column(Line, default="", server_default="")
    payment_method: Mapped[str] = mapped_column(Line, default="", server_default="")
    billing_contact_id: Mapped[str] = mapped_column(Id, default="", server_default="")
    time_zone: Mapped[str] = mapped_column(Line, default="", server_default="")
    allow_sso: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    since: Mapped[dt.date | None] = mapped_column(Date)


class Contact(Base):
    __tablename__ = "local_contact"
    client_id: Mapped[str] = _of_client(key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    first_name: Mapped[str] = mapped_column(Line)
    last_name: Mapped[str] = mapped_column(Line)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), index=True)
    permissions: Mapped[list[str]] = mapped_column(JSON)
    email_preferences: Mapped[list[str]] = mapped_column(JSON)
    phone: Mapped[str] = mapped_column(Line, default="", server_default="")
    may_log_in: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)


class PayMethod(Base):
    """How a client pays, as far as it may be shown: never a card number or a token. `expires` is "2027-04"."""

    __tablename__ = "local_pay_method"
    client_id: Mapped[str] = _of_client(key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(Line)
    description: Mapped[str] = mapped_column(Line)
    expires: Mapped[str | None] = mapped_column(String(7))
    default: Mapped[bool] = mapped_column("is_default", Boolean)


class Service(Base):
    __tablename__ = "local_service"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    client_id: Mapped[str] = _of_client()
    product_id: Mapped[str] = mapped_column(Id, index=True)
    domain: Mapped[str] = mapped_column(Line)
    status: Mapped[str] = mapped_column(String(30))
    server_id: Mapped[str | None] = mapped_column(Id, index=True)
    username: Mapped[str] = mapped_column(Line)
    recurring_amount: Mapped[Decimal] = mapped_column(Money)
    billing_cycle: Mapped[str] = mapped_column(String(20))
    registered: Mapped[dt.date | None] = mapped_column(Date)
    next_due_date: Mapped[dt.date | None] = mapped_column(Date)
    disk_used_mb: Mapped[int | None] = mapped_column(Integer)
    disk_limit_mb: Mapped[int | None] = mapped_column(Integer)
    bandwidth_used_mb: Mapped[int | None] = mapped_column(Integer)
    bandwidth_limit_mb: Mapped[int | None] = mapped_column(Integer)
    payment_method: Mapped[str] = mapped_column(Line, default="", server_default="")
    suspension_reason: Mapped[str] = mapped_column(Text, default="", server_default="")


class ServiceAddon(Base):
    __tablename__ = "local_service_addon"
    service_id: Mapped[str] = mapped_column(Id, ForeignKey("local_service.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, index=True)
    status: Mapped[str] = mapped_column(String(30))
    recurring_amount: Mapped[Decimal] = mapped_column(Money)
    billing_cycle: Mapped[str] = mapped_column(String(20))
    registered: Mapped[dt.date | None] = mapped_column(Date)
    next_due_date: Mapped[dt.date | None] = mapped_column(Date)
    hours_included: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    hours_used: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))


class Cancellation(Base):
    """A service that ends: `kind` is immediate or end_of_period; withdrawing it removes the row."""

    __tablename__ = "local_cancellation"
    service_id: Mapped[str] = mapped_column(Id, ForeignKey("local_service.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    requested: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    effective: Mapped[dt.date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)


class Mailbox(Base):
    """A mailbox that was created through the embedded panel; of its password only the hash."""

    __tablename__ = "local_mailbox"
    service_id: Mapped[str] = mapped_column(Id, ForeignKey("local_service.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    password_hash: Mapped[str] = mapped_column(Line)


class Login(Base):
    """Who may sign in, to the client area ("client/<id>", "contact/<client>/<id>") or a panel ("service/<id>")."""

    __tablename__ = "local_login"
    key: Mapped[str] = mapped_column(Line, primary_key=True)
    password_hash: Mapped[str] = mapped_column(Line)
    changed: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Domain(Base):
    """A domain in billing and, as the embedded registrar is these same rows, at the registrar."""

    __tablename__ = "local_domain"
    __table_args__ = (
        Index("local_domain_name", "name"),
        Index("local_domain_held_once", "name", unique=True, sqlite_where=_HELD, postgresql_where=_HELD),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    client_id: Mapped[str] = _of_client()
    name: Mapped[str] = mapped_column(Line)
    """Lower case, ASCII (an international name in its xn-- form)."""
    status: Mapped[str] = mapped_column(String(30))
    registrar: Mapped[str] = mapped_column(Line)
    registered: Mapped[dt.date | None] = mapped_column(Date)
    expires: Mapped[dt.date | None] = mapped_column(Date)
    next_due_date: Mapped[dt.date | None] = mapped_column(Date)
    recurring_amount: Mapped[Decimal] = mapped_column(Money)
    auto_renew: Mapped[bool] = mapped_column(Boolean)
    locked: Mapped[bool] = mapped_column(Boolean)
    id_protection: Mapped[bool] = mapped_column(Boolean)
    nameservers: Mapped[list[str]] = mapped_column(JSON)
    auth_code: Mapped[str] = mapped_column(Line)
    transferred: Mapped[dt.date | None] = mapped_column(Date)
    """The day it came to us from another registrar."""
    registrant_name: Mapped[str] = mapped_column(Line)
    registrant_email: Mapped[str] = mapped_column(String(320))
    admin_name: Mapped[str] = mapped_column(Line)
    admin_email: Mapped[str] = mapped_column(String(320))
    registrant_organisation: Mapped[str] = mapped_column(Line, default="", server_default="")
    registrant_phone: Mapped[str] = mapped_column(Line, default="", server_default="")
    registrant_address: Mapped[str] = mapped_column(Text, default="", server_default="")
    registrant_changed: Mapped[dt.date | None] = mapped_column(Date)
    """The day of the last change of registrant: the domain may not leave for the lock days of its ending."""
    verification_open: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    transfer_requested: Mapped[dt.date | None] = mapped_column(Date)


class Zone(Base):
    """What the embedded name servers and registry publish of a domain; without `records` the zone is the usual one."""

    __tablename__ = "local_zone"
    domain: Mapped[str] = mapped_column(Line, primary_key=True)
    records: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    signers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    glue: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    """Addresses by host."""


class RegistryEntry(Base):
    """A name that is registered elsewhere, as the registry would tell it: what a transfer to us is checked against."""

    __tablename__ = "local_registry_entry"
    name: Mapped[str] = mapped_column(Line, primary_key=True)
    registrar: Mapped[str] = mapped_column(Line)
    locked: Mapped[bool] = mapped_column(Boolean)
    created: Mapped[dt.date | None] = mapped_column(Date)
    transferred: Mapped[dt.date | None] = mapped_column(Date)
    expires: Mapped[dt.date | None] = mapped_column(Date)


class Invoice(Base):
    """`credit` is what was paid from the client's credit; the total is the sum of the items and the tax."""

    __tablename__ = "local_invoice"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    client_id: Mapped[str] = _of_client()
    number: Mapped[str] = mapped_column(Line)
    date: Mapped[dt.date] = mapped_column(Date)
    due_date: Mapped[dt.date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(20))
    payment_method: Mapped[str] = mapped_column(Line)
    tax: Mapped[Decimal] = mapped_column(Money)
    credit: Mapped[Decimal] = mapped_column(Money)
    items: Mapped[list[InvoiceItem]] = relationship(lazy="raise", viewonly=True, order_by="InvoiceItem.position")
    transactions: Mapped[list[Transaction]] = relationship(lazy="raise", viewonly=True, order_by="Transaction.date")


class InvoiceItem(Base):
    """`relid` is the id of the service, domain or add-on that the item is for, where it is for one."""

    __tablename__ = "local_invoice_item"
    invoice_id: Mapped[str] = mapped_column(Id, ForeignKey("local_invoice.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(Line)
    relid: Mapped[str | None] = mapped_column(Id)
    description: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal] = mapped_column(Money)


class Transaction(Base):
    __tablename__ = "local_transaction"
    invoice_id: Mapped[str] = mapped_column(Id, ForeignKey("local_invoice.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    date: Mapped[dt.date] = mapped_column(Date)
    gateway: Mapped[str] = mapped_column(Line)
    amount_in: Mapped[Decimal] = mapped_column(Money)
    amount_out: Mapped[Decimal] = mapped_column(Money)
    reference: Mapped[str] = mapped_column(Line)


class CreditEntry(Base):
    """A movement of a client's credit, newest position last; used credit is negative."""

    __tablename__ = "local_credit_entry"
    client_id: Mapped[str] = _of_client(key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    date: Mapped[dt.date] = mapped_column(Date)
    description: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal] = mapped_column(Money)


class Promotion(Base):
    __tablename__ = "local_promotion"
    code: Mapped[str] = mapped_column(Line, primary_key=True)
    """Upper case."""
    terms: Mapped[str] = mapped_column(Text)
    valid_until: Mapped[dt.date | None] = mapped_column(Date)


class Quote(Base):
    __tablename__ = "local_quote"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    client_id: Mapped[str] = _of_client()
    subject: Mapped[str] = mapped_column(Line)
    stage: Mapped[str] = mapped_column(String(20))
    valid_until: Mapped[dt.date | None] = mapped_column(Date)
    notes: Mapped[str] = mapped_column(Text)
    items: Mapped[list[QuoteItem]] = relationship(lazy="raise", viewonly=True, order_by="QuoteItem.position")


class QuoteItem(Base):
    __tablename__ = "local_quote_item"
    quote_id: Mapped[str] = mapped_column(Id, ForeignKey("local_quote.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    description: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal] = mapped_column(Money)


class Order(Base):
    """`items` are small objects: product, domain, billing_cycle, amount (text with two decimals)."""

    __tablename__ = "local_order"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    client_id: Mapped[str] = _of_client()
    number: Mapped[str] = mapped_column(Line)
    date: Mapped[dt.date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal] = mapped_column(Money)
    payment_method: Mapped[str] = mapped_column(Line)
    invoice_id: Mapped[str | None] = mapped_column(Id)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Affiliate(Base):
    __tablename__ = "local_affiliate"
    client_id: Mapped[str] = _of_client(key=True)
    id: Mapped[str] = mapped_column(Id)
    visitors: Mapped[int] = mapped_column(Integer)
    referrals: Mapped[int] = mapped_column(Integer)
    balance: Mapped[Decimal] = mapped_column(Money)
    withdrawn: Mapped[Decimal] = mapped_column(Money)
    link: Mapped[str] = mapped_column(Text, default="", server_default="")


class SentEmail(Base):
    """The log of what the billing system mailed to a client; never a body."""

    __tablename__ = "local_email"
    client_id: Mapped[str] = _of_client(key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    date: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(Line)
    template: Mapped[str] = mapped_column(Line)
