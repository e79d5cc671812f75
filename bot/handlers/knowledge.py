"""The knowledge base: what is in it, the article that answers a question, and what readers think of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from core import search
from core.articles import fitting
from core.context import Context
from core.dialogs import NO, YES, first_line, first_word
from core.errors import Refusal, Unsupported
from core.forms import Text
from core.intents import intent
from core.messages import Reply, Request, say
from core.people import Risk
from core.ports import Article

_BY_NUMBER = re.compile(r"\barticle\s+#?(?:no\.?\s*|number\s+)?(\d{1,9})\b", re.IGNORECASE)
_ASKED_TO_SEARCH = re.compile(
    r"\b(?:(?:in|of) )?(?:the |your )?(?:knowledge ?base|knowledgebase|kb|help articles?)\b", re.IGNORECASE
)
_WORD = re.compile(r"[\w']+")
_HELPED = frozenset(
    """
    helped helpful useful solved worked geholfen hilfreich gelöst aidé aidée utile utiles résolu ayudó ayudado útil
    resuelto aiutato risolto geholpen nuttig opgelost pomogło pomógł pomocne ajudou resolvido
    """.split()
)
"""What says that it helped, in any of the languages."""
_NOT = frozenset("not no didn't doesn't hasn't wasn't never nicht nie pas jamais non niet geen não nao nunca".split())
_BUT = frozenset(
    "but still however only except aber noch mais pero todavía ma però maar nog ale jeszcze mas ainda".split()
)
_ANSWERS = tuple(sorted((word for word in YES | NO | _HELPED if len(word) > 1), key=len, reverse=True))
_COURTESY = 4
"""So many words a plain yes or no may have; with more it says something that a person should read."""
_SENTENCE = 8
"""So many words "the article about SSL was useful, thank you" has."""


@intent(
    "kb.list",
    says=("knowledge base", "your knowledge base", "contents of the knowledge base", "titles in the knowledge base"),
    risk=Risk.PUBLIC,
    rows=("F13",),
)
def list_articles(ctx: Context) -> Reply:
    """All articles of the knowledge base, by subject."""
    own = _in_language(ctx.library.articles(), ctx.who.language)
    by_category = [(name, list(group)) for name, group in groupby(own, key=lambda article: article.category)]
    return say("kb_articles", categories=by_category)


def _in_language(articles: Sequence[Article], language: str) -> list[Article]:
    """Those in the reader's language; where there are none, the English ones, or all."""
    for wanted in (language, "en"):
        own = [one for one in articles if one.language.partition("-")[0] == wanted.partition("-")[0]]
        if own:
            return own
    return list(articles)


@intent(
    "kb.search",
    says=(
        "articles about ssl",
        "articles about",
        "search the knowledge base for",
        "find an article about",
        "is there an article about",
        "show article 5",
        "instructions for mail on a phone",
        "set up mail on my phone",
    ),
    risk=Risk.PUBLIC,
    rows=("F13",),
)
def find_article(ctx: Context, text: Text) -> Reply:
    """The article that answers a question; what no article answers is read by a person."""
    article, others = _found(ctx.library.articles(), text, ctx.who.language)
    if article is None and not search.words_of(_ASKED_TO_SEARCH.sub(" ", text)):
        return list_articles(ctx)
    if article is None:
        raise Unsupported("no article answers this")
    ctx.tickets.expect(Request("kb.feedback", {"article": (article.id,)}), "text", _ANSWERS)
    return say("kb_article", article=article, others=others)


def _found(articles: Sequence[Article], text: str, language: str) -> tuple[Article | None, list[Article]]:
    """The article named by its number or title, or the one that fits best; and the next ones."""
    by_key = {article.id: article for article in articles}
    number = _BY_NUMBER.search(text)
    if number and number[1] in by_key:
        return by_key[number[1]], []
    hits = fitting(articles, _ASKED_TO_SEARCH.sub(" ", text), language)
    return (hits[0], hits[1:]) if hits else (None, [])


@intent(
    "kb.feedback",
    says=("article 5 helped", "the article helped", "the article was no help", "article 5 was useful"),
    risk=Risk.PUBLIC,
    rows=("F14",),
)
def vote(ctx: Context, text: Text, article: Article | None = None) -> Reply:
    """Whether an article helped."""
    found = article or _found(ctx.library.articles(), text, ctx.who.language)[0]
    helped = _helped(ctx.text)
    if found is None or helped is None:
        raise Unsupported("says more than whether an article helped")
    ctx.feedback.voted(found.id, helped=helped)
    if not helped:
        ctx.tickets.show_staff()
    return say("kb_voted", article=found, helped=helped)


def _helped(text: str) -> bool | None:
    """Yes or no, or None when there is more to it."""
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) <= _SENTENCE and "?" not in text and _BUT.isdisjoint(words):
        if re.search(r"\b(?:no help|useless)\b", text, re.IGNORECASE):
            return False
        if not _HELPED.isdisjoint(words) or "was a help" in text.lower():
            return _NOT.isdisjoint(words)
    if len(words) > _COURTESY:
        return None
    word = first_word(text)
    return {"yes": True, "no": False}.get(word.partition(",")[0])


@intent(
    "kb.comment",
    says=(
        "comment on article 5",
        "a comment on the article about ssl",
        "feedback on article 5",
        "article 5 is out of date",
    ),
    risk=Risk.PUBLIC,
    rows=("F15",),
)
def comment(ctx: Context, text: Text) -> Reply:
    """Tell us what an article should say; it is read by us and never published."""
    heading, said = _comment_in(text)
    article, _ = _found(ctx.library.articles(), heading, ctx.who.language)
    if article is None:
        raise Unsupported("a comment on an article that is not found")
    if not said:
        raise Refusal("kb_comment_how", article=article)
    ctx.feedback.commented(article.id, said)
    ctx.tickets.show_staff()
    return say("kb_commented", article=article)


def _comment_in(text: str) -> tuple[str, str]:
    """What it is on, and the comment: behind the colon, or the rest of the message."""
    line = first_line(text)
    heading, colon, said = line.partition(":")
    rest = text.partition(line)[2]
    if not colon and (complaint := re.search(r"\barticle\s+#?\d+\s+(?:is|says|should|lacks)\b.*", line, re.IGNORECASE)):
        return line, f"{complaint[0]}\n{rest}".strip()
    return heading, f"{said.strip()}\n{rest}".strip()


@intent(
    "kb.link",
    says=(
        "link to article 5",
        "share article 5",
        "link to the article about ssl",
        "where is article 5 on your website",
    ),
    risk=Risk.PUBLIC,
    rows=("F16",),
)
def link(ctx: Context, text: Text) -> Reply:
    """The address of an article, for you to pass on."""
    article, _ = _found(ctx.library.articles(), text, ctx.who.language)
    if article is None:
        raise Unsupported("a link to an article that is not found")
    return say("kb_link", article=article, portal=ctx.billing.company().portal_url)
