"""The rules of the house (docs/architecture.md), checked: who may import whom, and what every intent must have."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import guide
from bot.cli import COMMANDS
from bot.handlers import collect
from bot.settings import Settings, load
from core.forms import entity_of
from core.intents import Intent

ROOT = Path(__file__).parent.parent
FILES = sorted(path for area in ("bot", "core") for path in (ROOT / area).rglob("*.py"))
EMPTY: frozenset[str] = frozenset()

# area: what of our own it may import. The longest prefix that fits a module counts.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "core": ("core",),
    "core.backends": ("core.ports", "core.errors", "core.people", "core.database", "core.clock", "core.backends"),
    "core.registrars": (
        "core.ports",
        "core.errors",
        "core.database",
        "core.clock",
        "core.registrars",
        "core.backends.local.tables",
    ),
    "core.migrations": ("core.models", "core.database", "core.backends.local.tables"),
    "bot.handlers": ("core", "bot.handlers"),
    "bot.channels": (
        "core.messages",
        "core.content",
        "core.people",
        "core.ids",
        "core.post",
        "core.markup",
        "bot.channels",
        "bot.settings",
        "bot.i18n",
        "bot.templating",
    ),
}
MUST_NOT_IMPORT: dict[str, tuple[str, ...]] = {
    "core": ("bot", "core.backends", "core.registrars", "asyncio", "jinja2", "aiosmtpd", "imapclient"),
    "bot.handlers": ("bot.channels", "bot.app", "core.backends", "core.registrars", "asyncio", "sqlalchemy"),
    "bot.channels": ("sqlalchemy", "core.models", "core.pipeline", "core.walk", "bot.handlers", "bot.app"),
}


def module_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


@functools.cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    """Everything the file imports, within functions too; what only the type checker sees is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_the_checker = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in for_the_checker:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            known = {module_of(file) for file in FILES}
            yield from [name if name in known else node.module for name in submodules]


def within(name: str, area: str) -> bool:
    return name == area or name.startswith(f"{area}.")


def area_of(module: str, table: dict[str, tuple[str, ...]]) -> str | None:
    return max((area for area in table if within(module, area)), key=len, default=None)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    module = module_of(path)
    allowed, forbidden = area_of(module, MAY_IMPORT), area_of(module, MUST_NOT_IMPORT)
    for name in imports(path):
        ours = name.partition(".")[0] in ("bot", "core")
        if ours and allowed is not None:
            assert any(within(name, area) for area in MAY_IMPORT[allowed]), f"{module} must not import {name}"
        if forbidden is not None and forbidden == allowed:
            assert not any(within(name, area) for area in MUST_NOT_IMPORT[forbidden]), (
                f"{module} must not import {name}"
            )


def test_no_module_reaches_itself_through_its_imports() -> None:
    graph = {module_of(path): {name for name in imports(path) if name != module_of(path)} for path in FILES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " imports ".join((*trail[trail.index(module) :], module))
        if module in done:
            return
        for name in graph.get(module, EMPTY) & graph.keys():
            visit(name, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize(
    "path", [path for path in FILES if module_of(path).startswith(("core", "bot.handlers"))], ids=module_of
)
def test_core_and_handlers_are_plain_synchronous_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.name for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]


def test_only_one_module_holds_the_key_of_the_tokens() -> None:
    users = [
        module_of(path)
        for path in FILES
        if module_of(path).startswith("core") and "hmac" in set(imports(path)) and module_of(path) != "core.tokens"
    ]
    assert users == []


def test_no_token_or_code_is_compared_with_a_plain_equals() -> None:
    words = ("token", "mac", "secret", "code_hash")
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and any(isinstance(op, (ast.Eq, ast.NotEq)) for op in node.ops):
                names = [part.id for part in (node.left, *node.comparators) if isinstance(part, ast.Name)]
                assert not [name for name in names if name.lower() in words], f"{path}:{node.lineno}"


NAMED = {
    "domain": "bakery.example",
    "invoice": "INV-9001",
    "nameserver": "ns1.cloud.example and ns2.cloud.example",
    "email": "bob@bakery.example",
    "amount": "50 EUR",
    "years": "2 years",
    "cycle": "yearly",
    "priority": "high",
    "language": "German",
    "when": "at the end of the billing period",
    "tool": "file manager",
    "ticket": "ticket 46057485",
    "text": "Business",
}


def spoken(entry: Intent, phrase: str) -> str:
    """The phrase with a sample in each of its places."""
    kinds = {slot.name: entity_of(slot.kind) for slot in entry.slots}
    return re.sub(r"\{(\w+)\}", lambda place: NAMED[kinds[place.group(1)]], phrase)


def test_every_intent_has_phrases_a_help_text_and_every_phrase_finds_its_own_intent() -> None:
    from core.understanding import Understanding

    registry = collect()
    understanding = Understanding(registry)
    for entry in registry:
        assert entry.help.endswith("."), entry.name
        for phrase in entry.says:
            found = understanding.of(spoken(entry, phrase)).requests
            assert [one.intent.name for one in found] == [entry.name], phrase


def test_every_command_and_setting_is_in_the_documentation() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    for command in COMMANDS:
        assert f"helpdesk {command}" in text, command
    for key in keys(Settings):
        assert f"`{key}`" in text or f"{key} =" in text, key


def keys(kind: type) -> set[str]:
    import dataclasses
    import typing

    found: set[str] = set()
    for name, hint in typing.get_type_hints(kind).items():
        inner = [hint, *typing.get_args(hint)]
        tables = [entry for entry in inner if isinstance(entry, type) and dataclasses.is_dataclass(entry)]
        found |= keys(tables[0]) if tables else {name}
    return found


def test_the_list_of_functions_is_made_from_the_handlers_of_today() -> None:
    assert guide.PAGE.read_text(encoding="utf-8") == guide.page(collect()), "run `make guide`"


def test_the_table_of_staff_commands_is_made_from_the_verbs_of_today() -> None:
    text = guide.STAFF_PAGE.read_text(encoding="utf-8")
    assert guide.staff_page(text) == text, "run `make guide`"


def test_the_example_configuration_of_the_documentation_is_read_by_the_desk(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    blocks = [block.partition("\n")[2] for block in text.split("```")[1::2] if block.startswith("toml")]
    for block in blocks:
        (tmp_path / "helpdesk.toml").write_text(block, encoding="utf-8")
        load(tmp_path / "helpdesk.toml", {})
    assert blocks
