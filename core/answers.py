"""From what was understood to answers: authorize, resolve, handle, for each request in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from core import confirming
from core.access import Missing, Resolver, Verdict, authorize, permitted, words_for
from core.context import Aside, Context
from core.errors import Refusal, Rejected, Unsupported
from core.intents import Intent
from core.journal import Journal
from core.messages import Proposal, Reply, Request, say
from core.onetime import Links
from core.people import Principal, Risk
from core.surroundings import Step
from core.understanding import Understood

SECRETS_PER_DAY = 3
SECRETS_APART = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that waits for its confirmation."""

    request: Request
    proposal: Proposal
    with_code: bool


@dataclass(slots=True)
class Answers:
    """What came of a message's requests. `person` says that something of it needs a person as well."""

    replies: list[Reply] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    question: Missing | None = None
    prove: bool = False
    person: bool = False


def answer(step: Step, who: Principal, requests: Sequence[Understood]) -> Answers:
    """Raises Unavailable and Uncertain; every other no is an answer too."""
    found = Answers()
    for request in requests:
        try:
            verdict = authorize(who, request.intent)
            if verdict is Verdict.PROVE:
                return Answers(prove=True)
            if verdict is Verdict.HUMAN:
                found.person = True
                continue
            _handle(step, who, request, verdict, found)
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


def _handle(step: Step, who: Principal, request: Understood, verdict: Verdict, found: Answers) -> None:
    prepared = prepare(step, who, request.intent, {**request.words, **step.learnt})
    _insist_on_limits(step, who, prepared)
    told = len(found.asides)
    result = prepared.run(context_of(step, who, found.asides))
    if isinstance(result, Reply):
        found.replies.append(result)
    elif verdict is Verdict.DO:
        found.replies.append(perform(step.journal, prepared.request, result))
    else:
        found.asked.append(Asked(prepared.request, result, with_code=verdict is Verdict.CODE))
    secret = any(aside.kind == "secret" for aside in found.asides[told:])
    step.tickets.audit(
        None,
        who.email or who.name,
        f"{'sent' if secret else 'asked'}.{request.intent.name}",
        client=who.client_id,
        about=prepared.about,
    )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request whose words were found among the sender's own things."""

    intent: Intent
    arguments: Mapping[str, object]

    @property
    def request(self) -> Request:
        """The same as data, by the exact names of what was found."""
        return Request(self.intent.name, {slot: words_for(it) for slot, it in self.arguments.items() if it is not None})

    @property
    def about(self) -> str:
        return confirming.subject_of(self.request)

    def run(self, context: Context) -> Reply | Proposal:
        return self.intent.run(context, **self.arguments)


def prepare(step: Step, who: Principal, intent: Intent, words: Mapping[str, Sequence[str]]) -> Prepared:
    """Raises Missing."""
    return Prepared(intent, Resolver(step.around.systems, who).fill(intent.slots, words, step.message.text))


def perform(journal: Journal, request: Request, proposal: Proposal) -> Reply:
    """Do it, once per journal. Raises what a port raises, and Uncertain."""
    journal.once(f"act {request.intent}", lambda: str(proposal.act() or ""))
    return proposal.done


def _insist_on_limits(step: Step, who: Principal, prepared: Prepared) -> None:
    """Held accounts, and secrets asked for again and again. Raises Refusal."""
    intent = prepared.intent
    if intent.risk < Risk.SENSITIVE or intent.safe:
        return
    now = step.around.clock()
    if confirming.held(step.session, who.client_id, now):
        raise Refusal("account_held")
    if intent.risk is Risk.SECRET:
        sent = step.tickets.times(f"sent.{intent.name}", who.client_id, prepared.about, now - timedelta(days=1))
        if len(sent) >= SECRETS_PER_DAY or any(moment > now - SECRETS_APART for moment in sent):
            raise Refusal("secret_sent_lately")


def _ask_or_tell(found: Answers, missing: Missing) -> None:
    if not missing.options and not missing.kind:
        found.replies.append(say("nothing_of_the_kind", slot=missing.slot, unknown=missing.unknown))
    elif found.question is None:
        found.question = missing
        if missing.kind:
            found.replies.append(say("which_value", kind=missing.kind))
            return
        found.replies.append(say("which_one", slot=missing.slot, options=missing.options, unknown=missing.unknown))


def context_of(step: Step, who: Principal, asides: list[Aside]) -> Context:
    behind = step.around.systems
    return Context(
        who=who,
        billing=behind.billing,
        profiles=behind.profiles,
        hosting=behind.hosting,
        panel=behind.panel,
        ledger=behind.ledger,
        shop=behind.shop,
        library=behind.library,
        registrar=behind.registrar,
        journal=step.journal,
        links=Links(step.session, who, step.around.clock, step.desk.url),
        now=step.around.clock(),
        today=step.around.clock().astimezone(step.desk.time_zone).date(),
        text=step.message.text,
        abilities=[
            entry
            for entry in step.around.registry
            if entry.risk is Risk.PUBLIC or (who.known and permitted(who, entry))
        ],
        asides=asides,
    )
