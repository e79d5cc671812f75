"""The thief's tools: forged mails, real signatures, and the eyes that see what he got.

Where a test walks through all intents or dozens of texts, `make test` takes a fixed part of them, by `sampled`;
`make trust` (`HELPDESK_TRUST=long`) takes all.
"""

from __future__ import annotations

import functools
import html
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from importlib.resources import files
from typing import Any, TypeVar

from sqlalchemy import select

from bot.handlers import collect
from core.database import Base
from core.intents import Intent
from core.people import Risk
from tests.authentication.signing import pem, record, rsa_key, sign
from tests.desk import CAST, ELSEWHERE, Mails, Read, TestDesk
from tests.desk import ZONE as SPF_ONLY

T = TypeVar("T")

LONG = os.environ.get("HELPDESK_TRUST") == "long"
DESK = "support@desk.example"
SIGNED = ("bakery.example", "hale.example", "evil.example")
ZONE = {**SPF_ONLY, **{f"sel._domainkey.{name}": {"TXT": [record(rsa_key(name))]} for name in SIGNED}}
CODE = re.compile(r"\b[A-HJKMNP-TV-Z2-9]{4}-[A-HJKMNP-TV-Z2-9]{4}\b")

READS_OF_AN_ACCOUNT = ("contacts", "domains", "invoices", "services", "registration", "auth_code")
ACTS = ("set_", "renew", "register", "pay", "cancel", "order", "add_", "remove_", "change_", "auth_code")

SAMPLES = {
    "domain": "bakery.example",
    "domains": "bakery.example and bakery-shop.example",
    "service": "bakery.example",
    "invoice": "INV-9002",
    "nameservers": "ns1.other.example and ns2.other.example",
    "hosts": "ns1.other.example and ns2.other.example",
    "language": "German",
    "amount": "50 EUR",
    "order": "order 4402918210",
    "product": "Pro",
    "cycle": "yearly",
    "quote": "quote 1",
    "server": "saturn",
    "ticket": "ticket 46057485",
    "email": "bob@bakery.example",
}
"""What stands in the place of {slot} in a phrase; all of it is Alice's."""


# ---------------------------------------------------------------------------------------------------- what is watched


@dataclass
class Recording:
    """A port that notes the name and arguments of each call before it passes it on."""

    inner: Any
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    instead: dict[str, Any] = field(default_factory=dict)
    """Answers of our own, by the call's name."""

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.inner, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self.calls.append((name, arguments))
            return self.instead[name](*arguments, **named) if name in self.instead else method(*arguments, **named)

        return call

    def names(self) -> list[str]:
        return [name for name, _ in self.calls]


@dataclass
class Watched:
    """A desk, and what it asked of the systems behind it."""

    desk: TestDesk
    billing: Recording
    registrar: Recording

    @property
    def calls(self) -> list[str]:
        return [*self.billing.names(), *self.registrar.names()]

    @property
    def acts(self) -> list[str]:
        """The calls that change something or fetch a secret."""
        return [name for name in self.calls if name.startswith(ACTS)]

    @property
    def looks(self) -> list[str]:
        """The calls that read what an account holds."""
        return [name for name in self.calls if name in READS_OF_AN_ACCOUNT]

    def forget(self) -> None:
        self.billing.calls.clear()
        self.registrar.calls.clear()

    def possessions(self) -> str:
        """Everything of all clients, as one text: equal before and after means that nothing changed."""
        parts: list[Any] = []
        for client in ("1001", "1002"):
            held = [domain for domain in self.billing.inner.domains(client) if domain.held]
            parts += [self.billing.inner.client(client), self.billing.inner.contacts(client), *held]
            registrations = [self.registrar.inner.registration(domain.name) for domain in held]
            parts += [replace(one, transfer_lock_until=None) for one in registrations]  # That one ends by itself.
            parts += [*self.billing.inner.services(client), *self.billing.inner.invoices(client)]
        return repr(parts)


def watch(desk: TestDesk) -> Watched:
    billing, registrar = Recording(desk.app.around.billing), Recording(desk.app.around.registrar)
    desk.app.around = replace(
        desk.app.around, systems=replace(desk.app.around.systems, billing=billing, registrar=registrar)
    )
    return Watched(desk, billing, registrar)


# -------------------------------------------------------------------------------------------------------- what leaks


@functools.cache
def fixture_words() -> tuple[str, ...]:
    """Every telling string of the two clients: names, companies, domains, numbers, amounts, products, codes."""
    document = json.loads(files("bot").joinpath("demodata.json").read_text(encoding="utf-8"))
    products = {product["id"]: product["name"] for product in document["products"]}
    found: set[str] = set()
    for client in document["clients"]:
        found |= {client[name] for name in ("company", "first_name", "last_name", "address1", "phone")}
        found |= {contact[name] for contact in client["contacts"] for name in ("email", "first_name", "last_name")}
        found |= {domain.get(name, "") for domain in client["domains"] for name in ("name", "auth_code")}
        found |= {invoice["number"] for invoice in client["invoices"]}
        found |= {item["amount"] for invoice in client["invoices"] for item in invoice["items"]}
        found |= {item["description"] for invoice in client["invoices"] for item in invoice["items"]}
        found |= {service["username"] for service in client["services"]} - {"root"}
        found |= {products[service["product_id"]] for service in client["services"]}
        found |= {service["recurring_amount"] for service in client["services"]}
        found |= {method["description"] for method in client["pay_methods"]}
    return tuple(sorted(word for word in found if word and len(word) > 2))


def leaks(mail: Read, but_not: Iterable[str] = ()) -> list[str]:
    """The strings of the client fixture that a mail says, in its subject or either body.

    The address it goes to is no news to its reader. `but_not`: what the reader wrote.
    """
    said = " ".join(f"{mail.subject}\n{mail.text}\n{html.unescape(mail.html)}".split())
    for known in (mail.to, *but_not):
        said = re.sub(re.escape(known), "", said, flags=re.IGNORECASE)
    return [word for word in fixture_words() if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", said, re.I)]


def everything_stored(desk: TestDesk, *, but: Iterable[str] = ("domain",)) -> str:
    """All rows of all tables as one text; the embedded client area's own table of domains is the registrar's."""
    texts: list[str] = []
    with desk.app.sessions() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in but:
                for row in session.execute(select(table)):
                    texts += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row]
    return "\n".join(texts)


# --------------------------------------------------------------------------------------------------- what is written


def forged(desk: TestDesk, who: str, text: str, **options: Any) -> Mails:
    """Mallory writes in somebody's name, from his own server."""
    return desk.says(who, text, proved=False, mail_from=CAST["mallory"][1], **options)


def written(
    desk: TestDesk,
    who: str = "alice",
    text: str = "Please unlock bakery.example",
    *,
    to: str = DESK,
    subject: str = "A question",
    sender: str = "",
    headers: Mapping[str, str] = {},
) -> bytes:
    """A mail as bytes, its From line and every further field exactly as given."""
    name, address = CAST[who]
    lines = [
        f"From: {sender or f'{name} <{address}>'}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Date: {format_datetime(desk.clock())}",
        f"Message-ID: <t{next(desk.numbers)}@{address.partition('@')[2]}>",
        *(f"{field_name}: {value}" for field_name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + f"\r\n\r\n{text}\r\n").encode()


def signed(raw: bytes, domain: str = "bakery.example", **options: object) -> bytes:
    return sign(raw, domain, pem(rsa_key(domain)), **options)


def relayed(desk: TestDesk, raw: bytes, *recipients: str, mail_from: str = "bounces@relay.test") -> Mails:
    """Bytes come from a host that may send for nobody: only a signature can prove them."""
    return desk.receives(raw, recipients or (DESK,), mail_from=mail_from, peer=ELSEWHERE)


def code_in(mail: Read) -> str:
    found = CODE.search(mail.text)
    assert found is not None, mail.text
    return found.group(0)


# ---------------------------------------------------------------------------------------------------- what is asked


def filled(phrase: str, **samples: str) -> str:
    """The phrase with a thing of Alice's in each place; a new kind of slot has to be added to SAMPLES."""
    return phrase.format(**{**SAMPLES, **samples})


def sampled(everything: Sequence[T], step: int) -> list[T]:
    """All of them in the long form, each `step`-th in the short one."""
    return list(everything) if LONG else list(everything[::step])


def sampled_intents(intents: Sequence[Intent]) -> list[Intent]:
    """Of each class of risk: secrets and what a code protects are never left out, of all else a third is enough."""
    taken = set()
    for risk in Risk:
        step = 1 if risk in (Risk.SENSITIVE, Risk.SECRET) else 3
        taken |= {entry.name for entry in sampled([entry for entry in intents if entry.risk is risk], step)}
    return [entry for entry in intents if entry.name in taken]


def all_intents() -> list[Intent]:
    return list(collect())


def account_intents() -> list[Intent]:
    return [entry for entry in all_intents() if entry.risk is not Risk.PUBLIC]


def changes() -> list[Intent]:
    """What needs a confirmation."""
    return [entry for entry in all_intents() if entry.risk in (Risk.CHANGE, Risk.SENSITIVE) and not entry.safe]


def phrases() -> Iterator[tuple[Intent, str]]:
    """One for each intent: that the others find the same is another test's matter (tests/test_house.py)."""
    for entry in sampled_intents(all_intents()):
        yield entry, filled(entry.says[0])


def question_for(desk: TestDesk, entry: Intent) -> Read:
    """Alice asks for the change with one of her domains for which it is one, and reads the question."""
    for name in ("bakery.example", "bakery-shop.example", "alice-cakes.example", "fresh-bread.example"):
        asked = desk.says("alice", filled(entry.says[0], domain=name)).of_kind("question")
        if asked:
            assert len(asked) == 1 and asked[0].to == CAST["alice"][1]
            return asked[0]
    raise AssertionError(f"{entry.name} asked no question")


def confirmation(question: Read) -> str:
    """What the question wants to read."""
    found = CODE.search(question.text)
    return found.group(0) if found else "YES"
