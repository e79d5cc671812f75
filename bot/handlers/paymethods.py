"""How the account pays: cards on file by their last digits, and the method of future invoices. Never a card number."""

from __future__ import annotations

from core.context import Context
from core.errors import Refusal
from core.forms import Text
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import PayMethod


@intent(
    "payment_methods.list",
    says=(
        "my payment methods",
        "which cards do you have on file",
        "saved cards",
        "which ways to pay do we use",
        "payment method",
        "which cards do you have of me",
        "which cards do you have",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F34", "X9"),
)
def list_pay_methods(ctx: Context) -> Reply:
    """The cards and accounts on file, by their last digits, and how future invoices are paid."""
    return _listed(ctx)


@intent(
    "payment_method.update",
    says=(
        "add a credit card",
        "change my credit card",
        "update my card details",
        "new credit card",
        "add a payment method",
        "my card expires",
    ),
    risk=Risk.READ,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F34",),
)
def add_card(ctx: Context) -> Reply:
    """Where to add or change a card: on the secure page, never by mail."""
    return say("paymethod_page", url=ctx.profiles.pay_method_page(ctx.who.client_id))


@intent(
    "payment_method.default",
    says=(
        "make another card the default",
        "default card",
        "charge my other card from now on",
        "set the default payment method",
        "use the other card as the default from now on",
        "as the default from now on",
        "make this card the default",
    ),
    risk=Risk.CHANGE,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("X9",),
)
def set_default(ctx: Context, method: PayMethod) -> Reply | Proposal:
    """Choose which card on file is charged."""
    if method.default:
        return say("paymethod_default_done", method=method, before=True)
    present = next((it for it in ctx.profiles.pay_methods(ctx.who.client_id) if it.default), None)
    return Proposal(
        question=say("paymethod_default_question", method=method, present=present),
        done=say("paymethod_default_done", method=method, before=False),
        act=lambda: ctx.profiles.set_default_pay_method(method),
        facts={"default": present.id if present else "", "expires": method.expires},
        undo=Request("payment_method.default", {"method": (f"{present.type} {present.description}".strip(),)})
        if present
        else None,
    )


@intent(
    "payment_method.remove",
    says=(
        "remove a card",
        "delete my old card",
        "remove my visa",
        "remove my mastercard",
        "delete a saved payment method",
        "forget my card",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("X9",),
)
def remove(ctx: Context, method: PayMethod) -> Reply | Proposal:
    """Remove a card or account from file."""
    if method.default and len(ctx.profiles.pay_methods(ctx.who.client_id)) > 1:
        raise Refusal("paymethod_is_default", method=method)
    return Proposal(
        question=say("paymethod_remove_question", method=method),
        done=say("paymethod_removed", method=method),
        act=lambda: ctx.profiles.remove_pay_method(method),
        facts={"default": str(method.default)},
    )


@intent(
    "payment_method.gateway",
    says=(
        "switch me to paypal",
        "pay by bank transfer from now on",
        "change our payment method",
        "pay future invoices by card",
        "ich möchte künftig per überweisung zahlen",
        "künftig per lastschrift zahlen",
        "in future i want to pay by bank transfer",
        "en adelante quiero pagar por transferencia",
        "voortaan per overschrijving betalen",
    ),
    risk=Risk.CHANGE,
    permission=Permission.INVOICES,
    department="Billing",
    rows=("F35",),
)
def set_gateway(ctx: Context, text: Text) -> Reply | Proposal:
    """Choose how future invoices are paid: by card, bank transfer or another method on offer."""
    client, offered = ctx.client(), ctx.billing.company().gateways
    named = [gateway for gateway in offered if _plain(gateway) in _plain(text)]
    if len(named) != 1:
        raise Refusal("gateway_which", offered=offered, present=client.payment_method)
    gateway = named[0]
    if gateway == client.payment_method:
        return say("gateway_done", gateway=gateway, before=True)
    back = client.payment_method
    return Proposal(
        question=say("gateway_question", gateway=gateway, present=client.payment_method),
        done=say("gateway_done", gateway=gateway, before=False),
        act=lambda: ctx.profiles.update(client.id, {"payment_method": gateway}),
        facts={"payment_method": client.payment_method},
        undo=Request("payment_method.gateway", {"text": (back,)}) if back else None,
    )


def _plain(words: str) -> str:
    return "".join(character for character in words.lower() if character.isalnum())


def _listed(ctx: Context) -> Reply:
    client = ctx.client()
    return say(
        "paymethods",
        methods=ctx.profiles.pay_methods(client.id),
        gateway=client.payment_method,
        url=ctx.profiles.pay_method_page(client.id),
        today=ctx.today,
    )
