"""The import document as types: its keys, their values and their defaults.

Strict: unknown keys and values of another kind are errors. An object is whole: a key that is left out has its default.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.import_forms import (
    Amount,
    Body,
    Count,
    Country,
    Currency,
    Day,
    DomainName,
    DomainNameOrNone,
    Email,
    EmailOrNone,
    Ending,
    Id,
    Language,
    Line,
    Moment,
    Month,
    Name,
    Price,
    Url,
    UrlOrNone,
)
from core.people import Permission


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


Preference = Literal["general", "product", "domain", "invoice", "support", "affiliate"]
ALL_PREFERENCES: tuple[Preference, ...] = ("general", "product", "domain", "invoice", "support", "affiliate")
Cycle = Literal[
    "Free Account", "One Time", "Monthly", "Quarterly", "Semi-Annually", "Annually", "Biennially", "Triennially"
]
ServiceStatus = Literal["Pending", "Active", "Suspended", "Terminated", "Cancelled", "Fraud", "Completed"]
DomainStatus = Literal[
    "Pending",
    "Pending Registration",
    "Pending Transfer",
    "Active",
    "Grace Period (Expired)",
    "Redemption Period (Expired)",
    "Expired",
    "Transferred Away",
    "Cancelled",
    "Fraud",
]
InvoiceStatus = Literal["Draft", "Unpaid", "Paid", "Cancelled", "Refunded", "Collections", "Payment Pending"]
IssueStatus = Literal["Reported", "Investigating", "In Progress", "Outage", "Scheduled", "Resolved"]

ZERO = Decimal("0.00")


class Company(_Entry):
    name: Name
    currency: Currency
    portal_url: UrlOrNone = ""
    address: Body = ""
    tax_id: Line = ""
    payment_instructions: Body = ""
    gateways: tuple[Name, ...] = ()
    funds_minimum: Price = ZERO
    funds_maximum: Price | None = None


class Staff(_Entry):
    name: Name
    email: Email
    departments: tuple[Name, ...] = ()
    role: Literal["agent", "lead", "admin"] = "agent"
    slack_id: Name | None = None
    telegram_id: Id | None = None


class Prices(_Entry):
    """By billing cycle; the keys that end in "setupfee" are paid once with the first invoice."""

    onetime: Price | None = None
    monthly: Price | None = None
    quarterly: Price | None = None
    semiannually: Price | None = None
    annually: Price | None = None
    biennially: Price | None = None
    triennially: Price | None = None
    msetupfee: Price | None = None
    qsetupfee: Price | None = None
    ssetupfee: Price | None = None
    asetupfee: Price | None = None
    bsetupfee: Price | None = None
    tsetupfee: Price | None = None


class Product(_Entry):
    id: Id
    group: Line = ""
    name: Name
    type: Literal["hosting", "reseller", "server", "other"] = "hosting"
    description: Body = ""
    prices: Prices = Prices()
    addon: bool = False
    upgrade_to: tuple[Id, ...] = ()


class Tld(_Entry):
    """Prices are for a year; a price that is left out means that it is not offered."""

    tld: Ending
    register_price: Price | None = Field(None, alias="register")
    renew: Price | None = None
    transfer: Price | None = None
    years_max: Annotated[int, Field(ge=1, le=10)] = 10
    lock_days_after_transfer: Annotated[int, Field(ge=0, le=3650)] = 60
    id_protection: Price | None = None
    redemption_fee: Price | None = None


class Promotion(_Entry):
    code: Name
    terms: Body
    valid_until: Day | None = None


class RegistryEntry(_Entry):
    """A name registered elsewhere, as the registry tells it."""

    name: DomainName
    registrar: Line = ""
    locked: bool = True
    created: Day | None = None
    transferred: Day | None = None
    expires: Day | None = None


class Server(_Entry):
    id: Id
    name: Name
    hostname: Line = ""
    status: Literal["online", "offline", "maintenance"] = "online"
    ip_address: Line = ""
    nameservers: tuple[DomainName, ...] = ()


class NetworkIssue(_Entry):
    id: Id
    title: Name
    status: IssueStatus
    server: Id | None = None
    starts: Moment
    ends: Moment | None = None
    body: Body = ""


class Announcement(_Entry):
    id: Id
    date: Day
    title: Name
    body: Body = ""


class Article(_Entry):
    id: Id
    category: Line = ""
    title: Name
    body: Body
    language: Language = "en"


class Download(_Entry):
    id: Id
    category: Line = ""
    title: Name
    description: Body = ""
    url: Url
    product_ids: tuple[Id, ...] = ()


class PayMethod(_Entry):
    id: Id
    type: Name
    description: Line = ""
    expires: Month | None = None
    default: bool = False


class Contact(_Entry):
    id: Id
    first_name: Line = ""
    last_name: Line = ""
    email: Email
    permissions: tuple[Permission, ...] = ()
    email_preferences: tuple[Preference, ...] = ()
    phone: Line = ""
    may_log_in: bool = False


class ServiceAddon(_Entry):
    id: Id
    product_id: Id
    status: ServiceStatus
    recurring_amount: Price = ZERO
    billing_cycle: Cycle
    registered: Day | None = None
    next_due_date: Day | None = None
    hours_included: Price | None = None
    hours_used: Price | None = None


class Service(_Entry):
    id: Id
    product_id: Id
    domain: DomainNameOrNone = ""
    status: ServiceStatus
    server_id: Id | None = None
    username: Line = ""
    recurring_amount: Price = ZERO
    billing_cycle: Cycle
    registered: Day | None = None
    next_due_date: Day | None = None
    disk_used_mb: Count | None = None
    disk_limit_mb: Count | None = None
    bandwidth_used_mb: Count | None = None
    bandwidth_limit_mb: Count | None = None
    payment_method: Line = ""
    suspension_reason: Body = ""
    addons: tuple[ServiceAddon, ...] = ()


class DomainContact(_Entry):
    name: Line = ""
    email: EmailOrNone = ""


class Registrant(DomainContact):
    organisation: Line = ""
    phone: Line = ""
    address: Body = ""


class Domain(_Entry):
    id: Id
    name: DomainName
    status: DomainStatus
    registrar: Name = "local"
    registered: Day | None = None
    expires: Day | None = None
    next_due_date: Day | None = None
    recurring_amount: Price = ZERO
    auto_renew: bool = False
    locked: bool = True
    id_protection: bool = False
    nameservers: tuple[DomainName, ...] = ()
    auth_code: Line = ""
    transferred: Day | None = None
    registrant: Registrant = Registrant()
    admin: DomainContact = DomainContact()
    registrant_changed: Day | None = None
    verification_open: bool = False
    transfer_requested: Day | None = None


class InvoiceItem(_Entry):
    type: Line = ""
    relid: Id | None = None
    description: Body
    amount: Amount


class Transaction(_Entry):
    id: Id
    date: Day
    gateway: Line = ""
    amount_in: Price = ZERO
    amount_out: Price = ZERO
    reference: Line = ""


class Invoice(_Entry):
    id: Id
    number: Line = ""
    date: Day
    due_date: Day
    status: InvoiceStatus
    payment_method: Line = ""
    items: tuple[InvoiceItem, ...] = ()
    tax: Amount = ZERO
    credit: Price = ZERO
    transactions: tuple[Transaction, ...] = ()


class QuoteItem(_Entry):
    description: Body
    amount: Amount


class Quote(_Entry):
    id: Id
    subject: Name
    stage: Literal["Draft", "Delivered", "On Hold", "Accepted", "Lost", "Dead"]
    valid_until: Day | None = None
    notes: Body = ""
    items: tuple[QuoteItem, ...] = ()


class OrderItem(_Entry):
    product: Line = ""
    domain: Line = ""
    billing_cycle: Cycle | None = None
    amount: Amount = ZERO


class Order(_Entry):
    id: Id
    number: Line = ""
    date: Day
    status: Literal["Pending", "Active", "Fraud", "Cancelled"]
    amount: Amount = ZERO
    payment_method: Line = ""
    invoice_id: Id | None = None
    items: tuple[OrderItem, ...] = ()


class Affiliate(_Entry):
    id: Id
    visitors: Count = 0
    referrals: Count = 0
    balance: Amount = ZERO
    withdrawn: Amount = ZERO
    link: UrlOrNone = ""


class CreditEntry(_Entry):
    """Oldest first; what was used is negative."""

    date: Day
    description: Line = ""
    amount: Amount


class SentEmail(_Entry):
    """A line of the billing system's log; a date alone is midnight UTC."""

    date: Moment
    subject: Line = ""
    template: Line = ""


class Client(_Entry):
    """Of its lists (and the affiliate record) only those that are written are replaced; `null` ends the record."""

    id: Id
    status: Literal["Active", "Inactive", "Closed"] = "Active"
    first_name: Line = ""
    last_name: Line = ""
    company: Line = ""
    email: Email
    address1: Line = ""
    address2: Line = ""
    city: Line = ""
    state: Line = ""
    postcode: Line = ""
    country: Country = ""
    phone: Line = ""
    language: Language = ""
    currency: Currency | None = None
    """The company's if left out."""
    credit: Amount = ZERO
    email_preferences: tuple[Preference, ...] = ALL_PREFERENCES
    tax_id: Line = ""
    payment_method: Line = ""
    billing_contact_id: Id | Literal[""] = ""
    time_zone: Line = ""
    allow_sso: bool = True
    since: Day | None = None
    pay_methods: tuple[PayMethod, ...] = ()
    contacts: tuple[Contact, ...] = ()
    services: tuple[Service, ...] = ()
    domains: tuple[Domain, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    quotes: tuple[Quote, ...] = ()
    orders: tuple[Order, ...] = ()
    credit_log: tuple[CreditEntry, ...] = ()
    affiliate: Affiliate | None = None
    emails: tuple[SentEmail, ...] = ()


class ImportDocument(_Entry):
    """Lists of the provider that are written are replaced as a whole; clients are added or updated, never removed."""

    company: Company | None = None
    staff: tuple[Staff, ...] = ()
    products: tuple[Product, ...] = ()
    tlds: tuple[Tld, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    registry: tuple[RegistryEntry, ...] = ()
    servers: tuple[Server, ...] = ()
    network_issues: tuple[NetworkIssue, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    articles: tuple[Article, ...] = ()
    downloads: tuple[Download, ...] = ()
    clients: tuple[Client, ...] = ()
