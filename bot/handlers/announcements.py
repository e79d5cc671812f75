"""Announcements: what is new, one of them in full, and to be told of the next."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core import search
from core.context import Context
from core.errors import Unsupported
from core.forms import Text
from core.intents import intent
from core.messages import Reply, say
from core.people import Risk
from core.ports import Announcement
from core.subscriptions import NEWS

SHOWN = 3
_NUMBER = re.compile(r"\b(\d{1,2})\b")


@intent(
    "announcements",
    says=(
        "announcements",
        "latest news",
        "list the announcements",
        "latest announcements",
        "is there any maintenance this week",
        "any planned maintenance",
    ),
    risk=Risk.PUBLIC,
    rows=("F12",),
)
def list_announcements(ctx: Context) -> Reply:
    """The latest announcements."""
    latest = list(ctx.library.announcements())[:SHOWN]
    return say(
        "announcements",
        announcements=[(one, search.first_paragraph(one.body)) for one in latest],
        longer=[one.id for one in latest if search.first_paragraph(one.body) != one.body.strip()],
        planned=[issue for issue in ctx.library.network_issues() if issue.status == "Scheduled"],
        follows=ctx.subscriptions.follows(NEWS),
    )


@intent(
    "announcement.read",
    says=("read news 2", "read 1", "read 2", "read 3", "read the announcement", "show the announcement about"),
    risk=Risk.PUBLIC,
    rows=("F12",),
)
def read_announcement(ctx: Context, text: Text) -> Reply:
    """One announcement in full, by its number or its subject."""
    announcements = list(ctx.library.announcements())
    found = _meant(announcements, text, ctx.who.language)
    if found is None:
        raise Unsupported("no announcement fits what was written")
    return say("announcement", announcement=found, follows=ctx.subscriptions.follows(NEWS))


def _meant(announcements: Sequence[Announcement], text: str, language: str) -> Announcement | None:
    """By its number in the list, else by what it is about; the newest of several."""
    pages = [search.Page(one.id, one.title, body=one.body, language=language) for one in announcements]
    by_subject = search.best(_subject(text), pages, language=language)
    if by_subject:
        return next(one for one in announcements if one.id == by_subject[0].key)
    number = _NUMBER.search(text)
    if number and 1 <= int(number[1]) <= len(announcements):
        return announcements[int(number[1]) - 1]
    return None


def _subject(text: str) -> str:
    return re.sub(r"\b(?:announcements?|news|announced)\b", " ", text, flags=re.IGNORECASE)


@intent(
    "announcements.subscribe",
    says=(
        "subscribe to the news",
        "subscribe news",
        "follow your announcements",
        "keep me posted on news",
        "i'd like to get your announcements",
        "get your announcements by mail",
        "mail me your news",
        "send me your announcements by mail",
    ),
    risk=Risk.READ,
    rows=("F12",),
)
def subscribe(ctx: Context) -> Reply:
    """Get our announcements by mail."""
    return say("news_subscribed", before=not ctx.subscriptions.follow(NEWS), address=ctx.subscriptions.address)


@intent(
    "announcements.unsubscribe",
    says=(
        "unsubscribe from the news",
        "unsubscribe news",
        "unsubscribe",
        "no more announcements",
        "take me off the announcements",
        "stop sending me announcements",
        "i don't want your announcements any more",
    ),
    risk=Risk.PUBLIC,
    rows=("F12",),
)
def unsubscribe(ctx: Context) -> Reply:
    """Get no more announcements by mail."""
    return say("news_unsubscribed", before=ctx.subscriptions.stop(NEWS))
