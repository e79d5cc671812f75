"""The embedded client area as the Billing port."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from core import ports
from core.backends.local import tables, values
from core.database import Sessions
from core.errors import Rejected

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
        return values.company(row)

    def holders(self, email: str) -> Sequence[ports.AccountHolder]:
        key = {"key": tables.email_key(email)}
        with self.sessions() as session:
            holders = [ports.AccountHolder(values.client(row)) for row in session.scalars(_OWNERS, key)]
            for row in session.scalars(_CONTACTS, key):
                holders.append(ports.AccountHolder(values.client(row.client), values.contact(row)))
        return holders

    def client(self, client_id: str) -> ports.Client:
        with self.sessions() as session:
            row = session.get(tables.Client, client_id)
        if row is None:
            raise Rejected(f"there is no client {client_id}")
        return values.client(row)

    def active_clients(self) -> Iterable[ports.Client]:
        query = select(tables.Client).where(tables.Client.status != "Closed").order_by(tables.Client.id)
        with self.sessions() as session:
            return [values.client(row) for row in session.scalars(query)]

    def contacts(self, client_id: str) -> Sequence[ports.Contact]:
        query = select(tables.Contact).where(tables.Contact.client_id == client_id).order_by(tables.Contact.id)
        with self.sessions() as session:
            return [values.contact(row) for row in session.scalars(query)]

    def services(self, client_id: str) -> Sequence[ports.Service]:
        query = (
            select(tables.Service, tables.Product, tables.Server)
            .join(tables.Product, tables.Product.id == tables.Service.product_id)
            .outerjoin(tables.Server, tables.Server.id == tables.Service.server_id)
            .where(tables.Service.client_id == client_id)
            .order_by(tables.Service.domain, tables.Service.id)
        )
        extras = (
            select(tables.ServiceAddon, tables.Product.name)
            .join(tables.Product, tables.Product.id == tables.ServiceAddon.product_id)
            .join(tables.Service, tables.Service.id == tables.ServiceAddon.service_id)
            .where(tables.Service.client_id == client_id)
            .order_by(tables.ServiceAddon.id)
        )
        with self.sessions() as session:
            addons = [values.addon(row, name) for row, name in session.execute(extras)]
            return [
                values.service(row, product, server, [addon for addon in addons if addon.service_id == row.id])
                for row, product, server in session.execute(query)
            ]

    def domains(self, client_id: str) -> Sequence[ports.Domain]:
        query = select(tables.Domain).where(tables.Domain.client_id == client_id)
        with self.sessions() as session:
            return [values.domain(row) for row in session.scalars(query.order_by(tables.Domain.name, tables.Domain.id))]

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
            return [values.invoice(row, currency, portal) for row, currency in session.execute(query)]

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
