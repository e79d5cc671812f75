"""What stands in the DNS about a domain: its records, and what the registry publishes for it.

A provider's own name servers, a DNS provider and a registrar each know a part of it: what nobody here can do raises
`Unsupported`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a zone, one value each. `name` is below the domain, "@" for the domain itself."""

    name: str
    type: str
    """A, AAAA, CNAME, MX, TXT, SRV or CAA."""
    value: str
    """As in a zone file without its priority: host names in full without the last full stop, a text without quotes."""
    priority: int | None = None
    """Of MX and SRV."""
    ttl: int = 3600


@dataclass(frozen=True, slots=True)
class Zone:
    """`nameservers` are those that serve it: where a domain has others, its records here count for nothing."""

    records: tuple[Record, ...]
    nameservers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DelegationSigner:
    """A DS record at the registry (RFC 4034, section 5.1); the digest is hexadecimal, in capitals."""

    key_tag: int
    algorithm: int
    digest_type: int
    digest: str


@dataclass(frozen=True, slots=True)
class GlueHost:
    """A name server under the domain itself, and the addresses of it that the registry publishes."""

    host: str
    addresses: tuple[str, ...]


class Zones(Protocol):
    """The DNS side of the domains held here. Each act raises Rejected for a domain that is not, having changed nothing.

    Doing any of them twice is doing it once.
    """

    def zone(self, domain: str) -> Zone:
        """The zone as it is served now, in the order of its names."""

    def change_records(self, domain: str, *, add: Sequence[Record], remove: Sequence[Record]) -> None:
        """All of it or nothing; `remove` goes by name, type and value. Raises Rejected for what a zone can't hold."""

    def signers(self, domain: str) -> Sequence[DelegationSigner]:
        """The DS records that the registry publishes."""

    def set_signers(self, domain: str, signers: Sequence[DelegationSigner]) -> None:
        """All of them; none switches DNSSEC off."""

    def glue(self, domain: str) -> Sequence[GlueHost]:
        """The name servers under the domain that are known to the registry."""

    def set_glue(self, domain: str, host: str, addresses: Sequence[str]) -> None:
        """Replaces its addresses; none removes it, which is Rejected while the domain uses it."""
