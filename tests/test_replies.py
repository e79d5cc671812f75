"""Every reply template: rendered in all its branches, in every language, as mail and as text.

A template needs samples here that reach each of its sentences; one without them, or one that nothing says, fails.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jinja2.ext import babel_extract

from bot import i18n
from bot.channels import mailhtml, plain
from bot.templating import Templates
from core import content as contents
from core.content import Actions, Content, Facts, Heading, Pre, Table, spans_of
from core.directives import VERBS
from core.messages import RefusedFile, say
from core.people import Permission, Principal
from core.ports import Client, Domain, Invoice, InvoiceItem, Registration, Service, Transaction

ROOT = Path(__file__).parent.parent
REPLIES = ROOT / "templates" / "replies"
NAMES = sorted(path.stem for path in REPLIES.glob("*.html"))

TODAY = date(2026, 11, 25)
UNTIL = datetime(2026, 11, 25, 9, 20, tzinfo=UTC)
SOON, PAST = date(2026, 12, 2), date(2026, 11, 12)
ALICE = Client(
    id="1001",
    first_name="Alice",
    last_name="Martin",
    email="alice@bakery.example",
    company="Alice Bakery",
    address1="12 rue du Four",
    postcode="75006",
    city="Paris",
    country="FR",
    phone="+33 1 99 00 12 34",
    credit=Decimal("20.00"),
)
NAMELESS = Client(id="1003", first_name="", last_name="", email="nina@stone.example")
WHO = Principal("Alice Martin", client_id="1001", email=ALICE.email)
CONTACT = Principal("Bob Roux", "1001", "2", "bob@bakery.example", frozenset({Permission.INVOICES, Permission.TICKETS}))
TICKET = SimpleNamespace(number="46057485", subject="Site broken", priority="Medium")

DOMAIN = Domain(
    id="1",
    client_id="1001",
    name="bakery.example",
    status="Active",
    registered=date(2023, 5, 2),
    expires=date(2027, 5, 2),
    recurring_amount=Decimal("12.00"),
    auto_renew=True,
    id_protection=True,
    nameservers=("ns1.desk.example", "ns2.desk.example"),
)
ENDING = replace(DOMAIN, name="alice-cakes.example", auto_renew=False, id_protection=False, nameservers=())
GONE = replace(DOMAIN, name="croissant.example", status="Expired")
BARE = Domain(id="2", client_id="1001", name="fresh-bread.example", status="Pending")
LOCKED = Registration("bakery.example", locked=True, nameservers=("ns1.desk.example",))
YOUNG = Registration("bakery.example", locked=False, transfer_lock_until=date(2027, 1, 4))

SERVICE = Service(
    id="1",
    client_id="1001",
    product="Business",
    group="Web hosting",
    domain="bakery.example",
    status="Active",
    recurring_amount=Decimal("10.00"),
    billing_cycle="Monthly",
    registered=date(2023, 5, 2),
    next_due_date=SOON,
    server="saturn",
    username="bakery",
    disk_used_mb=9120,
    disk_limit_mb=25000,
)
PLAIN_SERVICE = Service("2", "1001", "Dedicated IP", "", "", "Suspended", Decimal(0), "Free Account")

UNPAID = Invoice(
    id="9004",
    client_id="1001",
    number="INV-9004",
    date=date(2026, 11, 18),
    due_date=SOON,
    status="Unpaid",
    currency="EUR",
    total=Decimal("58.80"),
    balance=Decimal("38.80"),
    tax=Decimal("9.80"),
    items=(InvoiceItem("Business (bakery.example), one month", Decimal("49.00")),),
    transactions=(Transaction(TODAY, "card", Decimal("5.00")), Transaction(TODAY, "", Decimal("5.00"))),
    pay_url="https://portal.desk.example",
)
OVERDUE = replace(UNPAID, number="INV-9002", due_date=PAST, tax=Decimal(0), transactions=(), pay_url="")
PAID = replace(
    UNPAID,
    number="INV-9001",
    status="Paid",
    balance=Decimal(0),
    transactions=(*UNPAID.transactions, Transaction(TODAY, "card", Decimal("-2.00"))),
)
CANCELLED = replace(OVERDUE, number="INV-9000", status="Cancelled", balance=Decimal(0), items=())

NOTIFICATION: dict[str, Any] = {
    "event": "new",
    "ticket": TICKET,
    "entry": SimpleNamespace(text="The shop page is empty."),
    "text": "Hello,\n\nthe shop page is empty.",
    "cut": False,
    "who": WHO,
    "client": ALICE,
    "sender_address": ALICE.email,
    "sender_name": "Alice Martin",
    "trust": "Proved to be Alice Martin",
    "hint": None,
    "files": ["screen.png", "log.txt"],
    "left_out": 0,
    "member": None,
    "note": False,
    "department": "Support",
}

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "account_held": [{}],
    "account": [
        {"client": ALICE, "services": [SERVICE], "domains": [DOMAIN], "unpaid": [UNPAID], "owed": UNPAID.balance},
        {"client": NAMELESS, "services": [], "domains": [], "unpaid": [], "owed": Decimal(0)},
    ],
    "acknowledgement": [
        {"ticket": TICKET, "name": "Alice Martin", "department": "Support"},
        {"ticket": TICKET, "name": "", "department": "Billing"},
    ],
    "acknowledgement_stranger": [{"ticket": TICKET, "name": "", "department": "Sales"}],
    "any_questions": [{}],
    "auto_renew_done": [
        {"domain": domain, "on": on, "before": not on}
        for domain, on in ((DOMAIN, True), (ENDING, False), (BARE, False))
    ],
    "auto_renew_question": [
        {"domain": domain, "on": on} for domain, on in ((ENDING, True), (DOMAIN, False), (BARE, False))
    ],
    "change_notice": [
        {"who": WHO, "what": "One domain: dates, price.", "about": ["bakery.example"], "undo": undo}
        for undo in (True, False)
    ],
    "confirm_by_code": [{"code": "493 027", "until": UNTIL}],
    "confirm_by_word": [{"until": UNTIL}],
    "done_before": [{}],
    "ask_back": [{"ticket": TICKET}],
    "domain": [
        {"domain": domain, "registration": registration, "currency": "EUR", "today": TODAY}
        for domain, registration in ((DOMAIN, LOCKED), (ENDING, YOUNG), (GONE, LOCKED), (BARE, YOUNG))
    ],
    "domain_not_held": [{"domain": replace(DOMAIN, status="Transferred Away")}],
    "domains": [
        {"domains": [DOMAIN], "currency": "EUR", "today": TODAY},
        {"domains": [DOMAIN, ENDING, GONE, BARE], "currency": "EUR", "today": TODAY},
        {"domains": [], "currency": "EUR", "today": TODAY},
    ],
    "epp_code": [{"domain": DOMAIN, "code": "Qm4!shop", "who": WHO}],
    "epp_locked": [{"domain": DOMAIN}],
    "epp_no_contact": [{"domain": DOMAIN}],
    "epp_notice": [{"domain": DOMAIN, "sent_to": ALICE.email, "who": WHO}],
    "epp_sent": [{"domain": DOMAIN, "sent_to": ALICE.email}],
    "epp_too_young": [{"domain": DOMAIN, "until": date(2027, 1, 4)}],
    "help": [
        {"abilities": [("What you can ask this desk.", "epp code for {domain}")], "who": WHO},
        {"abilities": [], "who": Principal("nina@stone.example")},
    ],
    "invoice": [{"invoice": invoice, "today": TODAY} for invoice in (UNPAID, OVERDUE, PAID, CANCELLED)],
    "invoices": [
        {"unpaid": unpaid, "paid": paid, "owed": Decimal("58.80"), "currency": "EUR", "today": TODAY}
        for unpaid, paid in (([UNPAID], []), ([UNPAID, OVERDUE], [PAID]), ([], [PAID]), ([], []))
    ],
    "lock_done": [{"domain": DOMAIN, "before": before} for before in (True, False)],
    "lock_question": [{"domain": DOMAIN}],
    "not_undone": [{}],
    "not_valid": [{}],
    "no_permission": [{"help": "What you can ask this desk.", "permission": Permission.DOMAINS}],
    "nothing_of_the_kind": [{"slot": "domain", "unknown": unknown} for unknown in ("shop.example", "")],
    "rejected": [{"reason": "the registry is closed for maintenance"}],
    "secret_sent_lately": [{}],
    "stopped": [{}],
    "too_many_codes": [{}],
    "undone": [{}],
    "unlock_done": [{"domain": DOMAIN, "before": before} for before in (True, False)],
    "unlock_question": [{"domain": DOMAIN}],
    "service": [{"service": service, "currency": "EUR"} for service in (SERVICE, PLAIN_SERVICE)],
    "services": [
        {"services": services, "currency": "EUR"} for services in ([SERVICE], [SERVICE, PLAIN_SERVICE, SERVICE], [])
    ],
    "staff_held": [{"ticket": TICKET, "problems": ("#clsoe: unknown command",), "text": "#clsoe\nHello"}],
    "files_refused": [
        {"files": [RefusedFile("a.exe", "dangerous"), RefusedFile("b.iso", "too_large"), RefusedFile("c", "too_many")]}
    ],
    "staff_original": [{"text": "As it was\n> quoted"}, {"text": ""}],
    "staff_help": [{"verbs": list(VERBS.values())}],
    "staff_notification": [
        NOTIFICATION,
        {**NOTIFICATION, "event": "reply", "who": CONTACT, "text": "", "files": [], "sender_name": ""},
        {**NOTIFICATION, "event": "alarm"},
        {**NOTIFICATION, "event": "referred", "who": replace(CONTACT, permissions=frozenset()), "left_out": 1},
        {**NOTIFICATION, "event": "failed", "client": None, "who": Principal("Nina Stone"), "trust": "", "left_out": 3},
        {**NOTIFICATION, "event": "note", "note": True, "cut": True, "client": replace(ALICE, status="Inactive")},
        {
            **NOTIFICATION,
            "ticket": SimpleNamespace(number="7", subject="Site broken", priority="High"),
            "hint": TICKET,
            "client": replace(NAMELESS, status="Closed"),
        },
    ],
    "staff_quarantine": [{"ticket": TICKET, "text": "A message could not be processed.\n\nNothing is lost."}],
    "staff_reply": [{"ticket": TICKET, "text": "Hello Alice,\n\nit works.", "signature": "Sam Lee\nExample Hosting"}],
    "which_one": [
        {"slot": "domain", "options": ("bakery.example", "fresh-bread.example"), "unknown": unknown}
        for unknown in ("shop.example", "")
    ],
}
SHARED = {"desk": SimpleNamespace(name="Example Hosting", time_zone=ZoneInfo("Europe/Paris"))}
EVERY_SAMPLE = [pytest.param(name, n, id=f"{name}-{n}") for name in SAMPLES for n in range(len(SAMPLES[name]))]


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates()


def words_of(content: Content) -> Iterator[str]:
    """Every text that a reader sees, as it stands in its block."""
    yield content.title
    for block in content.blocks:
        match block:
            case Heading(text) | Pre(text):
                yield text
            case Facts(rows):
                yield from (row.label for row in rows)
            case Table(header, _):
                yield from header
            case Actions(buttons):
                yield from (word for button in buttons for word in (button.label, button.says))
        for span in spans_of(block):
            yield span.text


LEFTOVER = re.compile(r"\{\{|\}\}|\{%|%\}|%\(|\bNone\b|Undefined|&\w+;|&#\d+;|\S  +\S|\(\)|, ,")


def test_every_template_has_samples() -> None:
    assert set(SAMPLES) == set(NAMES)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(("name", "sample"), EVERY_SAMPLE)
def test_a_reply_reads_clean_as_content_text_and_html(
    templates: Templates, name: str, sample: int, language: str
) -> None:
    content = templates.content(say(name, **SAMPLES[name][sample]), language, **SHARED)
    translate = i18n.translations(language).gettext
    assert content.title.strip() and content.blocks
    for words in words_of(content):
        assert not LEFTOVER.search(words), words
    text = plain.text(content, gettext=translate)
    assert text.strip() and all(len(line) <= plain.WIDTH + 8 for line in text.splitlines() if " " in line.strip())
    page = mailhtml.html(content, desk_name="Example Hosting", reply_to="a@desk.example", language=language)
    assert page.count("<h1") == 1 and "{{" not in page and "None" not in page


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(("name", "sample"), EVERY_SAMPLE)
def test_every_fact_and_every_cell_of_a_table_says_something(
    templates: Templates, name: str, sample: int, language: str
) -> None:
    for block in templates.content(say(name, **SAMPLES[name][sample]), language, **SHARED).blocks:
        if isinstance(block, Facts):
            assert all(contents.plain(fact.spans).strip() for fact in block.rows)
        if isinstance(block, Table):
            assert all(contents.plain(cell).strip() for row in block.rows for cell in row)


class Recorder(gettext.NullTranslations):
    """Translates nothing and remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return message

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        self.asked.add(singular if n == 1 else plural)
        return singular if n == 1 else plural


def sentences(name: str) -> set[str]:
    """Every translatable text of a template, both forms of a plural."""
    options = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
    with (REPLIES / f"{name}.html").open("rb") as source:
        found = [message for _, _, message, _ in babel_extract(source, ("gettext", "ngettext", "_"), (), options)]
    return {text for message in found for text in ([message] if isinstance(message, str) else message or ()) if text}


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_reach_every_sentence_of_the_template(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    monkeypatch.setattr(i18n, "translations", lambda _language: recorder)
    fresh = Templates()
    for context in SAMPLES[name]:
        fresh.content(say(name, **context), "en", **SHARED)
    assert not sentences(name) - recorder.asked


def said() -> set[str]:
    """Names of templates in `say(…)` and `Refusal(…)` of the source; a variable stands for what its module gives it."""
    names: set[str] = set()
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "core").rglob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not imports_either(tree):
            continue
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        for call in calls:
            if call.func.id in ("say", "Refusal") and call.args:  # type: ignore[attr-defined]
                found = texts(call.args[0]) or assigned(tree, call.args[0])
                assert found, f"{path}:{call.lineno}: which template is this?"
                names |= found
    return names


def imports_either(tree: ast.Module) -> bool:
    """Ours, not something else of the same name."""
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = {"core.messages": "say", "core.errors": "Refusal"}
    return any(ours.get(node.module or "") in {alias.name for alias in node.names} for node in imported)


def texts(node: ast.AST) -> set[str]:
    """ "a" for `"a"`, both for `"a" if x else "b"`."""
    branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return {branch.value for branch in branches if isinstance(branch, ast.Constant) and isinstance(branch.value, str)}


def assigned(tree: ast.Module, variable: ast.AST) -> set[str]:
    name = variable.id if isinstance(variable, ast.Name) else None
    assignments = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    return {
        text
        for node in assignments
        if any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        for text in texts(node.value)
    }


def test_every_template_that_is_said_exists_and_every_one_that_exists_is_said() -> None:
    assert said() == set(NAMES)


def test_secrets_are_marked_in_the_letters_that_carry_them_and_in_no_other(templates: Templates) -> None:
    secret = {
        name
        for name in NAMES
        for context in SAMPLES.get(name, [])
        if templates.content(say(name, **context), "en", **SHARED).secret
    }
    assert secret == {"epp_code", "confirm_by_code"}


def test_an_overdue_invoice_says_so_first_and_an_open_one_when_it_is_due(templates: Templates) -> None:
    def first(invoice: Invoice) -> str:
        return plain.text(templates.content(say("invoice", invoice=invoice, today=TODAY), "en")).partition("\n")[0]

    assert first(OVERDUE) == "Invoice INV-9002 is overdue: €38.80 was due on 12 November 2026."
    assert first(UNPAID) == "Invoice INV-9004 is open: €38.80 is due on 2 December 2026."
    assert first(PAID) == "Invoice INV-9001 is paid. Thank you."


def test_the_lines_of_an_open_invoice_add_up_to_what_is_owed(templates: Templates) -> None:
    (table,) = [
        block
        for block in templates.content(say("invoice", invoice=UNPAID, today=TODAY), "en").blocks
        if isinstance(block, Table)
    ]
    amounts = {contents.plain(row[0]): Decimal(contents.plain(row[1]).replace("€", "")) for row in table.rows}
    total, owed = amounts.pop("Total"), amounts.pop("Owed")
    credit_and_payments = sum(amount for amount in amounts.values() if amount < 0)
    assert sum(amount for amount in amounts.values() if amount > 0) == total
    assert amounts["From your credit"] == Decimal("-10.00")
    assert total + credit_and_payments == owed


def test_a_notification_shows_what_was_written_before_anything_else(templates: Templates) -> None:
    text = plain.text(templates.content(say("staff_notification", **NOTIFICATION), "en"))
    order = ["> Hello", "Attached:", "alice@bakery.example (Alice Martin)", "Proved", "Ticket:", "Your reply goes to"]
    positions = [text.index(words) for words in order]
    assert positions == sorted(positions) and positions[0] == 0


def test_a_notification_trusts_the_address_before_the_name_that_its_sender_chose(templates: Templates) -> None:
    forged = {**NOTIFICATION, "sender_address": "mallory@evil.example", "sender_name": "Alice Martin"}
    page = mailhtml.html(templates.content(say("staff_notification", **forged), "en"), desk_name="x")
    assert re.search(r"<strong[^>]*>mallory@evil\.example</strong>", page)
    assert not re.search(r"<strong[^>]*>Alice Martin</strong>", page)
