"""The import document as rows of the embedded client area.

Keys are named as the columns are, so most entries are dumped as they stand; the functions here are the exceptions.
"""

from __future__ import annotations

from typing import Any

from bot.import_document import Client, Domain, ImportDocument, Invoice, Service
from core.backends.local import tables
from core.backends.local.loading import NewState, Row
from core.database import Base

PROVIDER_LISTS: dict[str, type[Base]] = {
    "company": tables.Company,
    "staff": tables.Staff,
    "products": tables.Product,
    "tlds": tables.Tld,
    "promotions": tables.Promotion,
    "registry": tables.RegistryEntry,
    "servers": tables.Server,
    "network_issues": tables.NetworkIssue,
    "announcements": tables.Announcement,
    "articles": tables.Article,
    "downloads": tables.Download,
}
CLIENT_LISTS: dict[str, type[Base]] = {
    "pay_methods": tables.PayMethod,
    "contacts": tables.Contact,
    "services": tables.Service,
    "domains": tables.Domain,
    "invoices": tables.Invoice,
    "quotes": tables.Quote,
    "orders": tables.Order,
    "credit_log": tables.CreditEntry,
    "affiliate": tables.Affiliate,
    "emails": tables.SentEmail,
}
_PARTS = (tables.ProductPrice, tables.ServiceAddon, tables.InvoiceItem, tables.Transaction, tables.QuoteItem)

Rows = dict[type[Base], list[Row]]


def new_state(document: ImportDocument, currency: str) -> NewState:
    """`currency` is that of clients who name none."""
    ordered: list[type[Base]] = [*PROVIDER_LISTS.values(), *CLIENT_LISTS.values(), *_PARTS]
    rows: Rows = {table: [] for table in ordered}
    _add_provider(rows, document)
    for client in document.clients:
        _add_lists(rows, client)
    unnamed = {"company"} if document.company is None else set()
    return NewState(
        whole=[table for name, table in PROVIDER_LISTS.items() if name in document.model_fields_set - unnamed],
        clients=[_client(client, currency) for client in document.clients],
        owned={
            table: [client.id for client in document.clients if name in client.model_fields_set]
            for name, table in CLIENT_LISTS.items()
        },
        rows=rows,
    )


def _add_provider(rows: Rows, document: ImportDocument) -> None:
    if document.company is not None:
        rows[tables.Company].append({"id": 1, **document.company.model_dump()})
    for member in document.staff:
        rows[tables.Staff].append({**member.model_dump(), "email_key": tables.email_key(member.email)})
    for product in document.products:
        rows[tables.Product].append(product.model_dump(exclude={"prices"}))
        for cycle, amount in product.prices.model_dump(exclude_none=True).items():
            rows[tables.ProductPrice].append({"product_id": product.id, "cycle": cycle, "amount": amount})
    for tld in document.tlds:
        rows[tables.Tld].append(tld.model_dump(by_alias=True))
    for promotion in document.promotions:
        rows[tables.Promotion].append({**promotion.model_dump(), "code": promotion.code.upper()})
    for issue in document.network_issues:
        rows[tables.NetworkIssue].append({**issue.model_dump(exclude={"server"}), "server_id": issue.server})
    for name in ("registry", "servers", "announcements", "articles", "downloads"):
        rows[PROVIDER_LISTS[name]] += [entry.model_dump() for entry in getattr(document, name)]


def _client(client: Client, currency: str) -> Row:
    row = client.model_dump(exclude=set(CLIENT_LISTS))
    return {**row, "email_key": tables.email_key(client.email), "currency": client.currency or currency}


def _add_lists(rows: Rows, client: Client) -> None:
    owner = {"client_id": client.id}
    for contact in client.contacts:
        rows[tables.Contact].append({**owner, **contact.model_dump(), "email_key": tables.email_key(contact.email)})
    for service in client.services:
        _add_service(rows, owner, service)
    rows[tables.Domain] += [{**owner, **_domain(domain)} for domain in client.domains]
    for invoice in client.invoices:
        _add_invoice(rows, owner, invoice)
    for quote in client.quotes:
        rows[tables.Quote].append({**owner, **quote.model_dump(exclude={"items"})})
        rows[tables.QuoteItem] += _numbered("quote_id", quote.id, quote.items)
    for order in client.orders:
        items = [{**item.model_dump(), "amount": str(item.amount)} for item in order.items]
        rows[tables.Order].append({**owner, **order.model_dump(exclude={"items"}), "items": items})
    if client.affiliate is not None:
        rows[tables.Affiliate].append({**owner, **client.affiliate.model_dump()})
    rows[tables.PayMethod] += [{**owner, **method.model_dump()} for method in client.pay_methods]
    rows[tables.CreditEntry] += _numbered("client_id", client.id, client.credit_log)
    rows[tables.SentEmail] += _numbered("client_id", client.id, client.emails)


def _add_service(rows: Rows, owner: Row, service: Service) -> None:
    rows[tables.Service].append({**owner, **service.model_dump(exclude={"addons"})})
    rows[tables.ServiceAddon] += [{"service_id": service.id, **addon.model_dump()} for addon in service.addons]


def _add_invoice(rows: Rows, owner: Row, invoice: Invoice) -> None:
    rows[tables.Invoice].append({**owner, **invoice.model_dump(exclude={"items", "transactions"})})
    rows[tables.InvoiceItem] += _numbered("invoice_id", invoice.id, invoice.items)
    rows[tables.Transaction] += [{"invoice_id": invoice.id, **paid.model_dump()} for paid in invoice.transactions]


def _domain(domain: Domain) -> Row:
    return {
        **domain.model_dump(exclude={"registrant", "admin"}),
        "registrant_name": domain.registrant.name,
        "registrant_email": domain.registrant.email,
        "admin_name": domain.admin.name,
        "admin_email": domain.admin.email,
        "registrant_organisation": domain.registrant.organisation,
        "registrant_phone": domain.registrant.phone,
        "registrant_address": domain.registrant.address,
    }


def _numbered(parent: str, key: str, entries: tuple[Any, ...]) -> list[Row]:
    """Rows of entries that have no id of their own: their place in the list is it."""
    return [{parent: key, "position": position, **entry.model_dump()} for position, entry in enumerate(entries)]
