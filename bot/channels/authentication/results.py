"""Authentication-Results of servers that the operator trusts (RFC 8601): what they found out before us.

Anybody can write this field. It is believed when the mail was handed to us by that server (or fetched from a mailbox
behind it), when its name is one of the configured ones as a whole token, and when it stands above the first Received
that another system wrote. Of each server only its topmost field counts: one that the sender brought along stands
below it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import authres

from bot.channels.authentication import domains
from bot.channels.authentication.envelope import IPAddress
from bot.channels.authentication.fields import RawMail
from bot.channels.resolver import Resolver

_LONGEST_FIELD = 4096
_AUTHSERV_ID = re.compile(r"\s*([^\s;()\"]+)")
_BY = re.compile(r"(?:\A|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_FROM = re.compile(r"\s*from\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one field says about the domain of the sender; a result without its wanted property is not there."""

    server: str
    dmarc: bool = False
    dkim: bool = False
    spf: bool = False
    refused: bool = False
    """It says that DMARC failed, so nothing else in it counts."""


def verdicts(mail: RawMail, servers: Sequence[str], domain: str, policy: domains.Policy) -> list[Verdict]:
    """One for each trusted server that left a field where only it can write."""
    trusted = {server_name(server) for server in servers}
    found: dict[str, Verdict] = {}
    for field in mail.fields:
        text = field.value.decode("ascii", "replace")
        if field.name == "received" and _foreign(text, trusted):
            break
        if field.name == "authentication-results":
            server = _server(text)
            if server in trusted and server not in found:
                found[server] = read(text, domain, policy)
    return list(found.values())


def _server(text: str) -> str:
    """The first token, to its end; "" for a comment or a quoted name."""
    match = _AUTHSERV_ID.match(text)
    return server_name(match[1]) if match else ""


def server_name(authserv_id: str) -> str:
    return authserv_id.strip().lower().removesuffix(".")


def handed_over_by(server: str, peer: IPAddress | None, resolver: Resolver) -> bool:
    """Whether the mail came to us over this machine, a mailbox, a pipe, or from an address of that server.

    Otherwise anybody who can reach our port could claim to be that server. Raises ResolverTrouble.
    """
    if peer is None or peer.is_loopback:
        return True
    return str(peer) in resolver.lookup(server, "A" if peer.version == 4 else "AAAA")


def _foreign(received: str, trusted: set[str]) -> bool:
    """Written by none of the trusted servers, nor by a neighbour in their domain, nor inside their mailbox system."""
    match = _BY.search(received)
    host = server_name(match[1]) if match else ""
    if host in trusted:
        return False
    if not _FROM.match(received) and _internal(host):
        return False
    name = domains.normal(host)
    return not any(domains.aligned(name, domains.normal(server), strict=False) for server in trusted)


def _internal(host: str) -> bool:
    """A private address, as large mailbox providers write for a hop inside (2002:a05:… is 10.5.… in IPv6)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return (getattr(address, "sixtofour", None) or address).is_private


def read(text: str, domain: str, policy: domains.Policy) -> Verdict:
    """`text` is the unfolded value. A field that can't be read says nothing, under the name of its server."""
    server = _server(text)
    if not server or len(text) > _LONGEST_FIELD:
        return Verdict(server)
    rest = _AUTHSERV_ID.sub("", text, count=1)
    try:
        parsed = authres.AuthenticationResultsHeader.parse_value(server + rest)
    except Exception:  # the parser has errors of its own beside the documented ones
        return Verdict(server)
    if server_name(parsed.authserv_id) != server:
        return Verdict(server)
    return _verdict(server, parsed.results, domain, policy)


def _verdict(server: str, results: list[Any], domain: str, policy: domains.Policy) -> Verdict:
    dmarc = [result for result in results if result.method == "dmarc"]
    about_domain = [result for result in dmarc if domains.normal(_property(result, "header", "from")) == domain]
    if len(dmarc) > 1 or any(result.result == "fail" for result in dmarc):
        return Verdict(server, refused=True)
    return Verdict(
        server,
        dmarc=any(result.result == "pass" for result in about_domain),
        dkim=any(
            domains.aligned(domains.normal(_property(result, "header", "d")), domain, strict=policy.strict_dkim)
            for result in results
            if result.method == "dkim" and result.result == "pass"
        ),
        spf=any(
            domains.aligned(domains.of_address(_property(result, "smtp", "mailfrom")), domain, strict=policy.strict_spf)
            for result in results
            if result.method == "spf" and result.result == "pass"
        ),
    )


def _property(result: Any, kind: str, name: str) -> str:
    """The value of a property that is there exactly once; "" otherwise."""
    values = [p.value for p in result.properties if p.type.lower() == kind and p.name.lower() == name]
    return values[0] if len(values) == 1 else ""
