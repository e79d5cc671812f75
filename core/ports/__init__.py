"""The systems behind the desk that we do not own, and the values they speak.

Amounts are `Decimal` in the client's currency, dates are calendar dates of the billing system, ids are the
operator's own and opaque to us. Status values are the field's own words ("Active", "Unpaid", …).
Every call may raise `Unavailable`, `Rejected` or `Unsupported` (core.errors).

One file for each page of a client area: its values, and the port that acts on them. A backend implements as many of
the ports as it can, each in a class of its own; what it lacks raises `Unsupported`, and the request becomes a ticket.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.ports.billing import Billing
from core.ports.clients import (
    DETAILS,
    PREFERENCES,
    SHORTEST_PASSWORD,
    AccountHolder,
    Affiliate,
    Client,
    Company,
    Contact,
    PayMethod,
    Profiles,
    SentEmail,
)
from core.ports.documents import Documents, Letterhead, Statement, StatementLine
from core.ports.domains import Domain, DomainContact, Lookup, Registrar, Registration
from core.ports.invoices import CreditEntry, Invoice, InvoiceItem, Ledger, Quote, QuoteItem, Transaction
from core.ports.library import Announcement, Article, Download, Library, NetworkIssue, Server
from core.ports.services import TOOLS, Cancellation, Hosting, Panel, Service, ServiceAddon, UpgradeOption, When
from core.ports.shop import CYCLES, Order, OrderItem, Product, Promotion, Shop, Tld, registration_price
from core.ports.zones import DelegationSigner, GlueHost, Record, Zone, Zones


@dataclass(frozen=True, slots=True)
class Systems:
    """Everything behind the desk, as `bot.app` wired it."""

    billing: Billing
    profiles: Profiles
    hosting: Hosting
    panel: Panel
    ledger: Ledger
    shop: Shop
    library: Library
    registrar: Registrar


__all__ = [
    "AccountHolder",
    "Affiliate",
    "Announcement",
    "Article",
    "Billing",
    "CYCLES",
    "Cancellation",
    "Client",
    "Company",
    "Contact",
    "CreditEntry",
    "DETAILS",
    "DelegationSigner",
    "Documents",
    "Domain",
    "DomainContact",
    "Download",
    "GlueHost",
    "Hosting",
    "Invoice",
    "InvoiceItem",
    "Ledger",
    "Letterhead",
    "Library",
    "Lookup",
    "NetworkIssue",
    "Order",
    "OrderItem",
    "PREFERENCES",
    "Panel",
    "PayMethod",
    "Product",
    "Profiles",
    "Promotion",
    "Quote",
    "QuoteItem",
    "Record",
    "Registrar",
    "Registration",
    "SHORTEST_PASSWORD",
    "SentEmail",
    "Server",
    "Service",
    "ServiceAddon",
    "Shop",
    "Statement",
    "StatementLine",
    "Systems",
    "TOOLS",
    "Tld",
    "Transaction",
    "UpgradeOption",
    "When",
    "Zone",
    "Zones",
    "registration_price",
]
