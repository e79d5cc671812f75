"""The account: details, contacts, ways to pay, correspondence, affiliate.

Every change is checked the way a provider's own client area would, in the transaction that makes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ports
from core.backends.local import correspondence, tables, values
from core.backends.local.hashing import hashed, insist_on_length
from core.clock import Clock
from core.database import Sessions
from core.errors import Rejected, Unsupported

_EMAIL = re.compile(r"[^\s@<>\"(),;:]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PHONE = re.compile(r"\+?[\d ()./-]{5,30}")


@dataclass(frozen=True, slots=True)
class LocalProfiles:
    """`letters` are those of the desk, which mails what this client area has to tell; None sends nothing again."""

    sessions: Sessions
    clock: Clock
    letters: correspondence.Letters | None = None

    def update(self, client_id: str, changes: Mapping[str, str]) -> None:
        with self.sessions.begin() as session:
            client = _client(session, client_id)
            for name, value in changes.items():
                _check(session, client, name, value)
                setattr(client, name, value)
            if "email" in changes:
                client.email_key = tables.email_key(changes["email"])

    def set_email_preferences(self, client_id: str, contact_id: str, preferences: frozenset[str]) -> None:
        unknown = preferences - frozenset(ports.PREFERENCES)
        if unknown:
            raise Rejected(f"there are no mails of the kind {', '.join(sorted(unknown))}")
        with self.sessions.begin() as session:
            who = _contact(session, client_id, contact_id) if contact_id else _client(session, client_id)
            who.email_preferences = [kind for kind in ports.PREFERENCES if kind in preferences]
            _insist_on_domain_mails(session, client_id)

    def allow_sso(self, client_id: str, *, allowed: bool) -> None:
        with self.sessions.begin() as session:
            _client(session, client_id).allow_sso = allowed

    def add_contact(self, contact: ports.Contact) -> ports.Contact:
        with self.sessions.begin() as session:
            client = _client(session, contact.client_id)
            _insist_on_new_address(session, client, contact.email)
            taken = session.scalars(select(tables.Contact.id).where(tables.Contact.client_id == client.id))
            row = tables.Contact(client_id=client.id, id=_next_id(taken))
            _write(row, contact)
            session.add(row)
            return values.contact(row)

    def update_contact(self, contact: ports.Contact) -> None:
        with self.sessions.begin() as session:
            row = _contact(session, contact.client_id, contact.id)
            if tables.email_key(contact.email) != row.email_key:
                _insist_on_new_address(session, _client(session, contact.client_id), contact.email)
            _write(row, contact)
            _insist_on_domain_mails(session, contact.client_id)

    def remove_contact(self, contact: ports.Contact) -> None:
        with self.sessions.begin() as session:
            client = _client(session, contact.client_id)
            session.delete(_contact(session, client.id, contact.id))
            login = session.get(tables.Login, f"contact/{client.id}/{contact.id}")
            if login is not None:
                session.delete(login)
            if client.billing_contact_id == contact.id:
                client.billing_contact_id = ""
            _insist_on_domain_mails(session, client.id)

    def pay_methods(self, client_id: str) -> Sequence[ports.PayMethod]:
        with self.sessions() as session:
            return [_pay_method(row) for row in _pay_methods(session, client_id)]

    def set_default_pay_method(self, method: ports.PayMethod) -> None:
        with self.sessions.begin() as session:
            rows = _pay_methods(session, method.client_id)
            if all(row.id != method.id for row in rows):
                raise Rejected(f"{method.description} is not on file any more")
            for row in rows:
                row.default = row.id == method.id

    def remove_pay_method(self, method: ports.PayMethod) -> None:
        with self.sessions.begin() as session:
            rows = _pay_methods(session, method.client_id)
            row = next((row for row in rows if row.id == method.id), None)
            if row is None:
                raise Rejected(f"{method.description} is not on file any more")
            if row.default and len(rows) > 1:
                raise Rejected(f"{method.description} is the one that is charged: choose another for that first")
            session.delete(row)

    def pay_method_page(self, client_id: str) -> str:
        portal = self._portal()
        return f"{portal}/payment-methods" if portal else ""

    def sent_emails(self, client_id: str) -> Sequence[ports.SentEmail]:
        return correspondence.sent_emails(self.sessions, self.letters, client_id)

    def resend_email(self, email: ports.SentEmail) -> None:
        correspondence.resend(self.sessions, self.letters, email)

    def affiliate(self, client_id: str) -> ports.Affiliate | None:
        with self.sessions() as session:
            row = session.get(tables.Affiliate, client_id)
        return None if row is None else _affiliate(row)

    def join_affiliates(self, client_id: str) -> ports.Affiliate:
        portal = self._portal()
        with self.sessions.begin() as session:
            _client(session, client_id)
            row = session.get(tables.Affiliate, client_id)
            if row is None:
                number = _next_id(session.scalars(select(tables.Affiliate.id)))
                row = tables.Affiliate(client_id=client_id, id=number, visitors=0, referrals=0)
                row.balance = row.withdrawn = Decimal(0)
                row.link = f"{portal}/aff/{number}" if portal else ""
                session.add(row)
            return _affiliate(row)

    def sign_in_url(self, client_id: str) -> str:
        """The portal's own address: the embedded client area has no sessions that it could open, the portal asks."""
        with self.sessions() as session:
            if not _client(session, client_id).allow_sso:
                raise Rejected("one-click sign-in is switched off for this account")
        portal = self._portal()
        if not portal:
            raise Unsupported("sign_in_url")
        return portal

    def set_password(self, client_id: str, contact_id: str, password: str) -> None:
        with self.sessions.begin() as session:
            client = _client(session, client_id)
            who = _contact(session, client_id, contact_id) if contact_id else client
            _insist_on_strength(password, who.email, who.first_name, who.last_name)
            key = f"contact/{client_id}/{contact_id}" if contact_id else f"client/{client_id}"
            session.merge(tables.Login(key=key, password_hash=hashed(password), changed=self.clock()))

    def _portal(self) -> str:
        with self.sessions() as session:
            return (session.scalar(select(tables.Company.portal_url)) or "").rstrip("/")


def _client(session: Session, client_id: str) -> tables.Client:
    row = session.get(tables.Client, client_id)
    if row is None:
        raise Rejected(f"there is no client {client_id}")
    return row


def _contact(session: Session, client_id: str, contact_id: str) -> tables.Contact:
    row = session.get(tables.Contact, (client_id, contact_id))
    if row is None:
        raise Rejected("this contact is not on the account any more")
    return row


def _contacts(session: Session, client_id: str) -> Sequence[tables.Contact]:
    return session.scalars(select(tables.Contact).where(tables.Contact.client_id == client_id)).all()


def _pay_methods(session: Session, client_id: str) -> Sequence[tables.PayMethod]:
    query = select(tables.PayMethod).where(tables.PayMethod.client_id == client_id).order_by(tables.PayMethod.id)
    return session.scalars(query).all()


def _check(session: Session, client: tables.Client, name: str, value: str) -> None:
    """Raises Rejected."""
    if name not in ports.DETAILS:
        raise Rejected(f"{name} cannot be changed")
    if len(value) > 255 or any(sign < " " for sign in value):
        raise Rejected(f"“{value[:40]}” is no {name}")
    if name == "email" and tables.email_key(value) != client.email_key:
        _insist_on_new_address(session, client, value)
    elif name == "country" and not _COUNTRY.fullmatch(value):
        raise Rejected(f"“{value}” is no country code of two letters")
    elif name == "phone" and value and not _PHONE.fullmatch(value):
        raise Rejected(f"“{value}” is no phone number")
    elif name == "time_zone" and value and value not in available_timezones():
        raise Rejected(f"“{value}” is no time zone")
    elif name == "payment_method" and value and value not in _gateways(session):
        raise Rejected(f"“{value}” is not offered: {', '.join(_gateways(session))}")
    elif name == "billing_contact_id" and value:
        _contact(session, client.id, value)


def _gateways(session: Session) -> Sequence[str]:
    return session.scalar(select(tables.Company.gateways)) or ()


def _insist_on_new_address(session: Session, client: tables.Client, email: str) -> None:
    """An address that can be written to, and that no owner and nobody of this account has. Raises Rejected."""
    if not _EMAIL.fullmatch(email):
        raise Rejected(f"“{email[:80]}” is no e-mail address")
    key = tables.email_key(email)
    if key == client.email_key or any(row.email_key == key for row in _contacts(session, client.id)):
        raise Rejected(f"{email} is on this account already")
    owner = select(tables.Client.id).where(tables.Client.email_key == key, tables.Client.status != "Closed")
    if session.scalar(owner.limit(1)) is not None:
        raise Rejected(f"{email} cannot be used here")  # No more than that: whose it is, is theirs.


def _insist_on_domain_mails(session: Session, client_id: str) -> None:
    """Somebody must hear of expiring domains: registrars are bound to tell. Raises Rejected."""
    session.flush()
    everybody: list[tables.Client | tables.Contact] = [_client(session, client_id), *_contacts(session, client_id)]
    if not any("domain" in one.email_preferences for one in everybody):
        raise Rejected("somebody of the account must get the mails about domains")


def _insist_on_strength(password: str, *known: str) -> None:
    insist_on_length(password)
    if len(set(password)) < 5 or password.isdigit():
        raise Rejected("this password is too easy to guess: it needs more different characters")
    if any(len(word) > 3 and word.lower() in password.lower() for word in known):
        raise Rejected("a password must not contain your name or your e-mail address")


def _next_id(taken: Iterable[str]) -> str:
    numbers = [int(number) for number in taken if number.isdigit()]
    return str(max(numbers, default=0) + 1)


def _write(row: tables.Contact, contact: ports.Contact) -> None:
    row.first_name, row.last_name, row.phone = contact.first_name, contact.last_name, contact.phone
    row.email, row.email_key = contact.email, tables.email_key(contact.email)
    row.permissions = sorted(contact.permissions)
    row.email_preferences = [kind for kind in ports.PREFERENCES if kind in contact.email_preferences]
    row.may_log_in = contact.may_log_in


def _pay_method(row: tables.PayMethod) -> ports.PayMethod:
    return ports.PayMethod(row.id, row.client_id, row.type, row.description, row.expires or "", row.default)


def _affiliate(row: tables.Affiliate) -> ports.Affiliate:
    return ports.Affiliate(row.id, row.client_id, row.visitors, row.referrals, row.balance, row.withdrawn, row.link)
