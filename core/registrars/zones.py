"""The DNS of the embedded client area: zones, DS records and glue, as a provider would keep them.

A zone that nobody has changed is the usual one of a hosting: website and mail on the server of the service that has
the domain's name. Rows hang on the domain's name, not on its holder: a zone stays when the records around it are
imported anew.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.backends.local import tables
from core.database import Sessions
from core.errors import Rejected
from core.ports import DelegationSigner, GlueHost, Record, Zone

TYPES = ("A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA")
MOST_RECORDS = 500
MOST_SIGNERS = 6
_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_NAME = re.compile(rf"@|(?:\*|{_LABEL})(?:\.{_LABEL})*")
_HOST = re.compile(rf"(?=.{{4,253}}\Z)(?:{_LABEL}\.)+{_LABEL}")


@dataclass(frozen=True, slots=True)
class LocalZones:
    sessions: Sessions

    def zone(self, domain: str) -> Zone:
        with self.sessions() as session:
            row = _held(session, domain)
            return Zone(_records(session, row), _own_nameservers(session))

    def change_records(self, domain: str, *, add: Sequence[Record], remove: Sequence[Record]) -> None:
        gone = {_key(record) for record in remove}
        with self.sessions.begin() as session:
            row = _held(session, domain)
            kept = [record for record in _records(session, row) if _key(record) not in gone]
            known = {_key(record) for record in kept}
            zone = [*kept, *(record for record in dict.fromkeys(add) if _key(record) not in known)]
            _insist_on_sound(zone)
            _row(session, row.name).records = [asdict(record) for record in sorted(zone, key=_order)]

    def signers(self, domain: str) -> Sequence[DelegationSigner]:
        with self.sessions() as session:
            row = session.get(tables.Zone, _held(session, domain).name)
            return tuple(DelegationSigner(**entry) for entry in row.signers) if row else ()

    def set_signers(self, domain: str, signers: Sequence[DelegationSigner]) -> None:
        if len(set(signers)) > MOST_SIGNERS:
            raise Rejected(f"the registry takes {MOST_SIGNERS} DS records at most")
        with self.sessions.begin() as session:
            name = _held(session, domain).name
            _row(session, name).signers = [asdict(signer) for signer in dict.fromkeys(signers)]

    def glue(self, domain: str) -> Sequence[GlueHost]:
        with self.sessions() as session:
            row = session.get(tables.Zone, _held(session, domain).name)
            return tuple(GlueHost(host, tuple(row.glue[host])) for host in sorted(row.glue)) if row else ()

    def set_glue(self, domain: str, host: str, addresses: Sequence[str]) -> None:
        host = host.lower().rstrip(".")
        with self.sessions.begin() as session:
            held = _held(session, domain)
            if not host.endswith(f".{held.name}") or not _HOST.fullmatch(host):
                raise Rejected(f"{host} is no host under {held.name}")
            if not addresses and host in held.nameservers:
                raise Rejected(f"{held.name} uses {host} as its name server")
            row = _row(session, held.name)
            others = {name: known for name, known in row.glue.items() if name != host}
            row.glue = {**others, host: [_address(one) for one in addresses]} if addresses else others


def _held(session: Session, domain: str) -> tables.Domain:
    name = domain.lower().rstrip(".")
    held = select(tables.Domain).where(tables.Domain.name == name, tables.Domain.status.in_(tables.HELD_STATUSES))
    row = session.scalars(held).one_or_none()
    if row is None:
        raise Rejected(f"{name} is not registered with us")
    return row


def _row(session: Session, name: str) -> tables.Zone:
    row = session.get(tables.Zone, name)
    if row is None:
        row = tables.Zone(domain=name, records=None, signers=[], glue={})
        session.add(row)
    return row


def _records(session: Session, held: tables.Domain) -> tuple[Record, ...]:
    row = session.get(tables.Zone, held.name)
    if row is not None and row.records is not None:
        return tuple(Record(**entry) for entry in row.records)
    return tuple(sorted(_usual(session, held), key=_order))


def _usual(session: Session, held: tables.Domain) -> list[Record]:
    """Website and mail on the server of the hosting; nothing where there is none."""
    query = (
        select(tables.Server)
        .join(tables.Service, tables.Service.server_id == tables.Server.id)
        .where(tables.Service.client_id == held.client_id, tables.Service.domain == held.name)
        .order_by(tables.Service.id)
    )
    server = session.scalars(query.limit(1)).first()
    if server is None or not server.ip_address:
        return []
    kind = "AAAA" if ":" in server.ip_address else "A"
    return [
        Record("@", kind, server.ip_address),
        Record("www", kind, server.ip_address),
        Record("@", "MX", server.hostname, priority=10),
        Record("@", "TXT", "v=spf1 a mx -all"),
    ]


def _own_nameservers(session: Session) -> tuple[str, ...]:
    servers = session.scalars(select(tables.Server).order_by(tables.Server.id))
    return tuple(dict.fromkeys(host for server in servers for host in server.nameservers))


def _key(record: Record) -> tuple[Any, ...]:
    value = record.value if record.type == "TXT" else record.value.lower()
    return record.name.lower(), record.type, value


def _order(record: Record) -> tuple[Any, ...]:
    return record.name != "@", record.name, record.type, record.priority or 0, record.value


def _insist_on_sound(zone: Sequence[Record]) -> None:
    """What a zone can't hold. Raises Rejected."""
    if len(zone) > MOST_RECORDS:
        raise Rejected(f"a zone has {MOST_RECORDS} records at most")
    for record in zone:
        if record.type not in TYPES or not _NAME.fullmatch(record.name):
            raise Rejected(f"{record.name} {record.type} is no record that is kept here")
        _insist_on_value(record)
    for alias in (record for record in zone if record.type == "CNAME"):
        if alias.name == "@":
            raise Rejected("the domain itself can't be a CNAME (RFC 1034, section 3.6.2)")
        if sum(record.name == alias.name for record in zone) > 1:
            raise Rejected(f"{alias.name} is a CNAME, which allows no other record of that name")


def _insist_on_value(record: Record) -> None:
    if record.type in ("A", "AAAA"):
        if ipaddress.ip_address(_address(record.value)).version != (4 if record.type == "A" else 6):
            raise Rejected(f"{record.value} is no address for a record of type {record.type}")
    elif record.type in ("CNAME", "MX") and not _HOST.fullmatch(record.value.lower()):
        raise Rejected(f"{record.value} is not the name of a host")
    elif not 0 < len(record.value) <= 2048:
        raise Rejected("a text has 1 to 2048 characters")


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise Rejected(f"{text} is not an IP address") from None
