"""The billing system: who the clients are, and what they have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from core.ports.clients import AccountHolder, Client, Company, Contact
from core.ports.domains import Domain
from core.ports.invoices import Invoice
from core.ports.services import Service


class Billing(Protocol):
    """The billing system: who the clients are, and what they have. One adapter is one file in core/backends."""

    def company(self) -> Company: ...

    def holders(self, email: str) -> Sequence[AccountHolder]:
        """Everybody whose address on file this is (ASCII case ignored), owners first; closed accounts are left out."""

    def client(self, client_id: str) -> Client: ...

    def active_clients(self) -> Iterable[Client]:
        """Every account that is not closed; for the clock, once a day."""

    def contacts(self, client_id: str) -> Sequence[Contact]: ...

    def services(self, client_id: str) -> Sequence[Service]: ...

    def domains(self, client_id: str) -> Sequence[Domain]: ...

    def invoices(self, client_id: str) -> Sequence[Invoice]:
        """All but drafts, newest first."""

    def set_auto_renew(self, domain: Domain, *, on: bool) -> None: ...

    def set_language(self, client_id: str, language: str) -> None:
        """The language of the client area and of our mails, an ISO 639-1 code."""
