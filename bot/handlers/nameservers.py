"""The nameservers of domains: which they have, and others in their place, of one, of several or of all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.handlers.domain_names import own_domains, registered
from core.context import Context
from core.errors import Refusal, Rejected
from core.forms import DomainNames, Hosts
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import Domain

FEWEST, MOST = 2, 13
NEXT = "/"
"""Between the hosts of one domain and of the next, where an UNDO gives each its own back; no host is called so."""
_HOST = re.compile(r"(?=.{4,253}\Z)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)")


@dataclass(frozen=True, slots=True)
class Move:
    """What would become of the nameservers of one domain."""

    domain: Domain
    before: tuple[str, ...]
    after: tuple[str, ...]


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
        "set the nameservers of {domains}",
        "change the nameservers of {domains}",
        "change nameservers",
        "new name servers for {domains}",
        "point {domains} to",
        "use these nameservers for {domains}",
        "update the dns servers of {domains}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("F74", "X31"),
)
def set_nameservers(ctx: Context, hosts: Hosts, domains: DomainNames | None = None) -> Reply | Proposal:
    """Give a domain, or several at once, other nameservers; the old ones are kept for UNDO."""
    return _proposed(ctx, own_domains(ctx, "domains", tuple(domains or ())), hosts)


@intent(
    "domains.nameservers_set_all",
    says=(
        "use {hosts} for all my domains",
        "set the nameservers of all my domains to {hosts}",
        "change the nameservers of all domains to {hosts}",
        "point all my domains to {hosts}",
        "use these nameservers for all my domains",
        "set {hosts} for all my domains",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("X31",),
)
def set_nameservers_of_all(ctx: Context, hosts: Hosts) -> Reply | Proposal:
    """Give all your domains the same nameservers, with one confirmation."""
    held = [domain for domain in ctx.billing.domains(ctx.who.client_id) if domain.held]
    if not held:
        return say("domains_nameservers_none")
    return _proposed(ctx, held, hosts)


def _proposed(ctx: Context, domains: Sequence[Domain], hosts: Sequence[str]) -> Reply | Proposal:
    wanted = _each_its_own(domains, hosts)
    moves = [
        Move(domain, registered(ctx, domain).nameservers, _usable(ctx, domain, after))
        for domain, after in zip(domains, wanted, strict=True)
    ]
    if all(move.after == move.before for move in moves):
        return say("domain_nameservers_same", moves=moves)
    return _one(ctx, moves[0]) if len(moves) == 1 else _several(ctx, moves)


def _one(ctx: Context, move: Move) -> Proposal:
    domain, before, after = move.domain, move.before, move.after
    return Proposal(
        question=say("domain_nameservers_question", domain=domain, before=before, after=after),
        done=say("domain_nameservers_done", domain=domain, before=before, after=after),
        act=lambda: ctx.registrar.set_nameservers(domain.name, after),
        facts={"before": " ".join(before)},
        undo=_back([move]),
    )


def _several(ctx: Context, moves: Sequence[Move]) -> Proposal:
    refused: dict[str, str] = {}
    return Proposal(
        question=say("domains_nameservers_question", moves=moves),
        done=say("domains_nameservers_done", moves=moves, refused=refused),
        act=lambda: _each(ctx, moves, refused),
        facts={move.domain.name: " ".join(move.before) for move in moves},
        undo=_back(moves),
    )


def _each(ctx: Context, moves: Sequence[Move], refused: dict[str, str]) -> None:
    """One that is refused does not keep the others from it; `refused` is why, by name."""
    for move in moves:
        if move.after == move.before:
            continue
        try:
            ctx.registrar.set_nameservers(move.domain.name, move.after)
        except Rejected as rejected:
            refused[move.domain.name] = str(rejected)


def _back(moves: Sequence[Move]) -> Request | None:
    """None where some of them had fewer than a registry takes: those can't be given back."""
    moved = [move for move in moves if move.after != move.before]
    if any(len(move.before) < FEWEST for move in moved):
        return None
    hosts = [host for move in moved for host in (NEXT, *move.before)][1:]
    names = tuple(move.domain.name for move in moved)
    return Request("domain.nameservers_set", {"domains": names, "hosts": tuple(hosts)})


def _each_its_own(domains: Sequence[Domain], hosts: Sequence[str]) -> list[Sequence[str]]:
    """The hosts for each of the domains: the same for all, unless there are as many groups as domains."""
    groups: list[list[str]] = [[]]
    for host in hosts:
        if host == NEXT:
            groups.append([])
        else:
            groups[-1].append(host)
    return list(groups) if len(groups) == len(domains) else [groups[0]] * len(domains)


def _usable(ctx: Context, domain: Domain, hosts: Sequence[str]) -> tuple[str, ...]:
    """Raises Refusal, also for hosts under the domain itself whose addresses the registry does not have."""
    after = tuple(dict.fromkeys(host.lower().rstrip(".") for host in hosts))
    wrong = [host for host in after if not _HOST.fullmatch(host)]
    if wrong:
        raise Refusal("domain_nameservers_wrong", domain=domain, wrong=wrong, number=len(after))
    if not FEWEST <= len(after) <= MOST:
        raise Refusal("domain_nameservers_wrong", domain=domain, wrong=(), number=len(after))
    inside = [host for host in after if host.endswith(f".{domain.name}") and host not in domain.nameservers]
    if inside:
        known = {glue.host for glue in ctx.registrar.zones.glue(domain.name)}
        if missing := [host for host in inside if host not in known]:
            raise Refusal("domain_nameservers_glue", domain=domain, missing=missing)
    return after
