"""The price list: plans, extras, endings of domains, and promotion codes."""

from __future__ import annotations

import re

from core.context import Context
from core.intents import intent
from core.messages import Reply, say
from core.people import Risk
from core.ports import CYCLES, Product
from core.promotions import codes_in, promotion_in

_ENDINGS = re.compile(r"\b(?:domains?|tlds?|endings?|\.(?:com|net|org))\b", re.IGNORECASE)


@intent(
    "products.list",
    says=(
        "your prices",
        "which plans do you offer",
        "price list",
        "what does web hosting cost",
        "which hosting plans are there",
        "domain prices",
        "tell me about the {product} plan",
        "how much is the {product} plan",
    ),
    risk=Risk.PUBLIC,
    department="Sales",
    rows=("F21",),
)
def list_products(ctx: Context, product: Product | None = None) -> Reply:
    """What can be ordered and what it costs: plans, extras and domains."""
    currency = ctx.billing.company().currency
    if product is not None:
        return say("product", product=product, currency=currency, cycles=CYCLES)
    if _ENDINGS.search(ctx.text):
        return say("tlds", tlds=ctx.shop.tlds(), currency=currency)
    groups: dict[str, list[Product]] = {}
    for one in ctx.shop.products():
        groups.setdefault(one.group, []).append(one)
    return say("products", groups=groups, currency=currency, cycles=CYCLES)


@intent(
    "promotion.check",
    says=(
        "is the promo code valid",
        "is SAVE10 valid",
        "promo code",
        "is this coupon valid",
        "is my voucher still good",
        "discount code",
        "gilt der gutschein noch",
        "le code promo est-il encore valable",
        "sigue siendo válido el cupón",
        "is de kortingscode nog geldig",
    ),
    risk=Risk.PUBLIC,
    department="Sales",
    rows=("X11",),
)
def check_promotion(ctx: Context) -> Reply:
    """Whether a promotion code is valid, and its terms."""
    codes = codes_in(ctx.text)
    found = promotion_in(ctx.text, ctx.shop)
    return say("promotion", promotion=found, code=codes[0].upper() if codes else "")
