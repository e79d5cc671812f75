"""The weekly overview by mail: what is open, for whoever wants it."""

from __future__ import annotations

from core.context import Context
from core.errors import Refusal
from core.intents import intent
from core.messages import Reply, say
from core.people import Risk
from core.subscriptions import DIGEST


@intent(
    "digest.subscribe",
    says=(
        "weekly overview",
        "send me a weekly overview",
        "send me a weekly digest",
        "weekly summary by mail",
        "mail me every week what is open",
        "wöchentliche Übersicht",
        "un récapitulatif hebdomadaire",
        "un resumen semanal",
        "un riepilogo settimanale",
        "een wekelijks overzicht",
        "cotygodniowe podsumowanie",
        "um resumo semanal",
    ),
    risk=Risk.READ,
    rows=("F8",),
)
def subscribe(ctx: Context) -> Reply:
    """Get an overview of what is open every Monday: tickets, invoices, domains that end soon."""
    if not ctx.who.owner:
        raise Refusal("owner_only")  # It tells of the whole account.
    return say("digest_subscribed", before=not ctx.subscriptions.follow(DIGEST), address=ctx.subscriptions.address)


@intent(
    "digest.unsubscribe",
    says=("no more weekly overview", "stop the weekly overview", "end the weekly digest"),
    risk=Risk.PUBLIC,
    rows=("F8",),
)
def unsubscribe(ctx: Context) -> Reply:
    """Get the weekly overview no more."""
    return say("digest_unsubscribed", before=ctx.subscriptions.stop(DIGEST))
