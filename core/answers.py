"""From what was understood to answers: authorize, resolve, handle, for each request in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from core import addresschange, chatlinks, confirming, forms, privacy
from core.access import Missing, Resolver, Verdict, authorize, permitted, words_for
from core.context import Aside, Context
from core.errors import Refusal, Rejected, Unsupported
from core.feedback import Feedback
from core.intents import Intent
from core.journal import Journal
from core.linking import ChatLinks
from core.messages import Proposal, Reply, Request, say
from core.notices import hand_to_staff
from core.onetime import Links
from core.owntickets import OwnTicket, OwnTickets
from core.people import Principal, Risk
from core.post import ANSWER
from core.redaction import without_secrets
from core.subscriptions import Subscriptions
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


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A request that a person has to see to: what was asked, about what, and why the desk does not do it."""

    intent: Intent
    about: tuple[str, ...] = ()
    reason: str = ""

    @property
    def in_words(self) -> str:
        """For staff."""
        about = f" About: {', '.join(self.about)}." if self.about else ""
        reason = f" Why: {self.reason}." if self.reason else ""
        return f"{self.intent.help}{about}{reason}"


@dataclass(slots=True)
class Answers:
    """What came of a message's requests; `passed_on` are those that a person must see to."""

    replies: list[Reply] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    question: Missing | None = None
    prove: bool = False
    passed_on: list[PassedOn] = field(default_factory=list)


def answer(step: Step, who: Principal, requests: Sequence[Understood]) -> Answers:
    """Raises Unavailable and Uncertain; every other no is an answer too."""
    found = Answers()
    for request in requests:
        try:
            verdict = authorize(who, request.intent)
            if verdict is Verdict.PROVE:
                return Answers(prove=True)
            if verdict is Verdict.HUMAN:
                found.passed_on.append(PassedOn(request.intent, _named(request)))
                continue
            if why := _lapsed(step, who, request.intent):
                found.passed_on.append(PassedOn(request.intent, _named(request), why))
                continue
            if addresschange.waits_for_a_person(step.session, who, request.intent, step.around.clock()):
                found.passed_on.append(PassedOn(request.intent, _named(request), addresschange.WHY))
                continue
            if chatlinks.waits_for_a_person(
                step.session, step.message.sender, who, request.intent, step.around.clock()
            ):
                found.passed_on.append(PassedOn(request.intent, _named(request), chatlinks.WHY))
                continue
            _handle(step, who, request, verdict, found)
        except Missing as missing:
            _ask_or_tell(found, missing, request.intent.help if len(requests) > 1 else "")
        except Refusal as refusal:
            found.replies.append(Reply(refusal.template, refusal.context))
        except Rejected as rejected:
            found.replies.append(say("rejected", reason=str(rejected)))
            found.passed_on.append(PassedOn(request.intent, _named(request), str(rejected)))
        except Unsupported as unsupported:
            reason = f"the systems behind the desk cannot do it ({unsupported.feature})"
            found.passed_on.append(PassedOn(request.intent, _named(request), reason))
    return found


def _lapsed(step: Step, who: Principal, intent: Intent) -> str:
    """Why the mailbox on file can't be trusted with this, "" when it can.

    Whoever registers a domain that lapsed reads all mail of its addresses.
    """
    if intent.safe or intent.risk not in (Risk.SENSITIVE, Risk.SECRET) or not who.email:
        return ""
    name = who.email.rpartition("@")[2].lower()
    same = [domain for domain in step.around.billing.domains(who.client_id) if domain.name == name]
    if same and not any(domain.held for domain in same):
        return f"{name}, the domain of their address on file, is not theirs any more"
    return ""


def _named(request: Understood) -> tuple[str, ...]:
    """What the request is about, as far as its words tell; a whole text is on the ticket anyway."""
    return tuple(word for slot, words in request.words.items() for word in words if slot != "text")


def _words(step: Step, who: Principal, request: Understood) -> dict[str, tuple[str, ...]]:
    """A text is all that was written, not the clause that told what it is about; a new address is no present one."""
    words = {**request.words, **step.learnt}
    for slot in request.intent.slots:
        said = tuple(words.get(slot.name, ()))
        if slot.kind is forms.Text and said and said[0] in step.message.text:
            words[slot.name] = (step.message.text,)
        if slot.kind is forms.Email and request.intent.name in addresschange.BY_TWO_MAILBOXES:
            words[slot.name] = addresschange.new_ones(step.around.systems, who, said)
    return words


def _handle(step: Step, who: Principal, request: Understood, verdict: Verdict, found: Answers) -> None:
    prepared = prepare(step, who, request.intent, _words(step, who, request))
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
    resolver = Resolver(step.around.systems, who, {OwnTicket: own_tickets(step, who).named})
    return Prepared(intent, resolver.fill(intent.slots, words, step.message.text))


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
        if not step.post.may_say(ANSWER, who.email.lower()):
            # What could not be told is not fetched, and not noted as sent either.
            raise Rejected("no more automatic mails may go to this address for now")
        sent = step.tickets.times(f"sent.{intent.name}", who.client_id, prepared.about, now - timedelta(days=1))
        if len(sent) >= SECRETS_PER_DAY or any(moment > now - SECRETS_APART for moment in sent):
            raise Refusal("secret_sent_lately")


def _ask_or_tell(found: Answers, missing: Missing, about: str) -> None:
    """`about` is what was asked for, where several answers stand in one reply."""
    unknown = without_secrets(missing.unknown)  # A card's number looks like an invoice's.
    if not missing.options and not missing.kind:
        found.replies.append(say("nothing_of_the_kind", slot=missing.slot, unknown=unknown))
    elif found.question is None:
        found.question = missing
        if missing.kind:
            found.replies.append(missing.reply or say("which_value", kind=missing.kind))
            return
        found.replies.append(say("which_one", slot=missing.slot, options=missing.options, unknown=unknown, about=about))


def own_tickets(step: Step, who: Principal) -> OwnTickets:
    return OwnTickets(
        tickets=step.tickets,
        who=who,
        message=step.message,
        reopen_days=step.desk.rules.reopen_days,
        hand_over=lambda ticket, entry: hand_to_staff(step, ticket, entry, who, event="reply"),
    )


def context_of(step: Step, who: Principal, asides: list[Aside]) -> Context:
    behind = step.around.systems
    subscriptions = Subscriptions(step.session, who, step.message.sender, step.around.clock)
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
        documents=step.around.documents,
        journal=step.journal,
        links=Links(step.session, who, step.around.clock, step.desk.url, step.around.opens),
        tickets=own_tickets(step, who),
        subscriptions=subscriptions,
        chats=ChatLinks(step, who),
        feedback=Feedback(step.session, subscriptions.address, step.around.clock),
        stored=lambda: privacy.export(step.around.sessions, behind.billing, who.email),
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
