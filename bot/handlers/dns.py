"""The DNS records of a domain: which there are, new ones, and away with them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.handlers.domain_names import own_domains, registered
from bot.handlers.zone_texts import matching, named_in, records_in, written
from core.context import Context
from core.errors import Refusal
from core.forms import DomainNames, Text
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import Domain, Record


@intent(
    "dns.show",
    says=(
        "dns records of {domains}",
        "show the dns records of {domains}",
        "show the dns zone of {domains}",
        "which dns records does {domains} have",
        "mx records of {domains}",
        "dns entries of {domains}",
    ),
    risk=Risk.READ,
    permission=Permission.DOMAINS,
    rows=("X23",),
)
def show_records(ctx: Context, domains: DomainNames | None = None) -> Reply:
    """The DNS records of a domain."""
    domain = zone_of(ctx, domains or ())
    hosts = registered(ctx, domain).nameservers
    zone = ctx.registrar.zones.zone(domain.name)
    elsewhere = () if set(hosts) & set(zone.nameservers) else hosts
    return say("dns_records", domain=domain, records=zone.records, elsewhere=elsewhere)


@intent(
    "dns.add",
    says=(
        "add this dns record to {domains}",
        "add txt to {domains}",
        "add a txt record to {domains}",
        "add an mx record to {domains}",
        "add mx to {domains}",
        "add cname to {domains}",
        "add an a record for {domains}",
        "add a cname record for {domains}",
        "add an aaaa record for {domains}",
        "new dns record for {domains}",
        "create a dns record for {domains}",
        "a-eintrag für {domains}",
        "setzt einen a-eintrag für {domains}",
        "point an a record of {domains}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("X23",),
)
def add_records(ctx: Context, text: Text, domains: DomainNames | None = None) -> Reply | Proposal:
    """Add records to the DNS zone of a domain."""
    domain = zone_of(ctx, domains or ())
    zone = _served(ctx, domain)
    wanted = records_in(text, domain.name)
    if not wanted:
        raise Refusal("dns_record_unread", domain=domain, records=zone, adding=True)
    new = [record for record in dict.fromkeys(wanted) if not matching([record], zone)]
    if not new:
        return say("dns_same", domain=domain, records=wanted, there=True)
    return _change(ctx, domain, zone, add=new, remove=())


@intent(
    "dns.remove",
    says=(
        "remove the dns record from {domains}",
        "delete the dns record of {domains}",
        "remove the txt record of {domains}",
        "remove the mx record of {domains}",
        "remove the a record of {domains}",
        "delete the a record {domains}",
        "delete the cname record of {domains}",
        "remove the aaaa record of {domains}",
        "delete the txt record from {domains}",
        "remove txt from {domains}",
        "remove the txt from {domains}",
        "delete the mx record from {domains}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("X23",),
)
def remove_records(ctx: Context, text: Text, domains: DomainNames | None = None) -> Reply | Proposal:
    """Take records out of the DNS zone of a domain."""
    domain = zone_of(ctx, domains or ())
    zone = _served(ctx, domain)
    wanted = records_in(text, domain.name)
    gone = matching(wanted, zone) if wanted else named_in(text, domain.name, zone)
    if wanted and not gone:
        return say("dns_same", domain=domain, records=wanted, there=False)
    if not gone:
        raise Refusal("dns_record_unread", domain=domain, records=zone, adding=False)
    return _change(ctx, domain, zone, add=(), remove=gone)


def zone_of(ctx: Context, names: Sequence[str]) -> Domain:
    """The one domain of theirs that these names are, or are below; a target elsewhere may be among them.

    Raises Missing.
    """
    mine = {one.name for one in ctx.billing.domains(ctx.who.client_id)}
    under = [max((one for one in mine if f".{name}".endswith(f".{one}")), key=len, default="") for name in names]
    found = tuple(dict.fromkeys(filter(None, under)))
    named = found if len(found) == 1 else () if found else tuple(names)[:1]
    return own_domains(ctx, "domains", named, several=False)[0]


def _served(ctx: Context, domain: Domain) -> tuple[Record, ...]:
    """The zone as it is. Raises Refusal where the domain's nameservers are not those that serve it."""
    hosts = registered(ctx, domain).nameservers
    zone = ctx.registrar.zones.zone(domain.name)
    if not set(hosts) & set(zone.nameservers):
        raise Refusal("dns_elsewhere", domain=domain, hosts=hosts)
    return zone.records


def _change(
    ctx: Context, domain: Domain, zone: Sequence[Record], *, add: Sequence[Record], remove: Sequence[Record]
) -> Proposal:
    lines = tuple(written(record) for record in (*add, *remove))
    back = Request("dns.remove" if add else "dns.add", {"domains": (domain.name,), "text": ("\n".join(lines),)})
    kept = [record for record in zone if record not in remove and any(_beside(record, one) for one in (*add, *remove))]
    said = {"domain": domain, "add": add, "remove": remove, "kept": kept}
    return Proposal(
        question=say("dns_question", **said),
        done=say("dns_done", **said),
        act=lambda: ctx.registrar.zones.change_records(domain.name, add=add, remove=remove),
        facts={"zone": "\n".join(written(record) for record in zone)},
        undo=back,
    )


def _beside(record: Record, other: Record) -> bool:
    return (record.name, record.type) == (other.name, other.type)
