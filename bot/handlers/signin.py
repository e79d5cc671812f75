"""Getting in: the address of the client area, one-time links, passwords, and what is only set there.

No link that signs in stands in an answer, and no password in any mail: links go in a letter of their own to the address
on file, and passwords are chosen on the page behind them.
"""

from __future__ import annotations

from core.context import Context
from core.errors import Refusal
from core.intents import intent
from core.messages import Proposal, Reply, Request, say
from core.people import Permission, Risk
from core.ports import SHORTEST_PASSWORD


@intent(
    "portal.address",
    says=(
        "where do i log in",
        "address of the client area",
        "where is your client area",
        "client area login",
        "link to the client portal",
        "where can i sign in",
        "what was the website where i can sign in",
        "where can i log in to see my things",
        "wo kann ich mich einloggen",
        "où est-ce que je me connecte",
        "où puis-je me connecter",
        "dónde puedo iniciar sesión",
        "onde posso fazer login",
        "dove posso accedere",
        "waar kan ik inloggen",
        "gdzie mogę się zalogować",
    ),
    risk=Risk.PUBLIC,
    rows=("F3",),
)
def show_portal(ctx: Context) -> Reply:
    """The address of the client area."""
    return say("portal", url=_portal(ctx), who=ctx.who)


@intent(
    "portal.sign_in",
    says=(
        "sign me in",
        "send me a sign-in link",
        "one-click login to the client area",
        "login link for the client area",
    ),
    risk=Risk.SECRET,
    department="Security",
    rows=("F3",),
)
def sign_in(ctx: Context) -> Reply:
    """A one-time link to the client area, sent to your address on file."""
    if not ctx.who.owner:
        raise Refusal("sign_in_owner_only", url=_portal(ctx))
    if not ctx.client().allow_sso:
        raise Refusal("sign_in_off", url=_portal(ctx))
    ctx.tell_home(say("sign_in_link", url=ctx.links.to("sign_in")))
    return say("sign_in_sent", sent_to=ctx.who.email)


@intent(
    "password.reset",
    says=(
        "reset my password",
        "change my password",
        "i forgot my password",
        "i can't log in",
        "new password for the client area",
        "password forgotten",
    ),
    risk=Risk.SECRET,
    department="Security",
    rows=("F37", "F38"),
)
def reset_password(ctx: Context) -> Reply:
    """Choose a new password for the client area, by a link that goes to your address on file."""
    contact = next((it for it in ctx.billing.contacts(ctx.who.client_id) if it.id == ctx.who.contact_id), None)
    if contact is not None and not contact.may_log_in:
        raise Refusal("login_not_active")
    ctx.tell_home(say("password_link", url=ctx.links.to("password"), shortest=SHORTEST_PASSWORD))
    if contact is not None:
        ctx.tell_owner(say("password_notice", who=ctx.who))
    return say("password_sent", sent_to=ctx.who.email)


@intent(
    "password.advice",
    says=(
        "what is a strong password",
        "is this a good password",
        "password rules",
        "tips for a strong password",
        "help me choose a password",
        "how long does a password have to be",
        "how long must a password be",
        "how safe is my password",
    ),
    risk=Risk.PUBLIC,
    department="Security",
    rows=("F39",),
)
def advise_on_passwords(ctx: Context) -> Reply:
    """What makes a password strong, and what a password needs here."""
    return say("password_advice", shortest=SHORTEST_PASSWORD, who=ctx.who)


@intent(
    "security_question.set",
    says=("change my security question", "set a security question", "new security question and answer"),
    risk=Risk.PUBLIC,
    department="Security",
    rows=("F41",),
)
def security_question(ctx: Context) -> Reply:
    """Where to set your security question: in the client area only."""
    return _only_there(ctx, "security_question")


@intent(
    "two_factor.set",
    says=("two-factor authentication", "turn on two-factor login", "set up 2fa", "new phone for two-step verification"),
    risk=Risk.PUBLIC,
    department="Security",
    rows=("X49",),
)
def two_factor(ctx: Context) -> Reply:
    """Where to set up two-factor login: in the client area only."""
    return _only_there(ctx, "two_factor")


@intent(
    "api_key.show",
    says=("my api key", "reset my api key", "send me the api key", "api token"),
    risk=Risk.PUBLIC,
    department="Security",
    rows=("X47",),
)
def api_key(ctx: Context) -> Reply:
    """Where to see or renew your API key: in the client area only."""
    return _only_there(ctx, "api_key")


@intent(
    "linked_accounts.manage",
    says=(
        "unlink my google login",
        "linked accounts",
        "sign in with google",
        "connect my facebook account",
        "remove my twitter login",
    ),
    risk=Risk.PUBLIC,
    department="Security",
    rows=("F40",),
)
def linked_accounts(ctx: Context) -> Reply:
    """Where to link or unlink accounts of Google, Facebook or Twitter: in the client area only."""
    return _only_there(ctx, "linked_accounts")


@intent(
    "sso.disable",
    says=("turn off one-click login", "switch single sign-on off", "disable single sign-on", "forbid sign-in links"),
    risk=Risk.CHANGE,
    permission=Permission.PROFILE,
    safe=True,
    department="Security",
    rows=("F42",),
)
def forbid_sso(ctx: Context) -> Reply | Proposal:
    """Switch one-click sign-in off: no link signs in to your account any more."""
    return _sso(ctx, on=False)


@intent(
    "sso.enable",
    says=(
        "turn on one-click login",
        "switch single sign-on on",
        "enable single sign-on",
        "allow sign-in links",
        "i'd like to have the one-click login again",
        "one-click login again",
    ),
    risk=Risk.SENSITIVE,
    permission=Permission.PROFILE,
    department="Security",
    rows=("F42",),
)
def allow_sso(ctx: Context) -> Reply | Proposal:
    """Switch one-click sign-in on: links and linked accounts may sign in."""
    return _sso(ctx, on=True)


def _sso(ctx: Context, *, on: bool) -> Reply | Proposal:
    client = ctx.client()
    if not ctx.who.owner:
        raise Refusal("owner_only")
    if client.allow_sso is on:
        return say("sso_done", on=on, before=on)
    return Proposal(
        question=say("sso_question", on=on),
        done=say("sso_done", on=on, before=not on),
        act=lambda: ctx.profiles.allow_sso(client.id, allowed=on),
        facts={"sso": str(client.allow_sso)},
        undo=Request("sso.disable", {}) if on else None,
    )


def _portal(ctx: Context) -> str:
    url = ctx.billing.company().portal_url
    if not url:
        raise Refusal("portal_none")
    return url


def _only_there(ctx: Context, what: str) -> Reply:
    return say("portal_only", what=what, url=_portal(ctx))
