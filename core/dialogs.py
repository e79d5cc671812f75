"""Questions open between us and one person; the answer walks the message that raised the question again.

`prove`: did you write this? `confirm` and `code`: shall we do exactly this? `undo`: was that not you? They are sent to
the address on file and answered at a single-use address that only that mailbox has seen. `notice`: something is due,
and one word has it done; its answer is a message like any other that knows what it is about. `ask`: which one do you
mean? It is answered on the ticket. One question is open per person and subject; a newer one supersedes it. An answer
counts once: two that meet are told apart by the row's version, and the second is walked again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.choosing import chosen as chosen
from core.ids import new_id
from core.messages import EMAIL, InboundMessage, Kind, Request, place_of
from core.models import Dialog
from core.tokens import Token, TokenKind, Tokens

LIFETIME = timedelta(hours=24)
TRIES = 5

YES = frozenset(["yes", "ja", "oui", "si", "sì", "sí", "sim", "tak", "yep", "y", "ok", "okay", "confirm"])
OFFERS = {
    "renew": "renew verlängern renouveler renovar rinnovare rinnova verlengen odnów przedłuż",
    "autorenew": "autorenew automatisch automatique automático automatico automatycznie",
    "pay": "pay bezahlen zahlen payer pagar pagare paga betalen betaal zapłać",
    "pdf": "pdf",
    "show": "show zeigen afficher mostrar mostra tonen pokaż",
    "card": "card karte carte tarjeta carta kaart karta cartão",
    "upgrade": "upgrade",
    "keep": "keep behalten garder conservar mantenere houden zachowaj manter",
    "accept": "accept annehmen accepter aceptar accettare aanvaarden akceptuję aceitar",
    "follow": "follow folgen suivre seguir segui volgen śledź",
    "unsubscribe": "unsubscribe abbestellen désabonner baja disiscrivi afmelden wypisz cancelar",
}
"""What a notice offers to do, and the words that ask for it."""
_OFFERED = {word: offer for offer, words in OFFERS.items() for word in words.split()}

NO = frozenset(["no", "nein", "non", "não", "nee", "nie", "nope", "n"])
STOP = frozenset(["stop", "stopp"])
UNDO = frozenset(["undo", "rückgängig", "annuler", "deshacer", "annulla", "ongedaan", "cofnij", "anular"])
_BESIDE_YES = frozenset(
    """
    yes it was is i me we that this did wrote do so go ahead confirm confirmed correct right please thanks thank you ok
    okay sure indeed sir madam ja bitte danke ich war das habe ich oui merci c est moi était s il vous te plaît plait si
    sí por favor gracias soy yo fui sono io per favore grazie sim obrigado obrigada sou eu alstublieft graag dank u je
    bedankt ik was het tak proszę prosze dziękuję dziekuje to ja
    """.split()
)
"""What may stand behind a yes on its line. "Si votre message est urgent" and "Tak for din mail" are no answers."""
_WORD = re.compile(r"\w+")


def ask(
    session: Session,
    *,
    kind: str,
    subject_key: str,
    client_id: str,
    address: str,
    arrival_id: int,
    ticket_id: int | None,
    now: datetime,
    lifetime: timedelta = LIFETIME,
    learnt: dict[str, object] | None = None,
    place: str = "",
) -> Dialog:
    """Open a question; an older one of the same subject is void from now on.

    `place` is the private chat (core.chatlinks.place_of) that it is put in as well.
    """
    older = select(Dialog).where(
        Dialog.client_id == client_id, Dialog.subject_key == subject_key, Dialog.state == "pending"
    )
    for void in session.scalars(older):
        void.state = "superseded"
    dialog = Dialog(
        id=new_id(),
        kind=kind,
        subject_key=subject_key[:200],
        client_id=client_id,
        address=address,
        place=place[:340],
        arrival_id=arrival_id,
        ticket_id=ticket_id,
        learnt=learnt or {},
        code_hash="",
        tries_left=TRIES,
        state="pending",
        created_at=now,
        expires_at=now + lifetime,
    )
    session.add(dialog)
    return dialog


def answered(session: Session, tokens: Tokens, message: InboundMessage) -> Dialog | None:
    """The question whose own reply address this came to, from the person it was put to: by mail, or in the chat."""
    token = tokens.read_address(message.recipient)
    if token is None or token.kind is not TokenKind.DIALOG:
        return None
    dialog = session.get(Dialog, token.id)
    if dialog is None or message.kind is not Kind.PERSON:
        return None
    return dialog if _was_put_to(dialog, message) else None


def _was_put_to(dialog: Dialog, message: InboundMessage) -> bool:
    sender = message.sender
    if sender.channel == EMAIL:
        return dialog.address == sender.key
    return dialog.place == place_of(sender) and not message.shared and message.proof.verified


def put_in(session: Session, place: str, now: datetime) -> Sequence[Dialog]:
    """The questions that are open in a private chat, the newest first."""
    return session.scalars(
        select(Dialog)
        .where(Dialog.place == place, Dialog.state == "pending", Dialog.expires_at > now)
        .order_by(Dialog.created_at.desc(), Dialog.id.desc())
        .limit(20)
    ).all()


def asked_on(session: Session, ticket_id: int, address: str, now: datetime) -> Dialog | None:
    """The open "which one?" of this ticket and person."""
    return session.scalar(
        select(Dialog)
        .where(
            Dialog.ticket_id == ticket_id,
            Dialog.kind == "ask",
            Dialog.address == address,
            Dialog.state == "pending",
            Dialog.expires_at > now,
        )
        .order_by(Dialog.created_at.desc(), Dialog.id.desc())
        .limit(1)
    )


def awaited(session: Session, ticket_id: int, address: str, text: str, now: datetime) -> bool:
    """Does this text answer the open "which one?" of this ticket and person? "Yes, thanks" is then more than thanks."""
    question = asked_on(session, ticket_id, address, now)
    return question is not None and bool(chosen(text, list(question.learnt.get("options", ()))))


def taken_up(dialog: Dialog, text: str) -> Request | None:
    """What a notice offered and its reader asks for with the first word of the answer."""
    line = _WORD.findall(first_line(text).lower())
    wanted = dialog.learnt.get("offers", {}).get(_OFFERED.get(line[0], "") if 0 < len(line) <= 4 else "")
    if wanted is None:
        return None
    return Request(wanted["intent"], {slot: tuple(words) for slot, words in wanted["words"].items()})


def use(dialog: Dialog, state: str, now: datetime) -> bool:
    """Close the question; only while it is open and in time. Two that close it at once meet at its version number."""
    if dialog.state != "pending" or dialog.expires_at <= now:
        return False
    dialog.state = state
    return True


def first_word(text: str) -> str:
    """The word an answer begins with: yes, no, stop, undo, or whatever it is.

    A yes makes things happen, so it counts only on a line of its own, courtesies aside: a robot's first sentence may
    begin with a word that is a yes in some language. The others only stop things.
    """
    line = [word.lower() for word in _WORD.findall(first_line(text))]
    word = line[0] if line else ""
    if word in YES:
        return "yes" if _BESIDE_YES.issuperset(line[1:]) else "yes, and more"
    for meaning, words in (("no", NO), ("stop", STOP), ("undo", UNDO)):
        if word in words:
            return meaning
    return word


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def reply_token(dialog: Dialog) -> Token:
    return Token(TokenKind.DIALOG, dialog.id)
