"""DNS as the proof of sender sees it: one question, a tuple of texts, or "could not be asked".

The desk asks the system's servers, or reads a fixed zone file: tests, the demo and offline installs then get the same
answers every time. Nobody above this module knows which of the two it is.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.resolver

from bot.settings import SettingsError

QUERY_SECONDS = 3.0
MESSAGE_SECONDS = 10.0
MESSAGE_QUERIES = 100
_CACHED_ANSWERS = 1000
_LONGEST_CNAME_CHAIN = 8
_KEY = "email.authentication.dns"
_TYPES = ("TXT", "MX", "A", "AAAA", "PTR", "CNAME", "NS", "SPF")


class ResolverTrouble(Exception):
    """No answer: timeout, SERVFAIL or no network. Says nothing about whether the record exists."""


class Resolver(Protocol):
    def lookup(self, name: str, record_type: str) -> tuple[str, ...]:
        """The records of a name; () when the name or the type does not exist. CNAMEs are followed.

        TXT comes with its strings joined, MX as "10 mx.bakery.test", names without the final dot.
        Raises ResolverTrouble.
        """


class SystemResolver:
    """The servers of /etc/resolv.conf, with an in-memory cache that honours the records' time to live."""

    def __init__(self) -> None:
        self._resolver: dns.resolver.Resolver | None = None

    def lookup(self, name: str, record_type: str) -> tuple[str, ...]:
        try:
            wanted = dns.name.from_text(name.rstrip(".") + ".")
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return ()
        try:
            answer = self._servers().resolve(wanted, record_type, search=False, lifetime=QUERY_SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.YXDOMAIN):
            return ()
        except (dns.exception.DNSException, OSError) as error:
            raise ResolverTrouble(f"{record_type} of {name}: {type(error).__name__}") from error
        return tuple(_text(record) for record in answer)

    def _servers(self) -> dns.resolver.Resolver:
        """Made at the first question: a machine without /etc/resolv.conf must still start."""
        if self._resolver is None:
            self._resolver = dns.resolver.Resolver()
            self._resolver.timeout = QUERY_SECONDS
            self._resolver.cache = dns.resolver.LRUCache(_CACHED_ANSWERS)
        return self._resolver


def _text(record: dns.rdata.Rdata) -> str:
    strings: tuple[bytes, ...] | None = getattr(record, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "replace")
    return record.to_text().rstrip(".")


class ZoneFile:
    """Fixed records by name and type; any other name does not exist."""

    def __init__(self, records: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
        self._records = {_folded(name): dict(types) for name, types in records.items()}

    @classmethod
    def load(cls, path: Path) -> ZoneFile:
        """Read {"bakery.test": {"TXT": ["v=spf1 …"], "MX": ["10 mx.bakery.test"]}}. Raises SettingsError."""
        where = f"{_KEY}: {path}"
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(f"{where}: cannot be read: {error.strerror}") from None
        except ValueError as error:
            raise SettingsError(f"{where}: is not valid JSON: {error}") from None
        return cls.parse(document, where)

    @classmethod
    def parse(cls, document: Any, where: str = _KEY) -> ZoneFile:
        """Raises SettingsError with the path of the entry that is wrong."""
        if not isinstance(document, dict):
            raise SettingsError(
                f'{where}: wants an object of names, as in {{"bakery.test": {{"TXT": ["v=spf1 -all"]}}}}'
            )
        return cls({name: _types(name, types, f"{where}: {name}") for name, types in document.items()})

    def lookup(self, name: str, record_type: str) -> tuple[str, ...]:
        wanted = _folded(name)
        for _ in range(_LONGEST_CNAME_CHAIN):
            types = self._records.get(wanted, {})
            if record_type in types:
                return types[record_type]
            if "CNAME" not in types:
                return ()
            wanted = _folded(types["CNAME"][0])
        return ()


def _folded(name: str) -> str:
    return name.rstrip(".").lower()


def _types(name: str, types: Any, where: str) -> dict[str, tuple[str, ...]]:
    try:
        dns.name.from_text(name)
    except (dns.exception.DNSException, UnicodeError):
        raise SettingsError(f"{where}: is not a domain name") from None
    if not isinstance(types, dict):
        raise SettingsError(f'{where}: wants an object of record types, as in {{"TXT": ["v=spf1 -all"]}}')
    return {kind: _values(kind, values, f"{where}.{kind}") for kind, values in types.items()}


def _values(kind: str, values: Any, where: str) -> tuple[str, ...]:
    if kind not in _TYPES:
        raise SettingsError(f"{where}: unknown record type; there are {', '.join(_TYPES)}")
    if not isinstance(values, list) or not values:
        raise SettingsError(f"{where}: wants a list of texts")
    return tuple(_value(kind, value, f"{where}[{index}]") for index, value in enumerate(values))


def _value(kind: str, value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise SettingsError(f"{where}: wants text, not {value!r}")
    if kind in ("TXT", "SPF"):
        return value
    try:
        record = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), value, origin=dns.name.root)
    except (dns.exception.DNSException, UnicodeError, ValueError) as error:
        raise SettingsError(f"{where}: {value!r} is not a record of type {kind}: {error}") from None
    return record.to_text().rstrip(".")


def resolver(dns: str | dict[str, str], folder: Path) -> Resolver:
    """What `email.authentication.dns` names: "system", or { zone = "file.json" } relative to `folder`.

    Raises SettingsError.
    """
    if dns == "system":
        return SystemResolver()
    if isinstance(dns, dict) and set(dns) == {"zone"}:
        return ZoneFile.load(folder / dns["zone"])
    raise SettingsError(f'{_KEY}: wants "system" or {{ zone = "file.json" }}')


class OneMessage:
    """A resolver for the examination of one message: bounded in time and number, no question asked twice.

    A sender writes the records that we look up on his behalf, so he could keep us busy with slow or endless ones.
    Not for use by several threads.
    """

    def __init__(self, resolver: Resolver, clock: Callable[[], float] = time.monotonic) -> None:
        self._resolver = resolver
        self._clock = clock
        # The last question may still take its own three seconds.
        self._last_start = clock() + MESSAGE_SECONDS - QUERY_SECONDS
        self._answers: dict[tuple[str, str], tuple[str, ...] | None] = {}

    def lookup(self, name: str, record_type: str) -> tuple[str, ...]:
        question = (_folded(name), record_type)
        if question not in self._answers:
            self._answers[question] = self._ask(name, record_type)
        answer = self._answers[question]
        if answer is None:
            raise ResolverTrouble(f"{record_type} of {name}")
        return answer

    def _ask(self, name: str, record_type: str) -> tuple[str, ...] | None:
        if self._clock() > self._last_start or len(self._answers) >= MESSAGE_QUERIES:
            return None
        try:
            return self._resolver.lookup(name, record_type)
        except ResolverTrouble:
            return None
