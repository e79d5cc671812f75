"""Which mails somebody wants, and what a contact may do, in plain words: "Bob needs only invoices", "no newsletters".

The words name kinds (core.ports.PREFERENCES) or permissions, and say whether these are all of them, some more or some
less. What names neither is unclear, and None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from core.people import Permission

T = TypeVar("T", bound=str)

KINDS = {
    "general": r"general|newsletters?|news|marketing|announcements?|offers?|advertis\w+|werbung|publicité|publicidad",
    "product": r"products?|services?|hosting",
    "domain": r"domains?",
    "invoice": r"invoices?|bills?|billing|payments?|rechnung(?:en)?|factures?|facturas?|fatture|facturen|faktury"
    r"|faturas?",
    "support": r"support|tickets?|technical",
    "affiliate": r"affiliates?|referrals?",
}
RIGHTS = {
    Permission.PROFILE: r"account details|our details|address of the account|profile",
    Permission.CONTACTS: r"contacts|sub-?accounts|other people",
    Permission.PRODUCTS: r"(?:see|view|list|show) (?:our |my |the |all )?(?:services|products|hosting)"
    r"|services|products",
    Permission.MANAGE_PRODUCTS: r"(?:manage|change) (?:our |my |the |all )?(?:services|products|hosting)"
    r"|(?:service|hosting|mailbox) passwords|passwords",
    Permission.PRODUCT_SSO: r"control panel|cpanel|single sign-?on",
    Permission.DOMAINS: r"domains?",
    Permission.MANAGE_DOMAINS: r"(?:manage|change|transfer) (?:our |my |the |all )?domains?|domain settings"
    r"|name ?servers",
    Permission.INVOICES: r"invoices?|bills|billing|payments?",
    Permission.QUOTES: r"quotes?|offers",
    Permission.TICKETS: r"tickets?|support|technical (?:questions|matters|things)|technical",
    Permission.AFFILIATES: r"affiliates?|referrals?",
    Permission.EMAILS: r"e-?mail history|mail history|sent (?:e-?)?mails|correspondence",
    Permission.ORDERS: r"orders?|ordering|order things|cancellations?|upgrades?",
}
IMPLIED = {
    Permission.MANAGE_DOMAINS: Permission.DOMAINS,
    Permission.MANAGE_PRODUCTS: Permission.PRODUCTS,
    Permission.PRODUCT_SSO: Permission.PRODUCTS,
}
"""To change a thing one has to see it."""

_ONLY = re.compile(r"\b(?:only|just|nothing but|nur|seulement|sólo|solo|alleen|tylko|apenas)\b", re.IGNORECASE)
_LESS = re.compile(
    r"\b(?:no|not|no longer|no more|without|stop|off|unsubscribe|don't|remove|take|away|except|kein\w*|plus de"
    r"|fewer|opt[- ]out)\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|every(?:thing)?|full)\b(?! (?:our|my|the))", re.IGNORECASE)
_NONE = re.compile(r"\b(?:nothing|none|no mails?|no e-?mails?|no rights|no access|mails? only)\b", re.IGNORECASE)


def kinds(text: str) -> frozenset[str]:
    """The kinds of mail that a text names."""
    return _named(text, KINDS)


def rights(text: str) -> frozenset[Permission]:
    """The permissions that a text names, with those that they need."""
    found = _named(text, RIGHTS)
    return found | {IMPLIED[one] for one in found if one in IMPLIED}


def chosen(text: str, before: frozenset[T], named: frozenset[T], every: frozenset[T]) -> frozenset[T] | None:
    """What it shall be then; None when the text does not say."""
    if named and _ONLY.search(text):
        return named
    if named:
        return before - named if _LESS.search(text) else before | named
    if _NONE.search(text):
        return frozenset()
    return every if _ALL.search(text) else None


def _named(text: str, words: Mapping[T, str]) -> frozenset[T]:
    return frozenset(
        name
        for name, pattern in words.items()
        if re.search(rf"(?<![\w@.-])(?:{pattern}|{name})(?![\w@]|[.-]\w)", text, re.IGNORECASE)
    )
