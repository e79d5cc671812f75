"""The account: details, contacts, ways to pay, correspondence, affiliate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core import ports
from core.clock import Clock
from core.database import Sessions
from core.errors import Unsupported


@dataclass(frozen=True, slots=True)
class LocalProfiles:
    sessions: Sessions
    clock: Clock

    def update(self, client_id: str, changes: Mapping[str, str]) -> None:
        raise Unsupported("update")

    def set_email_preferences(self, client_id: str, contact_id: str, preferences: frozenset[str]) -> None:
        raise Unsupported("set_email_preferences")

    def allow_sso(self, client_id: str, *, allowed: bool) -> None:
        raise Unsupported("allow_sso")

    def add_contact(self, contact: ports.Contact) -> ports.Contact:
        raise Unsupported("add_contact")

    def update_contact(self, contact: ports.Contact) -> None:
        raise Unsupported("update_contact")

    def remove_contact(self, contact: ports.Contact) -> None:
        raise Unsupported("remove_contact")

    def pay_methods(self, client_id: str) -> Sequence[ports.PayMethod]:
        raise Unsupported("pay_methods")

    def set_default_pay_method(self, method: ports.PayMethod) -> None:
        raise Unsupported("set_default_pay_method")

    def remove_pay_method(self, method: ports.PayMethod) -> None:
        raise Unsupported("remove_pay_method")

    def pay_method_page(self, client_id: str) -> str:
        raise Unsupported("pay_method_page")

    def sent_emails(self, client_id: str) -> Sequence[ports.SentEmail]:
        raise Unsupported("sent_emails")

    def resend_email(self, email: ports.SentEmail) -> None:
        raise Unsupported("resend_email")

    def affiliate(self, client_id: str) -> ports.Affiliate | None:
        raise Unsupported("affiliate")

    def join_affiliates(self, client_id: str) -> ports.Affiliate:
        raise Unsupported("join_affiliates")

    def sign_in_url(self, client_id: str) -> str:
        raise Unsupported("sign_in_url")

    def set_password(self, client_id: str, contact_id: str, password: str) -> None:
        raise Unsupported("set_password")
