"""What types can't say of an import document: ids given once, and references that lead somewhere.

Each finding is one line that starts with its JSON path, like `clients[3].domains[0].id: …`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from bot.import_document import ImportDocument
from core.backends.local.tables import HELD_STATUSES, email_key

Place = tuple[str | int, ...]
"""Keys and list positions from the top of the document."""

_LISTED_BY_ID = ("products", "servers", "network_issues", "announcements", "articles", "downloads", "clients")
_NUMBERED_BY_PROVIDER = ("services", "domains", "invoices", "quotes", "orders")
_NUMBERED_BY_CLIENT = ("pay_methods", "contacts")


def path(place: Place) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".") or "the document"


def of_clients(document: ImportDocument, name: str) -> Iterator[tuple[Any, Place]]:
    """The entries of one list of every client, each with its place."""
    for number, client in enumerate(document.clients):
        for position, entry in enumerate(getattr(client, name)):
            yield entry, ("clients", number, name, position)


def duplicates(document: ImportDocument) -> Iterator[str]:
    """Keys that stand for two things: ids, endings, staff addresses, domains that are held twice."""
    for name in _LISTED_BY_ID:
        yield from _twice((entry.id, (name, i, "id")) for i, entry in enumerate(getattr(document, name)))
    yield from _twice((entry.tld, ("tlds", i, "tld")) for i, entry in enumerate(document.tlds))
    yield from _twice((email_key(entry.email), ("staff", i, "email")) for i, entry in enumerate(document.staff))
    for name in _NUMBERED_BY_PROVIDER:
        yield from _twice((entry.id, (*place, "id")) for entry, place in of_clients(document, name))
    domains = of_clients(document, "domains")
    yield from _twice((entry.name, (*place, "name")) for entry, place in domains if entry.status in HELD_STATUSES)
    for name in _NUMBERED_BY_CLIENT:
        yield from _twice(((place[1], entry.id), (*place, "id")) for entry, place in of_clients(document, name))
    for outer, inner in (("services", "addons"), ("invoices", "transactions")):
        for entry, place in of_clients(document, outer):
            yield from _twice((part.id, (*place, inner, i, "id")) for i, part in enumerate(getattr(entry, inner)))


def _twice(keys: Iterable[tuple[str | tuple[Any, str], Place]]) -> Iterator[str]:
    seen: dict[Any, Place] = {}
    for key, place in keys:
        if key in seen:
            shown = key[-1] if isinstance(key, tuple) else key
            yield f"{path(place)}: {shown} already stands at {path(seen[key])}"
        else:
            seen[key] = place


def lost_references(
    document: ImportDocument, products: Collection[str] | None, servers: Collection[str] | None
) -> Iterator[str]:
    """Ids of products and servers that are not among these; None means that they are not known, and not checked."""
    if products is not None:
        yield from _lost("product", _product_references(document), products)
    if servers is not None:
        yield from _lost("server", _server_references(document), servers)


def _lost(kind: str, references: Iterable[tuple[str | None, Place]], known: Collection[str]) -> Iterator[str]:
    for reference, place in references:
        if reference is not None and reference not in known:
            yield f"{path(place)}: there is no {kind} {reference}"


def _product_references(document: ImportDocument) -> Iterator[tuple[str, Place]]:
    for i, product in enumerate(document.products):
        for j, reference in enumerate(product.upgrade_to):
            yield reference, ("products", i, "upgrade_to", j)
    for i, download in enumerate(document.downloads):
        for j, reference in enumerate(download.product_ids):
            yield reference, ("downloads", i, "product_ids", j)
    for service, place in of_clients(document, "services"):
        yield service.product_id, (*place, "product_id")
        for j, addon in enumerate(service.addons):
            yield addon.product_id, (*place, "addons", j, "product_id")


def _server_references(document: ImportDocument) -> Iterator[tuple[str | None, Place]]:
    for i, issue in enumerate(document.network_issues):
        yield issue.server, ("network_issues", i, "server")
    for service, place in of_clients(document, "services"):
        yield service.server_id, (*place, "server_id")
