"""Domain names: one spelling, the organisation behind it, and what its DMARC record asks for (RFC 7489)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import idna
import tldextract

from bot.channels.resolver import Resolver, ResolverTrouble

# The list that comes with the library: no network, no cache on disk. Private suffixes count, so that two customers of
# one web host are two organisations.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)


def normal(domain: str) -> str:
    """Lower-case A-labels without the final dot; "" for what is no host name of at least two labels.

    Strict IDNA 2008 without compatibility mapping: a full-width "ｂakery.test" is not bakery.test.
    """
    name = domain[:-1] if domain.endswith(".") else domain
    if not name.isascii():
        try:
            # Label by label: the library itself would take other full stops ("。") for dots.
            name = ".".join(idna.alabel(label).decode("ascii") for label in name.split("."))
        except (idna.IDNAError, UnicodeError, ValueError):
            return ""
    name = name.lower()
    return name if _NAME.fullmatch(name) else ""


def of_address(address: str) -> str:
    return normal(address.rpartition("@")[2])


def organisational(domain: str) -> str:
    """The registered domain of a normal name; the last two labels where the suffix is unknown (.test, .example).

    A name that is itself a public suffix is its own organisation.
    """
    parts = _suffixes(domain)
    if not parts.suffix:
        return ".".join(domain.split(".")[-2:])
    return f"{parts.domain}.{parts.suffix}" if parts.domain else domain


def aligned(one: str, other: str, *, strict: bool) -> bool:
    if not one or not other:
        return False
    return one == other or (not strict and organisational(one) == organisational(other))


@dataclass(frozen=True, slots=True)
class Policy:
    """What a domain asks of those who get mail in its name."""

    strict_dkim: bool = False
    strict_spf: bool = False
    disowns: str = ""
    """"reject" or "quarantine": what it wants done with mail that it does not vouch for."""
    trouble: bool = False
    """The record could not be looked up; then the strict reading is taken, which can only be too careful."""


def policy(domain: str, resolver: Resolver) -> Policy:
    """The DMARC record of a domain, else of its organisation (then `sp` counts), else the relaxed default."""
    organisation = organisational(domain)
    try:
        tags = _record(domain, resolver)
        if tags is None and organisation != domain:
            tags = _record(organisation, resolver)
            if tags is not None and "sp" in tags:
                tags["p"] = tags["sp"]
    except ResolverTrouble:
        return Policy(strict_dkim=True, strict_spf=True, trouble=True)
    tags = tags or {}
    wanted = tags.get("p", "")
    disowns = wanted if wanted in ("reject", "quarantine") else ""
    return Policy(tags.get("adkim") == "s", tags.get("aspf") == "s", disowns)


def _record(domain: str, resolver: Resolver) -> dict[str, str] | None:
    records = [
        text for text in resolver.lookup(f"_dmarc.{domain}", "TXT") if re.match(r"v\s*=\s*DMARC1\s*(;|\Z)", text)
    ]
    if len(records) != 1:
        return None
    pairs = (part.partition("=") for part in records[0].split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
