"""Quotes: what we offered, to read, to keep, to accept, to decline or to talk about."""

from __future__ import annotations

from dataclasses import replace

from core.access import Missing, name_of
from core.context import Context
from core.errors import Refusal, Unsupported
from core.intents import intent
from core.messages import Attachment, Proposal, Reply, say
from core.people import Permission, Risk
from core.ports import Invoice, Letterhead, Quote


def the_open_one(ctx: Context, quote: Quote | None) -> Quote:
    """The one that is meant: named, or the only one that waits for an answer. Raises Missing and Refusal."""
    if quote is not None:
        if not quote.open(ctx.today):
            raise Refusal("quote_not_open", quote=quote, today=ctx.today)
        return quote
    waiting = [one for one in ctx.ledger.quotes(ctx.who.client_id) if one.open(ctx.today)]
    if not waiting:
        raise Refusal("quotes_none_open")
    if len(waiting) > 1:
        raise Missing("quote", tuple(name_of(one) for one in waiting[:9]))
    return waiting[0]


@intent(
    "quotes.list",
    says=(
        "my quotes",
        "show the quote {quote}",
        "the quote from you",
        "which quotes are open",
        "which offers do i have",
        "what did you offer us",
    ),
    risk=Risk.READ,
    permission=Permission.QUOTES,
    department="Sales",
    rows=("F90",),
)
def list_quotes(ctx: Context, quote: Quote | None = None) -> Reply:
    """The quotes you got from us, or one of them in full."""
    quotes = ctx.ledger.quotes(ctx.who.client_id)
    if quote is None and len(quotes) == 1:
        quote = quotes[0]
    if quote is not None:
        return say("quote", quote=quote, today=ctx.today)
    return say("quotes", quotes=quotes, today=ctx.today)


@intent(
    "quote.pdf",
    says=("quote {quote} as pdf", "pdf of the quote", "download the quote {quote}", "print the quote {quote}"),
    risk=Risk.READ,
    permission=Permission.QUOTES,
    department="Sales",
    rows=("F90",),
)
def send_pdf(ctx: Context, quote: Quote) -> Reply:
    """A quote as PDF."""
    content = ctx.documents.quote(quote, Letterhead(ctx.billing.company(), ctx.client(), ctx.who.language))
    file = Attachment(f"Quote {quote.id}.pdf", "application/pdf", content)
    return replace(say("quote_pdf", quote=quote), attachments=(file,))


@intent(
    "quote.accept",
    says=(
        "accept quote {quote}",
        "we accept your quote {quote}",
        "i accept the offer",
        "go ahead with the quote {quote}",
        "order what you offered in quote {quote}",
        "wir nehmen das angebot an",
        "we accept your quote",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.QUOTES,
    department="Sales",
    rows=("X1",),
)
def accept(ctx: Context, quote: Quote | None = None) -> Reply | Proposal:
    """Accept a quote, which becomes an invoice."""
    quote = the_open_one(ctx, quote)
    made: list[Invoice] = []
    return Proposal(
        question=say("quote_accept_question", quote=quote),
        done=say("quote_accept_done", quote=quote, made=made),
        act=lambda: made.append(ctx.ledger.accept_quote(quote)),
        facts={"quote": quote.id, "total": str(quote.total), "stage": quote.stage, "items": str(quote.items)},
    )


@intent(
    "quote.decline",
    says=(
        "decline quote {quote}",
        "we decline your quote {quote}",
        "reject quote {quote}",
        "i decline the offer",
    ),
    risk=Risk.CHANGE,
    permission=Permission.QUOTES,
    department="Sales",
    rows=("X2",),
)
def decline(ctx: Context, quote: Quote | None = None) -> Reply | Proposal:
    """Decline a quote."""
    quote = the_open_one(ctx, quote)
    return Proposal(
        question=say("quote_decline_question", quote=quote),
        done=say("quote_decline_done", quote=quote),
        act=lambda: ctx.ledger.decline_quote(quote),
        facts={"quote": quote.id, "stage": quote.stage},
    )


@intent(
    "quote.question",
    says=(
        "a question about quote {quote}",
        "quote {quote} is too expensive",
        "can you do quote {quote} cheaper",
        "a discount on quote {quote}",
        "please change the quote {quote}",
        "your offer is too expensive",
    ),
    risk=Risk.READ,
    permission=Permission.QUOTES,
    department="Sales",
    rows=("X2",),
)
def ask(ctx: Context, quote: Quote | None = None) -> Reply:
    """Talk about a quote with our Sales team."""
    named = quote or next((one for one in ctx.ledger.quotes(ctx.who.client_id) if one.open(ctx.today)), None)
    about = f"quote {named.id}: {named.subject}, {named.total} {named.currency}, {named.stage}" if named else "no quote"
    raise Unsupported(f"a person talks about quotes; {about}")
