"""Changes are made after their restated question was answered: asked, answered, executed, undone.

R2 is confirmed with a word, R3 with a code, both from the single-use address that only the mailbox on file has seen.
What is executed is worked out afresh from the stored request; if the facts differ from those in the question, it is
asked again. The act's journal hangs on the question, so it happens once however many confirm it at the same moment.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core import dialogs, forms
from core.intents import Intent
from core.messages import Proposal, Refer, Request
from core.models import AccountHold, Dialog
from core.people import Principal
from core.ports import CYCLES
from core.redaction import without_secrets
from core.surroundings import Step
from core.tickets import Tickets
from core.tokens import new_code

CODE_LIFETIME = timedelta(minutes=30)
"""Greylisting alone may take fifteen; the strength is in the code, not in the window."""
UNDO_LIFETIME = timedelta(days=7)
CODES_PER_HOUR = 5
CODES_PER_DAY = 20
ACTS_PER_DAY = 10
"""So many sensitive changes of an account by its codes; whoever needs more speaks with a person."""
WRONG_PER_DAY = 20
SHOWN_CHARACTERS = 80
"""Of a value in a notice: who wrote a long one knows it, and who did not must see what it was about."""


def digest(proposal: Proposal) -> str:
    """The facts a question rests on, as one value."""
    return hashlib.sha256(json.dumps(dict(proposal.facts), sort_keys=True).encode()).hexdigest()


def open_question(
    step: Step,
    ticket_id: int,
    who: Principal,
    request: Request,
    proposal: Proposal,
    *,
    with_code: bool,
    arrival_id: int | None = None,
    place: str = "",
) -> tuple[Dialog, str]:
    """The question as a row, and the code that its letter carries ("" when a word suffices).

    `arrival_id` is the message that asked for it, where that is not the present one; `place` the chat it is put in.
    """
    now = step.around.clock()
    dialog = dialogs.ask(
        step.session,
        kind="code" if with_code else "confirm",
        subject_key=subject_of(request),
        client_id=who.client_id,
        address=who.email.lower(),
        place=place,
        arrival_id=arrival_id or step.claimed.id,
        ticket_id=ticket_id,
        now=now,
        lifetime=CODE_LIFETIME if with_code else dialogs.LIFETIME,
        learnt={
            "intent": request.intent,
            "words": {k: list(v) for k, v in request.words.items()},
            "facts": digest(proposal),
            **_left(proposal),
        },
    )
    code = new_code() if with_code else ""
    if code:
        dialog.code_hash = step.around.tokens.code_hash(dialog.id, code)
    return dialog, code


def open_mailbox(
    step: Step, ticket_id: int, who: Principal, request: Request, proposal: Proposal, mailbox: str, before: str
) -> Dialog:
    """The question to an address that is not on file yet: may the mails of this account come there?"""
    return dialogs.ask(
        step.session,
        kind="mailbox",
        subject_key=f"mailbox/{subject_of(request)}",
        client_id=who.client_id,
        address=mailbox.lower(),
        arrival_id=step.claimed.id,
        ticket_id=ticket_id,
        now=step.around.clock(),
        learnt={
            "intent": request.intent,
            "words": {k: list(v) for k, v in request.words.items()},
            "facts": digest(proposal),
            "before": before,
            "contact_id": who.contact_id,
        },
    )


def open_undo(step: Step, ticket_id: int, who: Principal, address: str, undo: Request | None, about: str) -> Dialog:
    """The way back that a notice carries: UNDO restores, and without a way to restore, STOP stops."""
    return dialogs.ask(
        step.session,
        kind="undo",
        subject_key=f"undo/{about}",
        client_id=who.client_id,
        address=address.lower(),
        arrival_id=step.claimed.id,
        ticket_id=ticket_id,
        now=step.around.clock(),
        lifetime=UNDO_LIFETIME,
        learnt={"intent": undo.intent, "words": {k: list(v) for k, v in undo.words.items()}} if undo else {},
    )


def asked_for(dialog: Dialog) -> Request:
    """What a question was about."""
    words = {slot: tuple(values) for slot, values in dialog.learnt.get("words", {}).items()}
    return Request(str(dialog.learnt.get("intent", "")), words)


def _left(proposal: Proposal) -> dict[str, object]:
    refer = proposal.refer
    return {"refer": {"department": refer.department, "facts": list(refer.facts)}} if refer else {}


def left_to_a_person(dialog: Dialog) -> Refer | None:
    """What a confirmed act leaves to a person, as far as it was known when the question was put."""
    refer = dialog.learnt.get("refer")
    return Refer(refer["department"], tuple(refer["facts"])) if refer else None


def in_words(intent: Intent, request: Request) -> list[tuple[str, str]]:
    """What a request is about: the kind of each value (core.forms; "written" for a text) and the value, on one line.

    Billing cycles are as they are called; what is long is cut, what is secret is left out.
    """
    kinds = {slot.name: "written" if slot.kind is forms.Text else forms.entity_of(slot.kind) for slot in intent.slots}
    values = [(kinds.get(slot, "text"), word) for slot, words in request.words.items() for word in words]
    return [(kind, CYCLES.get(word, word) if kind == "cycle" else _short(word)) for kind, word in values]


def _short(word: str) -> str:
    line = " ".join(without_secrets(word).split())
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 1].rstrip()}…"


def subject_of(request: Request) -> str:
    """One question is open per action and object."""
    return "/".join([request.intent, *sorted(value for values in request.words.values() for value in values)])[:200]


def may_ask_for_code(session: Session, client_id: str, now: datetime) -> bool:
    """Codes are mails that nobody else asked for: a flood of them is an attack on the client.

    And whoever holds a mailbox shall not take an account apart in a day.
    """
    an_hour_ago, a_day_ago = now - timedelta(hours=1), now - timedelta(days=1)
    return (
        _codes_since(session, client_id, an_hour_ago) < CODES_PER_HOUR
        and _codes_since(session, client_id, a_day_ago) < CODES_PER_DAY
        and _codes_since(session, client_id, a_day_ago, Dialog.state == "used") < ACTS_PER_DAY
    )


def _codes_since(session: Session, client_id: str, since: datetime, *further: ColumnElement[bool]) -> int:
    statement = (
        select(func.count())
        .select_from(Dialog)
        .where(Dialog.client_id == client_id, Dialog.kind == "code", Dialog.created_at >= since, *further)
    )
    return session.scalar(statement) or 0


def wrong_code(step: Step, dialog: Dialog) -> None:
    """A wrong code costs a try; the fifth closes the question, the twentieth of a day the account's changes."""
    dialog.tries_left -= 1
    if dialog.tries_left <= 0:
        dialog.state = "refused"
    now = step.around.clock()
    missed = select(func.sum(5 - Dialog.tries_left)).where(
        Dialog.client_id == dialog.client_id, Dialog.kind == "code", Dialog.created_at >= now - timedelta(days=1)
    )
    if (step.session.scalar(missed) or 0) + 1 >= WRONG_PER_DAY:
        hold(step.tickets, dialog.client_id, "twenty wrong codes within a day", until=now + timedelta(days=1))


def hold(
    tickets: Tickets, client_id: str, reason: str, *, until: datetime | None = None, who: str = "desk", **found: Any
) -> None:
    """Stop the account's sensitive changes and secrets; `found` is told in the audit trail beside the reason.

    What a person has to lift stays that, whatever stops it again for a day.
    """
    held = tickets.session.get(AccountHold, client_id)
    if held is None:
        held = AccountHold(client_id=client_id, since=tickets.clock(), reason=reason, until=until)
        tickets.session.add(held)
    elif held.until is not None:
        held.reason, held.until = reason, until
    tickets.audit(None, who, "account.held", client=client_id, reason=reason, **found)


def held(session: Session, client_id: str, now: datetime) -> bool:
    found = session.get(AccountHold, client_id)
    return found is not None and (found.until is None or found.until > now)


def release(step: Step, client_id: str, who: str) -> None:
    """A person has spoken with the owner."""
    found = step.session.get(AccountHold, client_id)
    if found is not None:
        step.session.delete(found)
        step.tickets.audit(None, who, "account.released", client=client_id)
