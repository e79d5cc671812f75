"""`helpdesk import`: one JSON document becomes the embedded client area, or nothing does.

Everything is checked before anything is written, and every finding names its place in the document. What the document
does not mention stays: a client's list that is not written, and clients that are not in it. What it does mention
becomes exactly so, which makes importing the same document twice the same as once.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import json
import re
import types
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import import_checks, import_rows
from bot.import_checks import Place, of_clients, path
from bot.import_document import ImportDocument
from core.backends.local import loading, tables
from core.backends.local.loading import Progress
from core.database import Sessions

__all__ = ["DocumentErrors", "ImportCounts", "ImportDocument", "load", "read_document"]

SHOWN_ERRORS = 20


class DocumentErrors(Exception):
    """The document can't be loaded; `errors` are up to 20 lines, each its JSON path and what is wrong there."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """How much the document holds, for the line that says what was done."""

    staff: int
    products: int
    articles: int
    clients: int
    contacts: int
    services: int
    domains: int
    invoices: int


def read_document(text: str) -> ImportDocument:
    """Raises DocumentErrors; malformed JSON with line and column."""
    try:
        with _collector_paused():
            document = ImportDocument.model_validate_json(text.removeprefix("\ufeff"))
    except ValidationError as refused:
        raise DocumentErrors(_explained(refused)) from None
    products = {product.id for product in document.products} if "products" in document.model_fields_set else None
    servers = {server.id for server in document.servers} if "servers" in document.model_fields_set else None
    _raise_first(import_checks.duplicates(document), import_checks.lost_references(document, products, servers))
    return document


def load(sessions: Sessions, document: ImportDocument, progress: Progress | None = None) -> ImportCounts:
    """Write it in one transaction; `progress` is told rows done and rows in all.

    Raises DocumentErrors when the document contradicts what is already there.
    """
    with sessions.begin() as session:
        _check_against_stored(session, document)
        state = import_rows.new_state(document, _default_currency(session, document))
        loading.clear(session, state)
        _raise_first(_clash_lines(document, loading.clashes(session, state)))
        loading.fill(session, state, progress or (lambda done, total: None))
        _raise_first(
            f"{'products' if lost.column == 'product_id' else 'servers'}: {lost.key} is still needed by service "
            f"{lost.service_id} of client {lost.client_id}, whose services are not in the document"
            for lost in loading.dangling(session)
        )
    return _counts(document)


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Millions of new objects and no garbage: looking for some takes more than half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _counts(document: ImportDocument) -> ImportCounts:
    clients = document.clients
    return ImportCounts(
        staff=len(document.staff),
        products=len(document.products),
        articles=len(document.articles),
        clients=len(clients),
        contacts=sum(len(client.contacts) for client in clients),
        services=sum(len(client.services) for client in clients),
        domains=sum(len(client.domains) for client in clients),
        invoices=sum(len(client.invoices) for client in clients),
    )


def _raise_first(*findings: Iterator[str]) -> None:
    errors = [line for lines in findings for line in islice(lines, SHOWN_ERRORS)][:SHOWN_ERRORS]
    if errors:
        raise DocumentErrors(errors)


# What pydantic found, in our words -------------------------------------------------------------------------------

_WORDS = {
    "missing": "missing",
    "string_type": "wants text",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "holds control characters",
    "bool_type": "wants true or false",
    "int_type": "wants a whole number",
    "tuple_type": "wants a list",
    "model_type": "wants an object",
    "string_unicode": "is not UTF-8 text",
    "string_too_long": "is too long",
}
_SECRET_KEYS = (("auth_code",),)


def _explained(refused: ValidationError) -> list[str]:
    return [_line(error) for error in refused.errors(include_url=False)[:SHOWN_ERRORS]]


def _line(error: ErrorDetails) -> str:
    place, kind, context = error["loc"], error["type"], error.get("ctx", {})
    if kind == "json_invalid":
        return re.sub(r"(.*) at line (\d+) column (\d+)$", r"line \2, column \3: not JSON: \1", str(context["error"]))
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(place[-1]), _keys_at(place[:-1]), 1)
        return f"{path(place)}: unknown key" + (f"; did you mean {near[0]}?" if near else "")
    if kind in ("literal_error", "enum"):
        wanted = "wants one of " + str(context["expected"]).replace(" or ", ", ").replace("'", "")
    else:
        wanted = _WORDS.get(kind) or error["msg"]
    return f"{path(place)}: {wanted}{_shown(place, kind, error['input'])}"


def _shown(place: Place, kind: str, value: Any) -> str:
    """The refused value as JSON, where it helps and is no secret."""
    if kind == "missing" or isinstance(value, dict | list) or value == "" or place[-1:] in _SECRET_KEYS:
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return f", not {text if len(text) <= 60 else text[:59] + '…'}"


def _keys_at(place: Place) -> list[str]:
    """The keys that an object at this place may have."""
    kind: Any = ImportDocument
    for step in place:
        if isinstance(step, str):
            fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
            kind = _entry_type(fields[step])
    return [field.alias or name for name, field in kind.model_fields.items()]


def _entry_type(annotation: Any) -> type[BaseModel]:
    """X of X, X | None and tuple[X, ...]."""
    if typing.get_origin(annotation) in (tuple, types.UnionType, typing.Union):
        annotation = typing.get_args(annotation)[0]
    return typing.cast(type[BaseModel], annotation)


# Against what is stored ------------------------------------------------------------------------------------------


def _check_against_stored(session: Session, document: ImportDocument) -> None:
    written = document.model_fields_set
    products = None if "products" in written else set(session.scalars(select(tables.Product.id)))
    servers = None if "servers" in written else set(session.scalars(select(tables.Server.id)))
    _raise_first(import_checks.lost_references(document, products, servers))


def _default_currency(session: Session, document: ImportDocument) -> str:
    if document.company is not None:
        return document.company.currency
    return session.scalar(select(tables.Company.currency)) or "EUR"


def _clash_lines(document: ImportDocument, clashes: Iterator[loading.Clash]) -> Iterator[str]:
    names = {table: name for name, table in import_rows.CLIENT_LISTS.items()}
    for clash in clashes:
        for entry, place in of_clients(document, names[clash.table]):
            if getattr(entry, clash.column) == clash.key:
                yield f"{path((*place, clash.column))}: {clash.key} already belongs to client {clash.client_id}"
                break
