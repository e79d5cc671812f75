"""Hosts that send for many tenants: what a signature is worth that such a host puts on everything it sends.

A relay that signs with the key of whatever domain stands in From, without looking at who handed the mail over, lets
one tenant prove to be another (CERT VU#244112). So a signature on a mail that came through a relay of
`shared_outbound` counts only when `enforces_sender` names it as well. Received lines are looked at too, because
behind an MTA of our own the peer is always that MTA; that anybody can add one can only make us more careful. A tenant
may also send himself a signed mail and bring it to us from elsewhere: only `shared_selectors` helps against that,
the names under which such relays keep their keys.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.channels.authentication import envelope
from bot.channels.authentication.envelope import IPAddress, IPNetwork
from bot.channels.authentication.fields import RawMail
from bot.channels.authentication.signatures import Signature
from bot.settings import Authentication, SettingsError

_MOST_HOPS = 100
_LONGEST_HOP = 2000
_WRITTEN = re.compile(r"[\[(](?:IPv6:)?([0-9A-Fa-f.:]{2,45})[\])]")


@dataclass(frozen=True, slots=True)
class SharedRelays:
    networks: tuple[IPNetwork, ...]
    enforcing: tuple[IPNetwork, ...]
    """Those that refuse a From that is not one of the tenant's who signed in."""
    selectors: frozenset[str]

    def host(self, peer: IPAddress) -> bool:
        return envelope.within(peer, self.networks)

    def doubt(self, mail: RawMail, peer: IPAddress | None, signed: Iterable[Signature]) -> str:
        """Why no signature on this mail proves the sender; "" when they may. `signed`: those that would."""
        for address in self._passed(mail, peer):
            if not envelope.within(address, self.enforcing):
                return f"it came through {address}, which may sign for anybody (email.authentication.enforces_sender)"
        return next((doubt for doubt in map(self.doubt_of, signed) if doubt), "")

    def doubt_of(self, signature: Signature) -> str:
        selector = signature.text("s").lower()
        if selector not in self.selectors:
            return ""
        return f"selector {selector} is one of a host that may sign for anybody (email.authentication.shared_selectors)"

    def _passed(self, mail: RawMail, peer: IPAddress | None) -> Iterable[IPAddress]:
        """The shared relays that the mail came through, as far as it says so."""
        if not self.networks:
            return
        if peer is not None and self.host(peer):
            yield peer
        for value in mail.values("received")[:_MOST_HOPS]:
            for text in _WRITTEN.findall(value[:_LONGEST_HOP].decode("ascii", "replace")):
                address = envelope.peer_address(text)
                if address is not None and self.host(address):
                    yield address


def shared_relays(settings: Authentication) -> SharedRelays:
    """Raises SettingsError for a network that is none."""
    return SharedRelays(
        _networks("shared_outbound", settings.shared_outbound),
        _networks("enforces_sender", settings.enforces_sender),
        frozenset(selector.lower() for selector in settings.shared_selectors),
    )


def _networks(key: str, texts: tuple[str, ...]) -> tuple[IPNetwork, ...]:
    networks = []
    for index, text in enumerate(texts):
        try:
            networks.append(ipaddress.ip_network(text))
        except ValueError as error:
            raise SettingsError(f"email.authentication.{key}[{index}]: {error}; write it as in 192.0.2.0/24") from None
    return tuple(networks)
