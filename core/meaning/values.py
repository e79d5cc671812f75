"""The objects of a request: numbers sorted into invoices and tickets, and the values that words stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from core.meaning.clauses import Clause
from core.meaning.lexicon import Hit
from core.meaning.names import Name, decimal, is_host
from core.meaning.words import Token

_NEAR = 8
_NUMBER_OF = {"invoice": "invoice", "invoices": "invoice", "ticket": "ticket", "tickets": "ticket"}
_INVOICE_ACTS = frozenset({"pay", "paid", "pdf", "invoice", "invoices", "card", "payments_word", "owe"})
_TICKET_ACTS = frozenset({"ticket", "tickets", "reopen", "close", "priority", "addtext", "status"})
_BY_WORDS = ("when", "language", "cycle", "priority", "product")
_PLANS = frozenset({"starter", "business", "pro", "reseller", "vps 2", "vps 4", "vps 8"})
_EITHER_PRODUCT = frozenset({"service.cancel", "service.show", "products.list"})
"""A plan or an add-on."""
_BEFORE_YEARS = frozenset(
    "from in since year during aus seit jahr jahre annee depuis en desde ano em anno nel dal uit sinds jaar w z roku rok za".split()
)
_MONTHS = frozenset(
    """january february march april may june july august september october november december januar februar marz mai juni
    juli oktober dezember janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre enero febrero
    marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre janeiro fevereiro marco maio junho julho
    setembro outubro novembro dezembro gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre januari
    februari maart mei augustus stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika
    listopada grudnia styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien
    jan feb mar apr jun jul aug sep sept oct nov dec q1 q2 q3 q4 quarter quartal""".split()
)
_MONTH_WORDS = frozenset(
    "month months monat monate monaten mois mes meses mesi maand maanden miesiecy miesiace".split()
)
_WHOLE_YEARS = frozenset(str(12 * years) for years in range(1, 11))
_GLUED_YEARS = re.compile(r"(\d{1,2})(?:y|yrs?|years?)")
_GIVING_UP = frozenset(
    "instead than not from statt anstatt nicht von vom lieu vez lugar no invece anziche non plaats niet zamiast nie".split()
)
_GIVING_UP_REACH = 2


def kind_of_number(name: Name, place: int, hits: Sequence[Hit], fallback: str) -> str:
    """ "invoice" or "ticket" by the nearest word for one, else `fallback` ("" for neither)."""
    near = sorted(
        (abs(hit.at[-1] - place) + (0.5 if hit.at[0] > place else 0.0), _NUMBER_OF[hit.concept])
        for hit in hits
        if hit.concept in _NUMBER_OF and abs(hit.at[-1] - place) <= _NEAR
    )
    return near[0][1] if near else fallback


def sort_numbers(tokens: list[Token], hits: Sequence[Hit], fallback: str) -> list[Token]:
    """The tokens with each bare number made an invoice or a ticket where the words around it say so."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        name = token.name
        if name is not None and name.kind == "number" and _is_id(name.value) and not _is_a_year(tokens, place):
            kind = kind_of_number(name, place, hits, fallback or ("ticket" if name.value.startswith("#") else ""))
            if kind:
                token = Token(name.value, Name(kind, name.value.lstrip("#"), name.start, name.end))
        found.append(token)
    return found


def _is_a_year(tokens: Sequence[Token], place: int) -> bool:
    """ "the invoices from 2025", "25 November 2026", "10 de mayo de 2026"."""
    before = [token.text for token in tokens[max(0, place - 2) : place] if token.text not in (".", ",")]
    dated = bool(before) and (before[-1] in _BEFORE_YEARS | _MONTHS or (before[0] in _MONTHS and len(before) == 2))
    return dated and re.fullmatch(r"20[0-4]\d", tokens[place].text) is not None


def _is_id(value: str) -> bool:
    """At least three digits, or written with a "#"."""
    return value.startswith("#") or sum(map(str.isdigit, value)) >= 3


def fallback_kind(concepts: frozenset[str]) -> str:
    """What a bare number is in a message that speaks of invoices only, or of tickets only."""
    invoices, tickets = bool(concepts & _INVOICE_ACTS), bool(concepts & _TICKET_ACTS)
    if invoices == tickets:
        return ""
    return "invoice" if invoices else "ticket"


def values_of(clause: Clause, intent: str, wanted: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The values of this clause for the entities that the intent takes."""
    found: dict[str, tuple[str, ...]] = {}
    for entity in wanted:
        values = tuple(dict.fromkeys(_values(clause, intent, entity)))
        if values:
            found[entity] = values
    return found


def _values(clause: Clause, intent: str, entity: str) -> Iterator[str]:
    if entity == "years":
        yield from list(_years(clause)) or _years_otherwise(clause)
    elif entity == "shortcut":
        yield from _shortcut(clause)
    elif entity == "amount":
        yield from _amount(clause, bare=intent == "credit.add_funds")
    elif entity == "nameserver":
        yield from _nameservers(clause)
    elif entity == "domain" and intent == "domain.nameservers_set":
        servers = set(_nameservers(clause))
        yield from (name.value for name in clause.names if name.kind == "domain" and name.value not in servers)
    elif entity in _BY_WORDS:
        yield from _by_words(clause, intent, entity)
    else:
        yield from (name.value for name in clause.names if name.kind == entity)


def _nameservers(clause: Clause) -> Iterator[str]:
    """Hosts by their look; and below a registered name, behind the first domain, whatever they are called."""
    domains = [name for name in clause.names if name.kind == "domain"]
    for name in clause.names:
        if name.kind == "nameserver" or (name.kind == "domain" and is_host(name.value) and name is not domains[0]):
            yield name.value


def _by_words(clause: Clause, intent: str, entity: str) -> Iterator[str]:
    hits = [hit for hit in clause.hits if hit.concept.startswith(f"{entity}=")]
    if not hits:
        return
    values = [hit.concept.partition("=")[2] for hit in hits]
    if entity == "product":
        if intent not in _EITHER_PRODUCT:
            values = [value for value in values if (value in _PLANS) is not intent.startswith("service.addon")]
        if len(set(values)) > 1 and intent == "service.upgrade":
            values = values[-1:]
        yield from values
    elif entity in ("cycle", "language"):
        meant = [hit for hit in hits if not _is_given_up(hit, clause)] or hits
        yield meant[-1].concept.partition("=")[2]
    else:
        yield values[0]


def _is_given_up(hit: Hit, clause: Clause) -> bool:
    """ "yearly instead of monthly", "from monthly to yearly": what stands behind these words is what there was."""
    before = [token.text for token in clause.tokens[max(0, hit.at[0] - _GIVING_UP_REACH) : hit.at[0]]]
    return not _GIVING_UP.isdisjoint(before)


def _years(clause: Clause) -> Iterator[str]:
    for hit in clause.hits:
        if hit.concept != "year=year":
            continue
        for place in range(hit.at[0] - 1, max(-1, hit.at[0] - 4), -1):
            name = clause.tokens[place].name
            if name is not None and name.kind == "number" and re.fullmatch(r"\d{1,2}", name.value):
                yield str(int(name.value))
                return
        before = [
            one.concept.partition("=")[2]
            for one in clause.hits
            if one.concept.startswith("number=") and hit.at[0] - 3 <= one.at[0] <= hit.at[0]
        ]
        if before:
            several = [number for number in before if number != "1"]  # "another five years"
            yield max(before, key=int) if "10" in before else (several or before)[0]
            return


def _years_otherwise(clause: Clause) -> Iterator[str]:
    """ "24 months", "2yrs"."""
    for token, following in zip(clause.tokens, (*clause.tokens[1:], None), strict=True):
        if token.name is None and (written := _GLUED_YEARS.fullmatch(token.text)):
            yield written[1]
        elif following is not None and following.text in _MONTH_WORDS and token.text in _WHOLE_YEARS:
            yield str(int(token.text) // 12)


def _shortcut(clause: Clause) -> Iterator[str]:
    tools = [hit.concept.removeprefix("tool_") for hit in clause.hits if hit.concept.startswith("tool_")]
    specific = [tool for tool in tools if tool not in ("backup", "mysql", "email_accounts")]
    yield from (specific or tools)[:1]


def _amount(clause: Clause, *, bare: bool) -> Iterator[str]:
    amounts = [name.value for name in clause.names if name.kind == "amount"]
    figures = [name.value for name in clause.names if bare and name.kind == "number" and "#" not in name.value]
    yield from amounts[:1] or [decimal(value) for value in figures[:1]]
