"""From what was understood to answers: authorize, resolve, handle, for each request in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.access import Missing, Resolver, Verdict, authorize, permitted
from core.context import Aside, Context
from core.errors import Refusal, Rejected, Unsupported
from core.messages import Reply, say
from core.people import Principal, Risk
from core.surroundings import Step
from core.understanding import Understood


@dataclass(slots=True)
class Answers:
    """What came of a message's requests. `person` says that something of it needs a person as well."""

    replies: list[Reply] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    question: Missing | None = None
    prove: bool = False
    person: bool = False


def answer(step: Step, who: Principal, requests: Sequence[Understood]) -> Answers:
    """Raises Unavailable and Uncertain; every other no is an answer too."""
    found = Answers()
    context = _context(step, who, found)
    for request in requests:
        try:
            verdict = authorize(who, request.intent)
            if verdict is Verdict.PROVE:
                return Answers(prove=True)
            if verdict is not Verdict.DO:
                found.person = True
                continue
            words = {**request.words, **step.learnt}
            arguments = Resolver(step.around.billing, who).fill(request.intent.slots, words)
            found.replies.append(request.intent.run(context, **arguments))
            step.tickets.audit(None, who.email or who.name, f"asked.{request.intent.name}", client=who.client_id)
        except Missing as missing:
            _ask_or_tell(found, missing)
        except Refusal as refusal:
            found.replies.append(Reply(refusal.template, refusal.context))
        except Rejected as rejected:
            found.replies.append(say("rejected", reason=str(rejected)))
            found.person = True
        except Unsupported:
            found.person = True
    return found


def _ask_or_tell(found: Answers, missing: Missing) -> None:
    if not missing.options:
        found.replies.append(say("nothing_of_the_kind", slot=missing.slot, unknown=missing.unknown))
    elif found.question is None:
        found.question = missing
        found.replies.append(say("which_one", slot=missing.slot, options=missing.options, unknown=missing.unknown))


def _context(step: Step, who: Principal, found: Answers) -> Context:
    return Context(
        who=who,
        billing=step.around.billing,
        registrar=step.around.registrar,
        journal=step.journal,
        today=step.around.clock().astimezone(step.desk.time_zone).date(),
        abilities=[
            entry
            for entry in step.around.registry
            if entry.risk is Risk.PUBLIC or (who.known and permitted(who, entry))
        ],
        asides=found.asides,
    )
