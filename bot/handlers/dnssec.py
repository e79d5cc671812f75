"""DNSSEC: the DS records that the registry publishes for a domain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.handlers.domain_names import registered
from core.context import Context
from core.errors import Refusal
from core.forms import Text
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import DelegationSigner, Domain

ALGORITHMS = frozenset({8, 10, 13, 14, 15, 16})
"""That a zone may be signed with (RFC 8624, section 3.1); those with SHA-1, DSA, MD5 and GOST are left out."""
DIGEST_LENGTHS = {2: 64, 4: 96}
"""Hexadecimal digits of SHA-256 and SHA-384, which a delegation may use (RFC 8624, section 3.3)."""
_DS = re.compile(r"(?<![\w.])(\d{1,5})\s+(\d{1,3})\s+(\d{1,3})\s+((?:[0-9a-f]{2,128}[ \t]*)+)(?![\w])", re.IGNORECASE)
_LABELLED = re.compile(
    r"key[ -]?tag\W{0,10}(?P<tag>\d{1,5})\b.{0,80}?algorithm\D{0,40}(?P<algorithm>\d{1,3})\b.{0,80}?"
    r"digest[ -]?type\D{0,40}(?P<type>\d)\b.{0,80}?digest\W{1,10}(?P<digest>[0-9a-f]{2,128})\b",
    re.IGNORECASE | re.DOTALL,
)


@intent(
    "dnssec.show",
    says=(
        "ds records of {domain}",
        "is dnssec on for {domain}",
        "dnssec status of {domain}",
        "show dnssec of {domain}",
    ),
    risk=Risk.READ,
    permission=Permission.DOMAINS,
    rows=("X26",),
)
def show_signers(ctx: Context, domain: Domain) -> Reply:
    """Whether DNSSEC is on for a domain, and its DS records."""
    registered(ctx, domain)
    return say("dnssec", domain=domain, signers=ctx.registrar.zones.signers(domain.name))


@intent(
    "dnssec.add",
    says=(
        "add this ds record to {domain}",
        "here is my ds record for {domain}",
        "new ds record for {domain}",
        "set the ds record of {domain}",
        "switch dnssec on for {domain}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("X26",),
)
def add_signers(ctx: Context, domain: Domain, text: Text) -> Reply | Proposal:
    """Publish a DS record of a domain, which switches DNSSEC on."""
    registered(ctx, domain)
    before = tuple(ctx.registrar.zones.signers(domain.name))
    wanted = tuple(signers_in(text))
    wrong = next((why for one in wanted if (why := _wrong(one))), "")
    if wrong or not wanted:
        raise Refusal("dnssec_form", domain=domain, wrong=wrong)
    return _proposed(ctx, domain, before, tuple(dict.fromkeys((*before, *wanted))))


@intent(
    "dnssec.remove",
    says=(
        "remove the ds record of {domain}",
        "delete the ds records of {domain}",
        "switch dnssec off for {domain}",
        "turn dnssec off for {domain}",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.MANAGE_DOMAINS,
    rows=("X26",),
)
def remove_signers(ctx: Context, domain: Domain, text: Text) -> Reply | Proposal:
    """Take DS records of a domain away: those that you write, or all, which switches DNSSEC off."""
    registered(ctx, domain)
    before = tuple(ctx.registrar.zones.signers(domain.name))
    gone = tuple(signers_in(text)) or before
    return _proposed(ctx, domain, before, tuple(one for one in before if one not in gone))


def _proposed(
    ctx: Context, domain: Domain, before: Sequence[DelegationSigner], after: Sequence[DelegationSigner]
) -> Reply | Proposal:
    if set(before) == set(after):
        return say("dnssec", domain=domain, signers=before)
    add, remove = [one for one in after if one not in before], [one for one in before if one not in after]
    said = {"domain": domain, "add": add, "remove": remove, "off": not after}
    lines = "\n".join(written(one) for one in (*add, *remove))
    return Proposal(
        question=say("dnssec_question", **said),
        done=say("dnssec_done", **said),
        act=lambda: ctx.registrar.zones.set_signers(domain.name, after),
        facts={"before": "\n".join(written(one) for one in before)},
        undo=Request("dnssec.remove" if add else "dnssec.add", {"domain": (domain.name,), "text": (lines,)}),
    )


def signers_in(text: str) -> Iterator[DelegationSigner]:
    """DS records in their presentation format (RFC 4034, section 5.3), or by labels; a digest may have spaces."""
    for found in _DS.finditer(text):
        digest = re.sub(r"\s", "", found[4]).upper()
        yield DelegationSigner(int(found[1]), int(found[2]), int(found[3]), digest)
    if not _DS.search(text) and (labelled := _LABELLED.search(text)):
        tag, algorithm, kind = (int(labelled[name]) for name in ("tag", "algorithm", "type"))
        yield DelegationSigner(tag, algorithm, kind, labelled["digest"].upper())


def written(signer: DelegationSigner) -> str:
    return f"{signer.key_tag} {signer.algorithm} {signer.digest_type} {signer.digest}"


def _wrong(signer: DelegationSigner) -> str:
    """What is wrong with it: tag, algorithm, type or digest; "" when it can be published."""
    if not 0 <= signer.key_tag <= 65535:
        return "tag"
    if signer.algorithm not in ALGORITHMS:
        return "algorithm"
    if signer.digest_type not in DIGEST_LENGTHS:
        return "type"
    return "" if len(signer.digest) == DIGEST_LENGTHS[signer.digest_type] else "digest"
