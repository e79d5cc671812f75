"""A chat account is linked by whoever holds the mailbox on file, and by the person in the chat; nothing else counts.

Started in the chat ("link alice@bakery.example"), a code goes to that address and is typed into the same chat. Started
by mail ("link my Telegram"), a letter to the address on file holds a word for the bot, which says whom it would link
and waits for a yes: such a word can be pushed on somebody. Nothing tells whether an address is on file here. Names, and
the address that a workspace shows for somebody, never link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from core import chatlinks, confirming, dialogs
from core.chatlinks import Linked
from core.identify import principal
from core.messages import EMAIL, TERMINAL, Address, place_of, say
from core.models import ChatLink, Dialog
from core.people import Assurance, Principal
from core.ports import AccountHolder
from core.surroundings import Step
from core.tokens import Token, TokenKind, new_code

CODE_LIFETIME = timedelta(minutes=10)
WORD_LIFETIME = timedelta(minutes=15)
CODES_PER_HOUR = 3
_ASKED = ("link", "word")
_START = re.compile(r"/?start\s+([a-z2-7]{32})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ChatLinks:
    """What one person may see and do of linked chats, in the session of the walk."""

    step: Step
    who: Principal

    @property
    def in_chat(self) -> bool:
        return self._chat.channel != EMAIL

    @property
    def shared(self) -> bool:
        return self.step.message.shared

    @property
    def at_terminal(self) -> bool:
        return self._chat.channel == TERMINAL

    @property
    def minutes(self) -> int:
        """How long a code is good for."""
        return int(CODE_LIFETIME.total_seconds() // 60)

    def ask_for_code(self, email: str) -> None:
        """A code goes to that address, if it is on file and not asked for too often; nothing tells whether it did."""
        step, now = self.step, self.step.around.clock()
        here, address = place_of(self._chat), Address(EMAIL, email).key
        if _asked(step, place=here) >= CODES_PER_HOUR or _asked(step, address=address) >= CODES_PER_HOUR:
            return
        holders = [one for one in step.around.billing.holders(email) if not self._held(one)]
        question = self._open("link", address, holders, place=here, lifetime=CODE_LIFETIME)
        if not holders or step.desk.owns(address):
            return
        code = new_code()
        question.code_hash = step.around.tokens.code_hash(question.id, code)
        name = holders[0].contact.name if holders[0].contact else holders[0].client.name
        letter = say("chat_code", code=code, chat=self._chat, name=name, until=now + CODE_LIFETIME)
        language = holders[0].client.language or step.desk.language
        step.post.alone(
            Address(EMAIL, address, name),
            letter,
            kind="chat-code",
            language=language,
            reply_token=dialogs.reply_token(question),
        )

    def send_word(self) -> bool:
        """A letter to the address on file with the word that links the chat in which it is said. False: too often."""
        step, now, address = self.step, self.step.around.clock(), Address(EMAIL, self.who.email).key
        if _asked(step, address=address) >= CODES_PER_HOUR or confirming.held(step.session, self.who.client_id, now):
            return False
        holders = [one for one in step.around.billing.holders(self.who.email) if self._is_theirs(one)]
        question = self._open("word", address, holders, place="", lifetime=WORD_LIFETIME)
        word = step.around.tokens.sign(Token(TokenKind.DIALOG, question.id))
        links = {channel: f"{start}{word}" for channel, start in step.around.chat_starts.items()}
        letter = say("chat_word", word=word, links=links, until=now + WORD_LIFETIME)
        step.post.alone(
            Address(EMAIL, address, self.who.name),
            letter,
            kind="chat-code",
            language=self.who.language,
            reply_token=dialogs.reply_token(question),
        )
        return True

    def all(self) -> Sequence[Linked]:
        step = self.step
        return chatlinks.seen_by(step.session, step.around.billing, self.who, self._chat, step.around.clock())

    def end(self, links: Sequence[Linked]) -> None:
        """They speak for this account no more; those chats are told, and the owner is where it was asked in a chat."""
        step, now = self.step, self.step.around.clock()
        for row in chatlinks.of_account(step.session, self.who.client_id):
            chat = Address(row.channel, row.chat, row.name)
            if place_of(chat) not in {link.key for link in links}:
                continue
            if not (self.who.owner or row.contact_id == self.who.contact_id):
                continue
            chatlinks.end(step.session, row, self.who.email, now)
            step.tickets.audit(None, self.who.email, "chat.unlinked", client=row.client_id, about=place_of(chat))
            self._tell(row, chat)

    def _tell(self, row: ChatLink, chat: Address) -> None:
        step = self.step
        if chat.key != self._chat.key and chat.channel in step.around.composers:
            ended = say("chat_unlinked", chats=[], here=True)
            step.post.alone(chat, ended, kind="chat-link", language=step.desk.language)
        if self.in_chat:
            ended = say("chat_unlinked_notice", chat=chat, who=self.who)
            step.post.alone(Address(EMAIL, row.email), ended, kind="chat-link", language=self.who.language)

    def _open(
        self, kind: str, address: str, holders: Sequence[AccountHolder], *, place: str, lifetime: timedelta
    ) -> Dialog:
        return dialogs.ask(
            self.step.session,
            kind=kind,
            subject_key=f"{kind}/{place or address}",
            client_id=holders[0].client.id if holders else "",
            address=address,
            place=place,
            arrival_id=self.step.claimed.id,
            ticket_id=None,
            now=self.step.around.clock(),
            lifetime=lifetime,
            learnt={"people": [[one.client.id, one.contact.id if one.contact else ""] for one in holders]},
        )

    def _held(self, holder: AccountHolder) -> bool:
        return confirming.held(self.step.session, holder.client.id, self.step.around.clock())

    def _is_theirs(self, holder: AccountHolder) -> bool:
        contact_id = holder.contact.id if holder.contact else ""
        return (holder.client.id, contact_id) == (self.who.client_id, self.who.contact_id)

    @property
    def _chat(self) -> Address:
        return self.step.message.sender


def _asked(step: Step, *, place: str = "", address: str = "") -> int:
    """How many codes and words were asked for there within the hour, those of this batch included."""
    since = step.around.clock() - timedelta(hours=1)
    there = Dialog.place == place if place else Dialog.address == address
    statement = select(func.count()).select_from(Dialog)
    stored = step.session.scalar(statement.where(there, Dialog.kind.in_(_ASKED), Dialog.created_at > since)) or 0
    waiting = (row for row in step.session.new if isinstance(row, Dialog) and row.kind in _ASKED)
    return stored + sum(1 for row in waiting if (row.place == place if place else row.address == address))


def word_in(step: Step) -> Dialog | None:
    """The letter whose word is said here: the word as it stands, or what a platform makes of the link."""
    found = _START.fullmatch(dialogs.first_line(step.message.text))
    token = step.around.tokens.read(found[1]) if found else None
    if token is None or token.kind is not TokenKind.DIALOG:
        return None
    dialog = step.session.get(Dialog, token.id)
    return dialog if dialog is not None and dialog.kind == "word" else None


def ask_here(step: Step, word: Dialog) -> Dialog | None:
    """Use the word up and ask in this chat whether it shall be linked; None when the word came too late."""
    now = step.around.clock()
    if not dialogs.use(word, "used", now):
        return None
    return dialogs.ask(
        step.session,
        kind="linkyes",
        subject_key=f"linkyes/{place_of(step.message.sender)}",
        client_id=word.client_id,
        address=word.address,
        place=place_of(step.message.sender),
        arrival_id=step.claimed.id,
        ticket_id=None,
        now=now,
        lifetime=CODE_LIFETIME,
        learnt=dict(word.learnt),
    )


def is_the_code(step: Step, question: Dialog, code: str) -> bool:
    """A wrong one costs a try."""
    if step.around.tokens.is_code(question.id, code, question.code_hash):
        return dialogs.use(question, "used", step.around.clock())
    question.tries_left -= 1
    if question.tries_left <= 0:
        question.state = "refused"
    return False


def link(step: Step, question: Dialog) -> list[Principal]:
    """Link the chat of this message to everybody that the question was about and whose address it still is."""
    linked = []
    wanted = {tuple(pair) for pair in question.learnt.get("people", ())}
    for holder in step.around.billing.holders(question.address):
        if (holder.client.id, holder.contact.id if holder.contact else "") in wanted:
            chatlinks.link_to(step.session, step.message.sender, holder, step.around.clock())
            linked.append(principal(holder, Assurance.POSSESSION, step.desk.language))
    return linked
