"""Referrals: how they do, joining, and being paid."""

from __future__ import annotations

from core.context import Context
from core.errors import Unsupported
from core.intents import intent
from core.messages import Proposal, Reply, say
from core.people import Permission, Risk


@intent(
    "affiliate.show",
    says=(
        "my referrals",
        "how are my referrals doing",
        "affiliate balance",
        "my affiliate link",
        "affiliate program details",
    ),
    risk=Risk.READ,
    permission=Permission.AFFILIATES,
    department="Sales",
    rows=("F24",),
)
def show_affiliate(ctx: Context) -> Reply:
    """Your referrals: visitors, sign-ups, commission and your link."""
    return say("affiliate", affiliate=ctx.profiles.affiliate(ctx.who.client_id), currency=ctx.client().currency)


@intent(
    "affiliate.signup",
    says=("join the affiliate program", "become an affiliate", "sign up for the affiliate programme"),
    risk=Risk.CHANGE,
    permission=Permission.AFFILIATES,
    department="Sales",
    rows=("F24",),
)
def join_affiliates(ctx: Context) -> Reply | Proposal:
    """Join the affiliate programme and get a link of your own."""
    client = ctx.client()
    present = ctx.profiles.affiliate(client.id)
    if present is not None:
        return say("affiliate", affiliate=present, currency=client.currency)
    return Proposal(
        question=say("affiliate_question"),
        done=say("affiliate_joined"),
        act=lambda: ctx.profiles.join_affiliates(client.id).id,
        facts={"affiliate": "no"},
    )


@intent(
    "affiliate.payout",
    says=("pay out my commission", "affiliate payout", "withdraw my affiliate balance", "pay out my referral balance"),
    risk=Risk.HUMAN,
    permission=Permission.AFFILIATES,
    department="Billing",
    rows=("X14",),
)
def pay_out(ctx: Context) -> Reply:
    """Have your commission paid out: Billing sees to it."""
    raise Unsupported("paying commission out")
