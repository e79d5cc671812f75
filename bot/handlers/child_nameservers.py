"""Nameservers under a client's own domain, whose addresses the registry publishes (glue, RFC 9499)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from bot.handlers.domain_names import own_domains, registered
from core.context import Context
from core.errors import Refusal
from core.forms import Hosts, Text
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import Domain

_ADDRESS = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})(?![\w:]|\.\d)", re.I
)


@intent(
    "glue.set",
    says=(
        "create nameserver {hosts}",
        "create the child nameserver {hosts}",
        "register the nameserver {hosts}",
        "change the address of nameserver {hosts}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("X25",),
)
def set_glue(ctx: Context, hosts: Hosts, text: Text) -> Reply | Proposal:
    """Register a nameserver under your own domain with its addresses, or give it others."""
    domain, host = _host_in(ctx, hosts)
    addresses = _addresses_in(text)
    if not addresses:
        raise Refusal("glue_form", host=host)
    return _proposed(ctx, domain, host, addresses)


@intent(
    "glue.remove",
    says=(
        "remove the nameserver {hosts}",
        "delete the child nameserver {hosts}",
        "delete nameserver {hosts}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("X25",),
)
def remove_glue(ctx: Context, hosts: Hosts, text: Text) -> Reply | Proposal:
    """Take a nameserver under your own domain out of the registry."""
    domain, host = _host_in(ctx, hosts)
    return _proposed(ctx, domain, host, ())


def _proposed(ctx: Context, domain: Domain, host: str, after: Sequence[str]) -> Reply | Proposal:
    before = next((one.addresses for one in ctx.registrar.zones.glue(domain.name) if one.host == host), ())
    if set(before) == set(after):
        return say("glue_same", host=host, addresses=before)
    back = {"hosts": (host,), "text": (" ".join((host, *before)),)}
    return Proposal(
        question=say("glue_question", host=host, before=before, after=after),
        done=say("glue_done", host=host, before=before, after=after),
        act=lambda: ctx.registrar.zones.set_glue(domain.name, host, after),
        facts={"before": " ".join(before)},
        undo=Request("glue.set" if before else "glue.remove", back),
    )


def _host_in(ctx: Context, hosts: Sequence[str]) -> tuple[Domain, str]:
    """The host, and the domain of theirs that it is under. Raises Refusal."""
    mine = {one.name for one in ctx.billing.domains(ctx.who.client_id)}
    under = [(host, name) for host in hosts for name in mine if host.endswith(f".{name}")]
    if not under:
        raise Refusal("glue_form", host="")
    host, name = max(under, key=lambda pair: len(pair[1]))
    domain = own_domains(ctx, "hosts", (name,), several=False)[0]
    registered(ctx, domain)
    return domain, host


def _addresses_in(text: str) -> tuple[str, ...]:
    found = []
    for match in _ADDRESS.finditer(text):
        try:
            found.append(str(ipaddress.ip_address(match[0])))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))
