"""The nameservers of a domain: which it has, and others in their place."""

from __future__ import annotations

import re

from bot.handlers.domain_names import registered
from core.context import Context
from core.errors import Refusal, Unsupported
from core.forms import Hosts
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import Domain

FEWEST, MOST = 2, 13
_HOST = re.compile(r"(?=.{4,253}\Z)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)")


@intent(
    "domain.nameservers_show",
    says=(
        "nameservers of {domain}",
        "which nameservers does {domain} have",
        "which dns servers does {domain} use",
        "name servers of {domain}",
    ),
    risk=Risk.READ,
    permission=Permission.DOMAINS,
    rows=("F74",),
)
def show_nameservers(ctx: Context, domain: Domain) -> Reply:
    """Which nameservers a domain has."""
    registration = registered(ctx, domain)
    return say("domain_nameservers", domain=domain, hosts=registration.nameservers or domain.nameservers)


@intent(
    "domain.nameservers_set",
    says=(
        "set the nameservers of {domain}",
        "change the nameservers of {domain}",
        "change nameservers",
        "new name servers for {domain}",
        "point {domain} to",
        "use these nameservers for {domain}",
        "update the dns servers of {domain}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("F74",),
)
def set_nameservers(ctx: Context, domain: Domain, hosts: Hosts) -> Reply | Proposal:
    """Give a domain other nameservers; the old ones are kept for UNDO."""
    before = registered(ctx, domain).nameservers
    after = _usable(domain, hosts)
    if after == before:
        return say("domain_nameservers_same", domain=domain, hosts=before)
    back = Request("domain.nameservers_set", {"domain": (domain.name,), "hosts": before})
    return Proposal(
        question=say("domain_nameservers_question", domain=domain, before=before, after=after),
        done=say("domain_nameservers_done", domain=domain, before=before, after=after),
        act=lambda: ctx.registrar.set_nameservers(domain.name, after),
        facts={"before": " ".join(before)},
        undo=back if len(before) >= FEWEST else None,
    )


def _usable(domain: Domain, hosts: Hosts) -> tuple[str, ...]:
    """Raises Refusal; Unsupported for hosts under the domain itself, which the registry needs an address of."""
    after = tuple(dict.fromkeys(host.lower().rstrip(".") for host in hosts))
    wrong = [host for host in after if not _HOST.fullmatch(host)]
    if wrong:
        raise Refusal("domain_nameservers_wrong", domain=domain, wrong=wrong, number=len(after))
    if not FEWEST <= len(after) <= MOST:
        raise Refusal("domain_nameservers_wrong", domain=domain, wrong=(), number=len(after))
    glue = [host for host in after if host.endswith(f".{domain.name}") and host not in domain.nameservers]
    if glue:
        raise Unsupported(
            f"nameservers under the domain itself need their addresses at the registry: {', '.join(glue)}"
        )
    return after
