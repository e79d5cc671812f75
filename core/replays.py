"""Signatures that have proved a sender once: with another message they prove nothing.

A DKIM signature travels with a mail, so whoever got hold of a genuine one can send it to us again under another id,
where Message-ID is not signed, and be believed. So the signatures of a believed message are remembered, in the commit
that marks it done: a walk that fails or is lost remembers nothing. The same message for another recipient of ours, a
redelivery and a second walk have the fingerprint of the first and keep their proof. Two workers that meet on one
signature meet at the primary key; whoever comes second is walked again, and sees the other's row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.inbox import Claimed
from core.messages import InboundMessage
from core.models import SeenSignature

REMEMBERED = timedelta(days=90)
REPLAYED = "its signature came with another message before: a copy that is sent again proves nothing"


def without_borrowed_proof(
    session: Session, claimed: Claimed, message: InboundMessage, now: datetime
) -> InboundMessage:
    """The message as it came, its signatures noted for the commit; without its proof if others used them before."""
    proof = message.proof
    if not proof.verified or not proof.signatures:
        return message
    seen = _seen(session, proof.signatures)
    if proof.copyable and any(fingerprint != claimed.fingerprint for fingerprint in seen.values()):
        return replace(message, proof=replace(proof, verified=False, reasons=(*proof.reasons, REPLAYED)))
    for signature in dict.fromkeys(proof.signatures):
        if signature not in seen:
            row = SeenSignature(hash=signature, fingerprint=claimed.fingerprint, arrival_id=claimed.id, seen_at=now)
            session.add(row)
    return message


def forget(session: Session, now: datetime) -> None:
    """What is older than any mail that could still be believed goes."""
    session.execute(delete(SeenSignature).where(SeenSignature.seen_at < now - REMEMBERED))


def _seen(session: Session, signatures: tuple[str, ...]) -> Mapping[str, str]:
    """Hash to fingerprint, those of the other messages of a batch included, which are not written yet."""
    statement = select(SeenSignature.hash, SeenSignature.fingerprint).where(SeenSignature.hash.in_(signatures))
    stored = {row.hash: row.fingerprint for row in session.execute(statement)}
    waiting = {row.hash: row.fingerprint for row in session.new if isinstance(row, SeenSignature)}
    return {**stored, **{one: waiting[one] for one in signatures if one in waiting}}
