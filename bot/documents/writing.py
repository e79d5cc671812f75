"""Words, money, days and addresses as the reader of a paper writes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from babel import dates, numbers

from bot import i18n
from core.ports import Client


@dataclass(frozen=True, slots=True)
class Writing:
    """One language, and the currency of the account."""

    language: str
    currency: str

    def gettext(self, message: str) -> str:
        return i18n.translations(self.language).gettext(message)

    def money(self, amount: Decimal) -> str:
        return numbers.format_currency(amount, self.currency, locale=i18n.locale(self.language))

    def day(self, day: dt.date) -> str:
        """3 March 2026, in the reader's order."""
        return dates.format_date(day, "long", locale=i18n.locale(self.language))

    def short_day(self, day: dt.date) -> str:
        return dates.format_date(day, "medium", locale=i18n.locale(self.language))

    def gateway(self, name: str) -> str:
        """A payment method by the name that people use; what we don't know stays as it is."""
        _ = self.gettext
        known = {
            "card": _("Card"),
            "banktransfer": _("Bank transfer"),
            "paypal": "PayPal",
        }
        return known.get(name.replace(" ", "").lower(), name)

    def country(self, code: str) -> str:
        return str(i18n.locale(self.language).territories.get(code.upper(), code))

    def address(self, client: Client) -> list[str]:
        """The client's name and postal address, a line each."""
        place = " ".join(part for part in (client.postcode, client.city) if part)
        country = self.country(client.country) if client.country else ""
        name = f"{client.first_name} {client.last_name}".strip()
        lines = (client.company, name, client.address1, client.address2, place, client.state, country)
        return [line for line in lines if line] or [client.email]
