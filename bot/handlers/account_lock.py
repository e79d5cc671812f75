"""Lock an account: for who lost a laptop, a phone or a mailbox to somebody else.

Everything is done when it is confirmed, within the walk: the registrar's locks are the same however often they are
set, and the rest is committed with the answer. A registrar that cannot be reached holds up nothing of it.
"""

from __future__ import annotations

from core.accountlock import INTENT, AccountLock
from core.context import Context
from core.errors import Rejected, Unavailable, Unsupported
from core.intents import intent
from core.messages import Proposal, Reply, say
from core.people import Assurance, Risk
from core.ports import Domain


@intent(
    INTENT,
    says=(
        "lock my account",
        "lock our account",
        "please lock the account",
        "freeze my account",
        "block my account",
        "my laptop was stolen",
        "my phone was stolen",
        "my laptop was stolen lock my account",
        "sperren sie mein konto",
        "bitte mein konto sperren",
        "mein laptop wurde gestohlen",
        "verrouillez mon compte",
        "bloquea mi cuenta",
        "blocca il mio account",
        "blokkeer mijn account",
        "zablokuj moje konto",
        "bloqueie minha conta",
    ),
    risk=Risk.CHANGE,
    department="Security",
    rows=("X48",),
)
def lock_account(ctx: Context) -> Reply | Proposal:
    """Lock your account after a theft: nothing sensitive is changed until we have spoken with you."""
    lock = AccountLock(ctx.tickets)
    unlocked = _unlocked(ctx)
    if ctx.who.assurance < Assurance.POSSESSION:
        return Proposal(
            question=say("account_lock_question", domains=unlocked, before=lock.on),
            done=say("account_locked", before=lock.on, locked=unlocked, refused=[], number=""),
            act=lambda: _lock(ctx, lock, unlocked),
            facts={"account": ctx.who.client_id},
        )
    return _lock(ctx, lock, unlocked)


def _lock(ctx: Context, lock: AccountLock, unlocked: list[Domain]) -> Reply:
    before = lock.on
    locked = [domain for domain in unlocked if _set_lock(ctx, domain)]
    refused = [domain for domain in unlocked if domain not in locked]
    lock.switch_on()
    number = "" if before else lock.call_security(_facts(locked, refused))
    if not before:
        _tell_everybody(ctx, locked)
    return say("account_locked", before=before, locked=locked, refused=refused, number=number)


def _facts(locked: list[Domain], refused: list[Domain]) -> list[str]:
    """For Security: what was done, and what is left to do."""
    facts = ["Sensitive changes are stopped; open questions and one-time pages of the account are void."]
    if locked:
        facts.append(f"Registrar lock switched on: {', '.join(domain.name for domain in locked)}.")
    if refused:
        facts.append(f"NOT locked, the registrar did not do it: {', '.join(domain.name for domain in refused)}.")
    return [*facts, "Speak with the owner, then lift the stop with #release."]


def _tell_everybody(ctx: Context, locked: list[Domain]) -> None:
    """The owner, at former addresses too (core/questions.py), and every contact besides who asked."""
    notice = say("account_lock_notice", who=ctx.who, locked=locked)
    ctx.tell_owner(notice)
    told = {ctx.client().email.lower(), ctx.who.email.lower()}
    for contact in ctx.billing.contacts(ctx.who.client_id):
        if contact.email and contact.email.lower() not in told:
            told.add(contact.email.lower())
            ctx.tell(contact.email, contact.name, notice)


def _unlocked(ctx: Context) -> list[Domain]:
    """Those whose registrar lock is off, or whose registrar does not say."""
    held = [domain for domain in ctx.billing.domains(ctx.who.client_id) if domain.held]
    return [domain for domain in held if not _is_locked(ctx, domain)]


def _is_locked(ctx: Context, domain: Domain) -> bool:
    try:
        return ctx.registrar.registration(domain.name).locked
    except (Rejected, Unavailable, Unsupported):
        return False


def _set_lock(ctx: Context, domain: Domain) -> bool:
    try:
        ctx.registrar.set_lock(domain.name, locked=True)
    except (Rejected, Unavailable, Unsupported):
        return False
    return True
