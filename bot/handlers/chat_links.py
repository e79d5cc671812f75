"""Chat accounts that speak for a client: linked by the mailbox on file, listed, and unlinked from either side."""

from __future__ import annotations

from collections.abc import Sequence

from core.chatlinks import Linked
from core.context import Context
from core.errors import Refusal
from core.forms import Email, Text
from core.intents import intent
from core.messages import Reply, say
from core.people import Assurance, Risk

_CHANNELS = ("telegram", "slack")


@intent(
    "chat.link",
    says=(
        "link my telegram",
        "link my slack account",
        "link my chat account",
        "link this chat to my account",
        "connect telegram to my account",
        "connect my slack with my account",
    ),
    risk=Risk.PUBLIC,
    department="Security",
)
def link_chat(ctx: Context, email: Email | None = None) -> Reply:
    """Link Slack or Telegram to your account, by a code or word that goes to your address on file."""
    if not ctx.chats.in_chat:
        return _by_mail(ctx)
    if ctx.chats.at_terminal:
        raise Refusal("chat_terminal")
    if ctx.chats.shared:
        raise Refusal("chat_link_private")
    if email is None:
        return say("chat_link_how", in_chat=True)
    ctx.chats.ask_for_code(email)
    return say("chat_link_asked", email=email, minutes=ctx.chats.minutes)


def _by_mail(ctx: Context) -> Reply:
    """A word goes to the address on file of whoever is proved to ask; others read how to begin in the chat."""
    if not ctx.who.known or ctx.who.assurance < Assurance.ADDRESS:
        return say("chat_link_how", in_chat=False)
    if not ctx.chats.send_word():
        raise Refusal("too_many_codes")
    return say("chat_word_sent", sent_to=ctx.who.email)


@intent(
    "chat.links",
    says=(
        "which chats are linked",
        "which chat accounts are linked to my account",
        "show my linked chats",
        "which telegram is linked to us",
        "is my slack linked",
    ),
    risk=Risk.READ,
    department="Security",
)
def list_chats(ctx: Context) -> Reply:
    """The chat accounts that are linked to your account, and since when."""
    return say("chat_links", links=ctx.chats.all(), owner=ctx.who.owner)


@intent(
    "chat.unlink",
    says=(
        "unlink my telegram",
        "unlink my slack",
        "unlink this chat",
        "unlink my chat account",
        "remove the link to my telegram",
        "disconnect slack from my account",
        "disconnect my telegram from my account",
    ),
    risk=Risk.CHANGE,
    safe=True,
    department="Security",
    rows=("F1",),
)
def unlink_chats(ctx: Context, text: Text) -> Reply:
    """Unlink a chat account: from then on it is answered as a stranger's."""
    chosen = _meant(ctx.chats.all(), text)
    if not chosen:
        raise Refusal("chat_links", links=(), owner=ctx.who.owner)
    ctx.chats.end(chosen)
    return say("chat_unlinked", chats=chosen, here=any(link.here for link in chosen))


def _meant(links: Sequence[Linked], text: str) -> list[Linked]:
    """The very one by its key; this chat; those of the platforms or people that are named; else all of one's own."""
    said = text.lower()
    for named in (
        [link for link in links if link.key == text.strip()],
        [link for link in links if link.here and not any(channel in said for channel in _CHANNELS)],
        [link for link in links if not link.own and link.person.lower() in said],
    ):
        if named:
            return named
    channels = [channel for channel in _CHANNELS if channel in said] or list(_CHANNELS)
    return [link for link in links if link.own and link.channel in channels]
