"""The embedded client area as the Billing port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from core import ports
from core.backends.local import tables
from core.database import Sessions
from core.errors import Rejected
from core.people import Permission

OWED_STATUSES = ("Unpaid", "Collections", "Payment Pending")

# Asked for every mail, so they are made once: that costs more than the database takes to answer them.
_OWNERS = (
    select(tables.Client)
    .where(tables.Client.email_key == bindparam("key"), tables.Client.status != "Closed")
    .order_by(tables.Client.id)
)
_CONTACTS = (
    select(tables.Contact)
    .join(tables.Contact.client)
    .where(tables.Contact.email_key == bindparam("key"), tables.Client.status != "Closed")
    .options(joinedload(tables.Contact.client))
    .order_by(tables.Contact.client_id, tables.Contact.id)
)


@dataclass(frozen=True, slots=True)
class LocalBilling:
    """Every call reads in a short session of its own: it sees what is committed, and holds nothing afterwards."""

    sessions: Sessions

    def company(self) -> ports.Company:
        with self.sessions() as session:
            row = session.scalars(select(tables.Company)).first()
        if row is None:
            raise Rejected("the client area is empty: load it with `helpdesk import`")
        return ports.Company(row.name, row.currency, row.portal_url)

    def holders(self, email: str) -> Sequence[ports.AccountHolder]:
        key = {"key": tables.email_key(email)}
        with self.sessions() as session:
            holders = [ports.AccountHolder(_client(row)) for row in session.scalars(_OWNERS, key)]
            for row in session.scalars(_CONTACTS, key):
                holders.append(ports.AccountHolder(_client(row.client), _contact(row)))
        return holders

    def client(self, client_id: str) -> ports.Client:
        with self.sessions() as session:
            row = session.get(tables.Client, client_id)
        if row is None:
            raise Rejected(f"there is no client {client_id}")
        return _client(row)

    def contacts(self, client_id: str) -> Sequence[ports.Contact]:
        query = select(tables.Contact).where(tables.Contact.client_id == client_id).order_by(tables.Contact.id)
        with self.sessions() as session:
            return [_contact(row) for row in session.scalars(query)]

    def services(self, client_id: str) -> Sequence[ports.Service]:
        query = (
            select(tables.Service, tables.Product, tables.Server.name)
            .join(tables.Product, tables.Product.id == tables.Service.product_id)
            .outerjoin(tables.Server, tables.Server.id == tables.Service.server_id)
            .where(tables.Service.client_id == client_id)
            .order_by(tables.Service.domain, tables.Service.id)
        )
        with self.sessions() as session:
            return [_service(row, product, server or "") for row, product, server in session.execute(query)]

    def domains(self, client_id: str) -> Sequence[ports.Domain]:
        query = select(tables.Domain).where(tables.Domain.client_id == client_id)
        with self.sessions() as session:
            return [_domain(row) for row in session.scalars(query.order_by(tables.Domain.name, tables.Domain.id))]

    def invoices(self, client_id: str) -> Sequence[ports.Invoice]:
        query = (
            select(tables.Invoice, tables.Client.currency)
            .join(tables.Client, tables.Client.id == tables.Invoice.client_id)
            .where(tables.Invoice.client_id == client_id, tables.Invoice.status != "Draft")
            .order_by(tables.Invoice.date.desc(), tables.Invoice.id.desc())
            .options(selectinload(tables.Invoice.items), selectinload(tables.Invoice.transactions))
        )
        with self.sessions() as session:
            portal = session.scalar(select(tables.Company.portal_url)) or ""
            return [_invoice(row, currency, portal) for row, currency in session.execute(query)]

    def set_auto_renew(self, domain: ports.Domain, *, on: bool) -> None:
        with self.sessions.begin() as session:
            row = session.get(tables.Domain, domain.id)
            if row is None:
                raise Rejected(f"{domain.name} is not on record any more")
            row.auto_renew = on

    def set_language(self, client_id: str, language: str) -> None:
        with self.sessions.begin() as session:
            row = session.get(tables.Client, client_id)
            if row is None:
                raise Rejected(f"there is no client {client_id}")
            row.language = language


def _client(row: tables.Client) -> ports.Client:
    return ports.Client(
        id=row.id,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        company=row.company,
        status=row.status,
        address1=row.address1,
        address2=row.address2,
        city=row.city,
        state=row.state,
        postcode=row.postcode,
        country=row.country,
        phone=row.phone,
        language=row.language,
        currency=row.currency,
        credit=row.credit,
        email_preferences=frozenset(row.email_preferences),
    )


def _contact(row: tables.Contact) -> ports.Contact:
    return ports.Contact(
        id=row.id,
        client_id=row.client_id,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        permissions=frozenset(Permission(name) for name in row.permissions),
        email_preferences=frozenset(row.email_preferences),
    )


def _service(row: tables.Service, product: tables.Product, server: str) -> ports.Service:
    return ports.Service(
        id=row.id,
        client_id=row.client_id,
        product=product.name,
        group=product.group,
        domain=row.domain,
        status=row.status,
        recurring_amount=row.recurring_amount,
        billing_cycle=row.billing_cycle,
        registered=row.registered,
        next_due_date=row.next_due_date,
        server=server,
        username=row.username,
        disk_used_mb=row.disk_used_mb,
        disk_limit_mb=row.disk_limit_mb,
    )


def _domain(row: tables.Domain) -> ports.Domain:
    return ports.Domain(
        id=row.id,
        client_id=row.client_id,
        name=row.name,
        status=row.status,
        registrar=row.registrar,
        registered=row.registered,
        expires=row.expires,
        next_due_date=row.next_due_date,
        recurring_amount=row.recurring_amount,
        auto_renew=row.auto_renew,
        id_protection=row.id_protection,
        nameservers=tuple(row.nameservers),
    )


def _invoice(row: tables.Invoice, currency: str, portal_url: str) -> ports.Invoice:
    total = sum((item.amount for item in row.items), Decimal(0)) + row.tax
    paid = sum((transaction.amount_in - transaction.amount_out for transaction in row.transactions), Decimal(0))
    owed = row.status in OWED_STATUSES
    return ports.Invoice(
        id=row.id,
        client_id=row.client_id,
        number=row.number,
        date=row.date,
        due_date=row.due_date,
        status=row.status,
        currency=currency,
        total=total,
        balance=total - row.credit - paid if owed else Decimal(0),
        tax=row.tax,
        payment_method=row.payment_method,
        items=tuple(ports.InvoiceItem(item.description, item.amount, item.type) for item in row.items),
        transactions=tuple(_transaction(transaction) for transaction in row.transactions),
        pay_url=portal_url if owed else "",
    )


def _transaction(row: tables.Transaction) -> ports.Transaction:
    return ports.Transaction(row.date, row.gateway, row.amount_in - row.amount_out, row.reference)
