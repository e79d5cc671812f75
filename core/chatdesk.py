"""A line from a chat: linking, answers to what was asked there, requests and tickets.

In private, a linked account is its client at L2. Where others read along only public answers are given, to nobody in
particular; everything else is answered in private. Who is not linked is a stranger, and may open a ticket.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core import (
    acknowledge,
    bounces,
    chatlines,
    chatlinks,
    clientdesk,
    conversation,
    dialogs,
    linking,
    questions,
    tickets,
)
from core.context import Aside
from core.conversation import Match
from core.courtesies import only_thanks
from core.identify import Sender, identify, in_their_language
from core.messages import EMAIL, Address, Kind, Reply, Request, mailbox_at, place_of, say
from core.models import Dialog
from core.notices import tell_staff
from core.people import Principal, Risk
from core.post import ANSWER
from core.staff import rooms
from core.surroundings import Outcome, Step, listening
from core.understanding import Heard, Understood

_LINK = re.compile(r"/?link\s+<?(\S+@\S+?)>?", re.IGNORECASE)
_COMMANDS = {"link": "chat.link", "unlink": "chat.unlink", "links": "chat.links"}
_ACCOUNT = re.compile(r"/?account\s+#?(\w{1,20})", re.IGNORECASE)
_SHORT = 10
"""Words of a question; who writes more than that to us wants a person."""
_GREETINGS = ("start", "hello", "hi", "hallo", "help", "?")


def line(step: Step) -> Outcome:
    """What becomes of it."""
    message = step.message
    if message.kind is Kind.BOUNCE:
        return _left(step)
    dialog = dialogs.answered(step.session, step.around.tokens, message)
    found = conversation.find(step.session, step.around.tokens, message)
    if rooms.concerns(step, found):
        return rooms.line(step, found)
    if dialog is None and found.match is None and not (message.shared or message.marker):
        dialog = chatlines.question(step)
    about = dialog.client_id if dialog is not None else found.match.ticket.client_id if found.match else ""
    sender = identify(step.session, step.around.billing, message, step.desk.language, client_id=about)
    bounces.alive(step.session, message.sender.key)
    chatlinks.seen(step.session, message.sender, step.around.clock())
    step = _with_commands(listening(step))
    sender = in_their_language(sender, step.heard, step.desk.language)
    if message.edited:
        return _edited(step, sender, found.match)
    if message.shared:
        return _in_a_room(step, sender, found.match)
    outcome = _about_links(step, sender, dialog)
    if outcome is not None:
        return outcome
    if dialog is not None:
        return clientdesk.answer_question(step, sender, dialog)
    return _talk(step, sender, found.match)


def _left(step: Step) -> Outcome:
    """The platform says that the bot was blocked there, or let in again."""
    failed = step.message.report.failed if step.message.report else ()
    for link in chatlinks.links_of(step.session, step.message.sender):
        link.unreachable = next((one.diagnostic or "left" for one in failed if one.permanent), "")
    return Outcome("bounce")


def _edited(step: Step, sender: Sender, match: Match | None) -> Outcome:
    """The new words stand beside the old ones; staff read them if they read those."""
    if match is None:
        return Outcome("edited")
    entry = step.tickets.add(match.ticket, step.message, assurance=sender.who.assurance)
    if chatlines.with_staff(step, match):
        tell_staff(step, match.ticket, entry, sender.who, event="reply")
    return Outcome("edited", match.ticket)


def _talk(step: Step, sender: Sender, match: Match | None) -> Outcome:
    text = chatlines.new_ticket(step.message.text)
    if text is not None:
        step, match = _with_commands(listening(replace(step, message=replace(step.message, text=text)))), None
    else:
        match = match or chatlines.last(step, sender.who)
        if not chatlines.with_staff(step, match):
            if chatlines.answers_nothing(step):
                return _say(step, sender, say("not_valid"))
            if only_thanks(step.message.text):
                return Outcome("reply")
            if _asks_of_an_account(step, sender):
                return _say(step, sender, say("chat_link_how", in_chat=True))
            if chatlines.choice(step) is None and _greets(step):
                return _say(step, sender, say("chat_hello", who=sender.who))
    outcome = clientdesk.go_on(step, sender, match) if match is not None else clientdesk.begin(step, sender, None)
    if outcome.ticket is not None and outcome.result != "flood":
        acknowledge.tell_of_removed_secret(step, outcome.ticket, sender.address, sender.who)
    return outcome


def _in_a_room(step: Step, sender: Sender, match: Match | None) -> Outcome:
    """Public answers for everybody; what concerns an account or needs a person goes on in private."""
    heard = step.heard
    if heard.requests and not heard.person and all(one.intent.risk is Risk.PUBLIC for one in heard.requests):
        nobody = Principal(name=sender.address.name or sender.address.value, language=sender.who.language)
        return clientdesk.begin(replace(step, in_room=True), replace(sender, who=nobody), None)
    outcome = clientdesk.go_on(step, sender, match) if match is not None else clientdesk.begin(step, sender, None)
    if step.message.room and outcome.result != "flood":
        room = Address(step.message.sender.channel, step.message.room)
        step.post.alone(room, say("chat_in_private"), kind=ANSWER, language=sender.who.language)
    return outcome


def _with_commands(step: Step) -> Step:
    """The few words that belong to chats alone are known without the reader."""
    line = dialogs.first_line(step.message.text)
    registry, found = step.around.registry, _LINK.fullmatch(line)
    if found and "chat.link" in registry.intents:
        asked = Understood(registry["chat.link"], {"email": (found[1],)}, "a command")
    elif (name := _COMMANDS.get(line.lower().strip("/ ."), "")) in registry.intents:
        words = {slot.name: (line,) for slot in registry[name].slots if slot.required}
        asked = Understood(registry[name], words, "a command")
    else:
        return step
    return replace(step, heard=Heard(requests=(asked,), language=step.heard.language))


def _about_links(step: Step, sender: Sender, dialog: Dialog | None) -> Outcome | None:
    """The word of a letter, the code of one, the yes to a question, and which of several accounts is meant."""
    if not step.message.proof.verified:
        return None
    text = dialogs.first_line(step.message.text)
    word = linking.word_in(step)
    if word is not None:
        return _ask_here(step, sender, word)
    if dialog is not None and dialog.kind == "link":
        if linking.is_the_code(step, dialog, chatlines.code_in(text)):
            return _linked(step, sender, dialog)
        return _say(step, sender, say("not_valid"))
    if dialog is not None and dialog.kind == "linkyes":
        if dialogs.first_word(text) == "yes" and dialogs.use(dialog, "used", step.around.clock()):
            return _linked(step, sender, dialog)
        still_open = dialogs.use(dialog, "refused", step.around.clock())
        return _say(step, sender, say("chat_not_linked") if still_open else say("not_valid"))
    account = _ACCOUNT.fullmatch(text)
    return _choose(step, sender, account[1]) if account else None


def _ask_here(step: Step, sender: Sender, word: Dialog) -> Outcome:
    question = linking.ask_here(step, word)
    if question is None:
        return _say(step, sender, say("not_valid"))
    client = step.around.billing.client(word.client_id)
    reply = say("chat_link_question", chat=sender.address, sent_to=word.address, client=client)
    step.post.alone(
        sender.address, reply, kind="question", language=sender.who.language, reply_token=dialogs.reply_token(question)
    )
    return Outcome("asked")


def _linked(step: Step, sender: Sender, question: Dialog) -> Outcome:
    """The link is made; who it speaks for is told at the addresses on file, with the way back."""
    people = linking.link(step, question)
    if not people:
        return _say(step, sender, say("not_valid"))
    place = place_of(sender.address)
    for who in people:
        ticket, requester = step.tickets.open(
            step.message,
            who,
            department="Security" if any(d.name == "Security" for d in step.desk.departments) else "",
            requester=sender.address,
            subject=f"{sender.address.channel.title()} linked to {who.email}",
        )
        step.tickets.add_own(ticket, f"{place} ({sender.address.name}) was linked to {who.email}.", kind="event")
        step.tickets.set_status(ticket, tickets.CLOSED, step.desk.address)
        step.tickets.audit(ticket, who.email, "chat.linked", client=who.client_id, about=place)
        questions.send_asides(step, ticket, who, _notices(step, who, sender.address))
    return _say(step, sender, say("chat_linked", who=people[0], people=people, chat=sender.address))


def _notices(step: Step, who: Principal, chat: Address) -> Sequence[Aside]:
    owner = step.around.billing.client(who.client_id)
    notice = say("chat_linked_notice", who=who, chat=chat)
    back = Request("chat.unlink", {"text": (place_of(chat),)})
    told = dict.fromkeys((owner.email.lower(), who.email.lower()))
    return [Aside(Address(EMAIL, email), notice, "notice", back) for email in told]


def _choose(step: Step, sender: Sender, wanted: str) -> Outcome:
    """Speak for another of the accounts of this chat from now on, by its number or its place in the list."""
    now = step.around.clock()
    holders = sorted(
        chatlinks.holders(step.session, step.around.billing, sender.address, now), key=lambda one: one.client.id
    )
    ids = [one.client.id for one in holders]
    by_place = ids[int(wanted) - 1] if wanted.isdigit() and 0 < int(wanted) <= len(ids) else ""
    client_id = wanted if wanted in ids else by_place
    if client_id:
        chatlinks.choose(step.session, sender.address, client_id, now)
    accounts = [(one.client.id, one.client.company or one.client.name) for one in holders]
    return _say(step, sender, say("chat_accounts", accounts=accounts, now=client_id or sender.who.client_id))


def _greets(step: Step) -> bool:
    """Nothing but a hello, or the button with which a chat begins."""
    words = step.message.text.lower().strip("/ .!\n")
    return words in _GREETINGS[:1] or (
        not step.heard.requests and (words in _GREETINGS or step.heard.person == "courtesies only")
    )


def _asks_of_an_account(step: Step, sender: Sender) -> bool:
    """Somebody unlinked asks what only the account's own people are told: that needs no ticket, but a link."""
    heard = step.heard
    reading = (Risk.READ, Risk.SECRET)
    return (
        not (sender.who.known or mailbox_at(sender.address))
        and not heard.person
        and bool(heard.requests)
        and len(step.message.text.split()) <= _SHORT
        and all(one.intent.risk in reading for one in heard.requests)
    )


def _say(step: Step, sender: Sender, reply: Reply) -> Outcome:
    """A line that needs no ticket."""
    if step.post.may_say(ANSWER, sender.address.key, channel=sender.address.channel):
        step.post.alone(sender.address, reply, kind=ANSWER, language=sender.who.language)
    return Outcome("answer")
