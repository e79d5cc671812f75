"""Samples for the replies about domains."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from core.ports import DomainContact, Lookup, Registration, Tld
from tests.samples.cast import ALICE, DOMAIN, ENDING, SOON, TODAY, UNPAID

NO_LINK = replace(UNPAID, pay_url="")
INVOICE = replace(UNPAID, pay_url="https://portal.desk.example")
TLD = Tld("example", Decimal("10.00"), Decimal("12.00"), Decimal("12.00"), id_protection=Decimal("4.00"))
DEAR = replace(TLD, register=None, renew=None)
FREE = replace(TLD, transfer=Decimal(0))
LOST = replace(DOMAIN, status="Redemption Period (Expired)")
GRACE = replace(DOMAIN, status="Grace Period (Expired)")
COMING = replace(DOMAIN, status="Pending Transfer", name="rye-bakery.example", expires=None)
OLD = ("ns1.desk.example", "ns2.desk.example")
NEW = ("ns1.cloud.example", "ns2.cloud.example")
MOVES = SimpleNamespace(domain=DOMAIN, before=OLD, after=NEW)
STAYS = SimpleNamespace(domain=ENDING, before=OLD, after=OLD)
FIRST = SimpleNamespace(domain=ENDING, before=(), after=NEW)
LINES = [
    ("name", "Alice Martin"),
    ("organisation", "-"),
    ("email", "alice@bakery.example"),
    ("phone", "-"),
    ("address", "12 rue, Paris"),
]
HOLDER = DomainContact(
    "Alice Martin", "alice@bakery.example", "Alice Bakery", "+33 1 99 00 12 34", "12 rue\n75006 Paris"
)
NOBODY = DomainContact()
OTHER = replace(HOLDER, name="Bob Roux", email="bob@bakery.example")
REGISTERED = Registration("bakery.example", locked=True, admin=HOLDER, registrant=HOLDER, verification_open=True)
BARE = Registration("bakery.example", locked=True)
LOOKUP = Lookup("sourdough.example", True, "Other Registrar", False, date(2019, 3, 4), None, date(2027, 3, 4))
LOCKED = replace(LOOKUP, locked=True)
UNSEEN = Lookup("sourdough.example", True)
UNDER_WAY = SimpleNamespace(domain=COMING, since=TODAY, until=date(2026, 12, 9), invoice=None, lookup=LOOKUP)


def checked(lookup: Lookup = LOOKUP, tld: Tld = TLD, free_from: date | None = None, days: int = 60) -> Any:
    return SimpleNamespace(
        name="sourdough.example",
        lookup=lookup,
        tld=replace(tld, lock_days_after_transfer=days),
        free_from=free_from,
        expires_after=date(2028, 3, 4) if lookup.expires else None,
        ready=not lookup.locked and free_from is None,
    )


def contact(role: str, after: DomainContact, days: int = 0, *, before: DomainContact = HOLDER) -> dict[str, Any]:
    return {
        "domain": DOMAIN,
        "role": role,
        "before": before,
        "after": after,
        "new_holder": days > 0,
        "lock_days": days,
        "verify": days > 0,
    }


CONTACTS = [
    contact("registrant", OTHER, 60),
    contact("registrant", OTHER, 1),
    contact("registrant", replace(HOLDER, phone="", address=""), before=replace(HOLDER, organisation="Bread")),
    contact("registrant", replace(HOLDER, phone="+33 1 99 00 12 35")),
    contact("admin", OTHER),
]

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "domain_pending": [{"domain": COMING}, {"domain": replace(COMING, status="Pending")}],
    "domain_ending_unknown": [{"name": "bakery.invalid", "endings": [".example", ".test"]}],
    "domain_is_part": [{"name": "shop.bakery.example", "whole": "bakery.example"}],
    "domain_years": [{"name": "bakery.example", "most": most} for most in (0, 1, 9)],
    "domain_free": [{"name": "bread.example", "tld": tld, "currency": "EUR"} for tld in (TLD, DEAR)],
    "domain_taken": [
        {"name": "bread.example", "own": own, "free": free, "currency": "EUR"}
        for own, free in ((True, []), (False, [("my-bread.example", TLD)]), (False, []))
    ],
    "domain_register_question": [
        {"name": "bread.example", "years": years, "price": Decimal(20), "tld": TLD, "client": ALICE} for years in (1, 2)
    ],
    "domain_register_done": [
        {"name": "bread.example", "years": years, "made": made}
        for years, made in ((1, [INVOICE]), (2, [NO_LINK]), (1, []))
    ],
    "domain_renewal_open": [{"domain": DOMAIN, "invoice": invoice} for invoice in (INVOICE, NO_LINK)],
    "domain_renew_question": [
        {"domain": DOMAIN, "years": years, "price": Decimal(12), "currency": "EUR", "until": date(2028, 5, 2)}
        for years in (1, 2)
    ],
    "domain_renew_done": [
        {"domain": domain, "until": date(2028, 5, 2), "made": [invoice]}
        for domain, invoice in ((DOMAIN, INVOICE), (replace(DOMAIN, expires=TODAY), NO_LINK))
    ],
    "domain_in_redemption": [{"domain": LOST, "fee": fee, "currency": "EUR"} for fee in (Decimal(80), None)],
    "domain_not_in_redemption": [{"domain": domain} for domain in (DOMAIN, GRACE)],
    "domain_restore_open": [{"domain": LOST, "invoice": invoice} for invoice in (INVOICE, NO_LINK)],
    "domain_restore_question": [{"domain": LOST, "fee": Decimal(80), "renewal": Decimal(12), "currency": "EUR"}],
    "domain_restore_done": [{"domain": LOST, "made": [invoice]} for invoice in (INVOICE, NO_LINK)],
    "domain_nameservers": [{"domain": DOMAIN, "hosts": hosts} for hosts in (OLD, ())],
    "domain_nameservers_same": [{"moves": [STAYS]}, {"moves": [STAYS, STAYS]}],
    "domain_nameservers_glue": [{"domain": DOMAIN, "missing": ["ns1.bakery.example"]}],
    "domains_nameservers_none": [{}],
    "domains_nameservers_question": [{"moves": [MOVES, STAYS, FIRST]}, {"moves": [MOVES]}],
    "domains_nameservers_done": [
        {"moves": [MOVES, STAYS, FIRST], "refused": refused} for refused in ({}, {DOMAIN.name: "it is on hold"})
    ],
    "domain_nameservers_wrong": [
        {"domain": DOMAIN, "wrong": wrong, "number": number} for wrong, number in ((("ns1",), 2), ((), 1), ((), 14))
    ],
    "domain_nameservers_question": [{"domain": DOMAIN, "before": before, "after": NEW} for before in (OLD, ())],
    "domain_nameservers_done": [{"domain": DOMAIN, "before": before, "after": NEW} for before in (OLD, ())],
    "domain_let_expire_question": [{"domain": DOMAIN, "invoice": UNPAID}],
    "domain_let_expire_done": [{"domain": DOMAIN, "invoice": UNPAID}],
    "domains_lock_question": [{"domains": [DOMAIN]}],
    "domains_lock_done": [
        {"domains": domains, "results": results}
        for domains, results in (([], set()), ([DOMAIN, ENDING], {DOMAIN.name}), ([DOMAIN], set()))
    ],
    "domains_autorenew_question": [{"domains": [DOMAIN]}],
    "domains_autorenew_done": [
        {"domains": domains, "results": results}
        for domains, results in (([], set()), ([DOMAIN, ENDING], {ENDING.name}), ([DOMAIN], {DOMAIN.name}))
    ],
    "domain_contacts": [
        {"domain": DOMAIN, "registration": REGISTERED},
        {"domain": ENDING, "registration": BARE},
    ],
    "domain_contact_same": [{"domain": DOMAIN, "role": role, "contact": HOLDER} for role in ("admin", "registrant")],
    "domain_contact_form": [{"domain": DOMAIN, "role": role, "lines": LINES} for role in ("admin", "registrant")],
    "domain_contact_wrong": [
        {"domain": DOMAIN, "role": role, "lines": LINES, "wrong": ["bob at bakery"]} for role in ("admin", "registrant")
    ],
    "domain_contact_redemption": [{"domain": LOST}],
    "domain_contact_question": CONTACTS,
    "domain_contact_done": CONTACTS,
    "domain_contact_notice": [{"domain": DOMAIN, "role": role} for role in ("admin", "registrant")],
    "domain_verified": [{"domain": DOMAIN}],
    "domain_verification_sent": [{"domain": DOMAIN, "sent_to": ALICE.email}],
    "id_protection_on": [{"domain": DOMAIN, "before": before} for before in (True, False)],
    "id_protection_open": [{"domain": ENDING, "invoice": invoice} for invoice in (INVOICE, NO_LINK)],
    "id_protection_none": [{"domain": ENDING}],
    "id_protection_question": [{"domain": ENDING, "price": Decimal(4), "currency": "EUR"}],
    "id_protection_ordered": [{"domain": ENDING, "made": [invoice]} for invoice in (INVOICE, NO_LINK)],
    "id_protection_off_question": [{"domain": DOMAIN, "holder": HOLDER, "back": back} for back in (True, False)],
    "id_protection_off": [
        {"domain": DOMAIN, "before": before, "back": back}
        for before, back in ((True, True), (True, False), (False, False))
    ],
    "transfer_check": [
        {"checked": one, "currency": "EUR"}
        for one in (
            checked(),
            checked(LOCKED),
            checked(UNSEEN, FREE),
            checked(free_from=SOON),
            checked(free_from=SOON, days=1),
        )
    ],
    "transfer_question": [
        {"checked": checked(tld=tld), "currency": "EUR", "given": given} for tld, given in ((TLD, True), (FREE, False))
    ],
    "transfer_code_missing": [{"name": "sourdough.example"}],
    "transfer_ordered": [{"checked": checked(), "made": made} for made in ([INVOICE], [NO_LINK], [])],
    "transfer_of_nothing": [{"name": "bread.example", "tld": tld, "currency": "EUR"} for tld in (TLD, DEAR)],
    "transfer_here_already": [{"domain": DOMAIN}],
    "transfer_none": [{"domain": domain} for domain in (DOMAIN, None)],
    "transfer_status": [
        {
            "transfers": [
                UNDER_WAY,
                SimpleNamespace(**{**vars(UNDER_WAY), "lookup": LOCKED}),
                SimpleNamespace(**{**vars(UNDER_WAY), "until": date(2026, 11, 20)}),
                SimpleNamespace(**{**vars(UNDER_WAY), "since": None}),
                SimpleNamespace(**{**vars(UNDER_WAY), "since": None, "invoice": INVOICE}),
            ],
            "today": TODAY,
        }
    ],
}
