"""The one function that says whether the domain of a sender's address vouches for a mail.

It asks in the order of price: the header's own soundness, SMTP AUTH, then DKIM, SPF, ARC and the findings of trusted
servers. The first good answer is enough; without one, every answer is told to the staff. What it says is about the
domain: that nobody else in that domain wrote the mail is more than any of these can prove.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.channels.authentication import arc, domains, envelope, fields, relays, results, signatures
from bot.channels.authentication.bodies import Body
from bot.channels.authentication.keys import DoesNotCount
from bot.channels.authentication.signatures import Signature
from bot.channels.resolver import OneMessage, Resolver, ResolverTrouble
from bot.settings import Authentication
from core.people import Proof

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """How a mail came to us. `peer` is the client's IP address, "" for a mailbox, a pipe or a socket file."""

    peer: str
    helo: str
    mail_from: str
    """"" for the null sender of bounces, and when there was no envelope (then helo is "" as well)."""
    auth_user: str = ""
    """The address that was signed in with by SMTP AUTH at our own listener."""
    host: str = ""
    """The IMAP server it was fetched from."""


@dataclass(slots=True)
class _Case:
    """One mail under examination, and what was found out about it so far."""

    mail: fields.RawMail
    domain: str
    """Of the sender's address: the one that has to vouch."""
    policy: domains.Policy
    origin: Origin
    peer: envelope.IPAddress | None
    resolver: Resolver
    now: datetime
    trouble: bool
    headers: signatures.Headers
    signed: Sequence[Signature]
    """All that can be read, topmost first."""
    malformed: str = ""
    """Why there can be none."""
    reasons: list[str] = field(default_factory=list)

    def no(self, reason: str) -> str:
        """Note why one way did not prove the sender; the "" is that way's answer."""
        self.reasons.append(reason)
        return ""

    def no_answer(self, reason: str) -> str:
        self.trouble = True
        return self.no(reason)

    @property
    def aligned(self) -> list[Signature]:
        """Those of the domain that has to vouch."""
        strict = self.policy.strict_dkim
        found = [one for one in self.signed if domains.aligned(one.domain, self.domain, strict=strict)]
        return found[: signatures.MOST_SIGNATURES]


class SenderProof:
    def __init__(self, settings: Authentication, resolver: Resolver, own_addresses: Callable[[str], bool]) -> None:
        """`own_addresses` says of an address from To or Cc whether it is one of this desk, reply addresses included.

        Raises SettingsError for a network that is none.
        """
        self._settings = settings
        self._resolver = resolver
        self._own_address = own_addresses
        self._shared = relays.shared_relays(settings)

    def of(self, raw: bytes, sender_address: str, sender_unambiguous: bool, origin: Origin, now: datetime) -> Proof:
        """Never raises. `sender_address` is what the mail reader takes for the sender; `now` is aware.

        Up to ten seconds when the DNS is slow: call it outside the event loop.
        """
        try:
            return self._of(fields.read(raw), sender_address, sender_unambiguous, origin, now)
        except Exception as error:  # a mail is a stranger's bytes: what the libraries make of it must not stop the desk
            _log.warning("proof of sender failed on a mail: %s", type(error).__name__, exc_info=True)
            return Proof(False, (f"could not be examined ({type(error).__name__})",))

    def _of(self, mail: fields.RawMail, sender: str, unambiguous: bool, origin: Origin, now: datetime) -> Proof:
        unsound = _unsound(mail, sender, unambiguous)
        if unsound is not None:
            policy = domains.policy(domains.of_address(sender), OneMessage(self._resolver))
            return replace(unsound, disowned=bool(policy.disowns))
        if origin.auth_user and fields.same_address(origin.auth_user, sender):
            return Proof(True, (f"signed in to our mail server as {sender}",))
        if not self._settings.verify and not self._settings.trusted_authserv_ids:
            return Proof(True, ("not checked (email.authentication.verify is off)",))
        return self._examined(mail, domains.of_address(sender), origin, now)

    def _examined(self, mail: fields.RawMail, domain: str, origin: Origin, now: datetime) -> Proof:
        case = _opened(mail, domain, origin, OneMessage(self._resolver), now)
        seen = tuple(filter(None, map(signatures.fingerprint, case.aligned)))
        if self._settings.verify:
            if good := self._by_signature(case):
                return Proof(True, (good,), signatures=seen, copyable=True)
            if good := self._by_envelope(case):
                return Proof(True, (good,), signatures=seen)
            if good := self._by_forwarder(case):
                return Proof(True, (good,), signatures=(*seen, *arc.fingerprints(mail)), copyable=True)
        if good := self._by_server(case):
            return Proof(True, (good,), signatures=seen, copyable=True)
        if case.policy.disowns:
            case.no(f"{domain} asks to {case.policy.disowns} such mail (DMARC p={case.policy.disowns})")
        return Proof(False, tuple(case.reasons), try_later=case.trouble, disowned=bool(case.policy.disowns))

    def _by_signature(self, case: _Case) -> str:
        """Each of these four returns the reason to believe the mail, or "" after noting the reasons not to."""
        if case.malformed:
            return case.no(f"no DKIM signature counts: {case.malformed}")
        if not case.signed:
            return case.no("no DKIM signature")
        if not case.aligned:
            return case.no(f"DKIM signature is of {case.signed[0].domain}, not of {case.domain}")
        if doubt := self._shared.doubt(case.mail, case.peer, ()):
            return case.no(f"no DKIM signature counts: {doubt}")
        body = Body(case.mail.body)
        for signature in case.aligned:
            try:
                if doubt := self._shared.doubt_of(signature):
                    raise DoesNotCount(doubt)
                signatures.verify(signature, case.headers, body, case.resolver, case.now)
                signatures.for_us_and_fresh(signature, case.mail, self._own_address, case.now)
                return f"DKIM signature of {signature.domain} verified"
            except DoesNotCount as error:
                case.no(f"DKIM signature of {signature.domain} does not count: {error}")
            except ResolverTrouble:
                case.no_answer(f"the DKIM key of {signature.domain} could not be looked up")
        return ""

    def _by_envelope(self, case: _Case) -> str:
        unusable = self._no_envelope(case.peer, case.origin.host)
        if unusable or case.peer is None:
            return case.no(unusable)
        mail_from = case.origin.mail_from.strip().removeprefix("<").removesuffix(">")
        domain = domains.of_address(mail_from) if mail_from else domains.normal(case.origin.helo)
        if not domains.aligned(domain, case.domain, strict=case.policy.strict_spf):
            return case.no(f"SPF not aligned (envelope sender is of {domain or 'no domain'})")
        answer = envelope.check(case.resolver, case.peer, mail_from, case.origin.helo, domain)
        if answer.passed:
            return answer.reason
        return case.no_answer(answer.reason) if answer.trouble else case.no(answer.reason)

    def _no_envelope(self, peer: envelope.IPAddress | None, host: str) -> str:
        """Why SPF can't say anything about this peer; "" if it can."""
        if peer is None:
            where = f"the mail was fetched from {host}" if host else "the sending server's address is not known"
            return f"SPF not checked ({where})"
        if self._shared.host(peer):
            return f"SPF proves nothing: {peer} sends for many (email.authentication.shared_outbound)"
        # Some public records list 127.0.0.1 or 10.0.0.0/8; behind a relay of ours that would be everybody. A zone
        # file holds only the operator's own records.
        if self._settings.dns == "system" and envelope.inside(peer):
            return f"SPF not checked (handed over by {peer}, inside our own network)"
        return ""

    def _by_forwarder(self, case: _Case) -> str:
        sealers = self._settings.trusted_arc_sealers
        try:
            verdict = arc.verdict(case.mail, sealers, case.domain, case.policy, case.resolver)
            if verdict is None:
                return ""
            signatures.within_days(signatures.written(case.mail), case.now)
        except DoesNotCount as error:
            return case.no(f"ARC does not count: {error}")
        except ResolverTrouble:
            return case.no_answer("the keys of the ARC chain could not be looked up")
        if doubt := self._doubt(case):
            return case.no(f"ARC does not count: {doubt}")
        if not verdict.refused and (verdict.dmarc or verdict.dkim):
            return f"a trusted forwarder saw a good signature of {case.domain} (ARC)"
        return case.no(f"the trusted forwarder saw no good signature of {case.domain} (ARC)")

    def _by_server(self, case: _Case) -> str:
        """Nothing at all is said about Authentication-Results while no server is trusted."""
        servers = self._settings.trusted_authserv_ids
        for verdict in results.verdicts(case.mail, servers, case.domain, case.policy):
            try:
                came_from_it = results.handed_over_by(verdict.server, case.peer, case.resolver)
            except ResolverTrouble:
                case.no_answer(f"the address of {verdict.server} could not be looked up")
                continue
            if not came_from_it:
                case.no(f"the mail did not come from {verdict.server}, so its results do not count")
            elif self._enough(verdict, case):
                return f"{verdict.server} verified {case.domain}"
            else:
                case.no(f"{verdict.server} did not verify {case.domain}")
        if servers and not case.reasons:
            case.no("no results of a trusted server on the mail")
        return ""

    def _enough(self, verdict: results.Verdict, case: _Case) -> bool:
        """DMARC may have passed by SPF alone, which a shared relay's address does not prove."""
        spf = verdict.spf and not self._shared.networks
        dmarc = verdict.dmarc and not self._shared.networks
        dkim = verdict.dkim and not (doubt := self._doubt(case))
        if verdict.dkim and not dkim:
            case.no(f"the DKIM result of {verdict.server} does not count: {doubt}")
        if verdict.refused or not (spf or dmarc or dkim):
            return False
        return spf or self._for_us_and_fresh(case.mail, case.now)

    def _doubt(self, case: _Case) -> str:
        """Why somebody else's finding of a good signature proves nothing: he does not say which of them was good."""
        return self._shared.doubt(case.mail, case.peer, case.aligned)

    def _for_us_and_fresh(self, mail: fields.RawMail, now: datetime) -> bool:
        try:
            signatures.within_days(signatures.written(mail), now)
        except DoesNotCount:
            return False
        return any(signatures.addressed_to(mail, name, self._own_address) for name in ("to", "cc"))


def _opened(mail: fields.RawMail, domain: str, origin: Origin, resolver: OneMessage, now: datetime) -> _Case:
    policy = domains.policy(domain, resolver)
    peer, malformed = envelope.peer_address(origin.peer), ""
    headers: signatures.Headers = []
    try:
        headers = signatures.header_of(mail)
    except DoesNotCount as error:
        malformed = str(error)
    signed = signatures.signatures(headers)
    return _Case(mail, domain, policy, origin, peer, resolver, now, policy.trouble, headers, signed, malformed)


def _unsound(mail: fields.RawMail, sender: str, unambiguous: bool) -> Proof | None:
    """The proof of a mail whose header allows two readings, or None."""
    if mail.fault:
        return Proof(False, (mail.fault,), ambiguous=True)
    repeated = fields.repeated(mail)
    if repeated:
        return Proof(
            False, (f"{repeated} stands in the header more than once",), ambiguous=repeated in ("From", "Sender")
        )
    if not mail.values("from"):
        return Proof(False, ("the mail has no From line",), ambiguous=True)
    written = fields.only_mailbox(mail)
    if not unambiguous or not written or not fields.same_address(written, sender):
        return Proof(False, ("the From line can be read in more than one way",), ambiguous=True)
    return None


def describe(proof: Proof) -> str:
    """One sentence for staff."""
    reasons = "; ".join(proof.reasons) or "no proof at all"
    if proof.verified:
        return f"Sender verified: {reasons}"
    return f"Sender NOT verified: {reasons}" + ("; will be looked up again" if proof.try_later else "")
