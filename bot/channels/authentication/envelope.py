"""SPF: whether the domain of the envelope sender lets this peer send for it (RFC 7208), by pyspf."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

import spf

from bot.channels.authentication import domains
from bot.channels.resolver import Resolver, ResolverTrouble

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
_PLAIN_LOCAL_PART = re.compile(r"[A-Za-z0-9._+=-]{1,64}")
# Relays of one's own; documentation networks are left out because examples and tests use them as public ones.
_INSIDE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip
_SAID = {
    "fail": "SPF: {peer} may not send for {domain}",
    "softfail": "SPF: {peer} should not send for {domain} (softfail)",
    "neutral": "SPF: {domain} says neither yes nor no to {peer}",
    "none": "SPF: {domain} has no SPF record",
    "permerror": "SPF: the record of {domain} is broken",
    "temperror": "SPF: the record of {domain} could not be looked up",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    passed: bool
    reason: str
    trouble: bool = False


class _Query(spf.query):  # type: ignore[misc]
    """pyspf with our resolver: its only seam for DNS is this method, the counting of its own version is kept."""

    def __init__(self, resolver: Resolver, peer: str, sender: str, helo: str) -> None:
        super().__init__(i=peer, s=sender, h=helo, strict=True)
        self._lookup = resolver.lookup

    def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
        try:
            answers = self._lookup(name, qtype)
        except ResolverTrouble as error:
            raise spf.TempError(str(error)) from error
        if not answers and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError(f"Void lookup limit of {spf.MAX_VOID_LOOKUPS} exceeded")
        return [_as_pyspf_wants(qtype, answer) for answer in answers]


def _as_pyspf_wants(record_type: str, answer: str) -> Any:
    if record_type in ("TXT", "SPF"):
        return (answer.encode("utf-8", "replace"),)
    if record_type == "MX":
        preference, _, host = answer.partition(" ")
        return (int(preference), host)
    return answer


def peer_address(peer: str) -> IPAddress | None:
    """None for a pipe, a socket file or nothing; an IPv4 address in IPv6 clothing is unwrapped."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def inside(address: IPAddress) -> bool:
    return within(address, _INSIDE)


def within(address: IPAddress, networks: tuple[IPNetwork, ...]) -> bool:
    return any(address in network for network in networks)


def check(resolver: Resolver, peer: IPAddress, mail_from: str, helo: str, domain: str) -> Envelope:
    """`domain` is that of MAIL FROM, or of HELO for the null sender (then `mail_from` is "")."""
    local = mail_from.rpartition("@")[0] if mail_from else "postmaster"
    local = local if _PLAIN_LOCAL_PART.fullmatch(local) else "postmaster"
    query = _Query(resolver, str(peer), f"{local}@{domain}", domains.normal(helo) or "unknown.invalid")
    try:
        result, _, _ = query.check()
    except Exception:  # records are strangers' texts, and pyspf meets some of them with plain errors
        result = "permerror"
    if result != "pass":
        reason = _SAID.get(result, _SAID["permerror"]).format(peer=peer, domain=domain)
        return Envelope(False, reason, trouble=result == "temperror")
    if _everybody(query.mechanism or ""):
        return Envelope(False, f"SPF: {domain} lets the whole world send, which proves nothing")
    return Envelope(True, f"SPF: {peer} may send for {domain}")


def _everybody(mechanism: str) -> bool:
    return mechanism.lstrip("+").lower() == "all" or re.search(r"/0+\Z", mechanism) is not None
