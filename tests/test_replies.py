"""Every reply template: rendered in all its branches, in every language, as mail and as text.

A template needs samples here that reach each of its sentences; one without them, or one that nothing says, fails.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
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
from core.messages import say
from core.ports import Invoice
from tests import samples
from tests.samples.cast import (
    NOTIFICATION,
    OVERDUE,
    PAID,
    TODAY,
    UNPAID,
)

ROOT = Path(__file__).parent.parent
REPLIES = ROOT / "templates" / "replies"
NAMES = sorted(path.stem for path in REPLIES.glob("*.html"))

SAMPLES = samples.collect()
SHARED = {
    "desk": SimpleNamespace(name="Example Hosting", address="help@desk.example", time_zone=ZoneInfo("Europe/Paris"))
}


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


@pytest.mark.parametrize("name", NAMES)
def test_a_reply_reads_clean_in_every_language_as_content_text_and_html(templates: Templates, name: str) -> None:
    for number, sample in enumerate(SAMPLES[name]):
        for language in i18n.LANGUAGES:
            where = f"sample {number} in {language}"
            content = templates.content(say(name, **sample), language, **SHARED)
            assert content.title.strip() and content.blocks, where
            for words in words_of(content):
                assert not LEFTOVER.search(words), (where, words)
            for block in content.blocks:
                assert all(contents.plain(cell).strip() for cell in cells_of(block)), where
            text = plain.text(content, gettext=i18n.translations(language).gettext)
            lines = [line for line in text.splitlines() if " " in line.strip()]
            assert text.strip() and all(len(line) <= plain.WIDTH + 8 for line in lines), (where, text)
            page = mailhtml.html(content, desk_name="Example Hosting", reply_to="a@desk.example", language=language)
            assert page.count("<h1") == 1 and "{{" not in page and "None" not in page, where


def cells_of(block: object) -> Iterator[Any]:
    """What must not be empty: each fact, and each cell of a table."""
    match block:
        case Facts(rows):
            yield from (row.spans for row in rows)
        case Table(_, rows):
            yield from (cell for row in rows for cell in row)


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
    assert secret == {"epp_code", "confirm_by_code"} | samples.secret()


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
