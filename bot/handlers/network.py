"""How the servers are, what is wrong or planned, and to be told when it is over."""

from __future__ import annotations

from collections.abc import Sequence

from core.access import Missing
from core.context import Context
from core.errors import Refusal
from core.intents import intent
from core.messages import Reply, say
from core.people import Assurance, Risk
from core.ports import NetworkIssue, Server
from core.subscriptions import of_issue


@intent(
    "server.status",
    says=(
        "server status",
        "network status",
        "status of the server {server}",
        "is the server up",
        "is the server {server} online",
        "are there any outages",
        "open network issues",
    ),
    risk=Risk.PUBLIC,
    rows=("F18",),
)
def server_status(ctx: Context, server: Server | None = None) -> Reply:
    """The state of your servers, and troubles or maintenance on them."""
    own = _own_servers(ctx)
    servers = [one for one in ctx.library.servers() if not own or one.name in own]
    if server is not None:
        servers = [server]
    issues = sorted(_about(_open(ctx), {one.name for one in servers}), key=lambda one: one.status == "Scheduled")
    return say(
        "server_status",
        servers=servers,
        issues=issues,
        own=bool(own) and server is None,
        followed=[issue.id for issue in issues if ctx.subscriptions.follows(of_issue(issue.id))],
    )


def _own_servers(ctx: Context) -> set[str]:
    """Names of those that the sender's services are on; nobody's for a mail that does not prove its sender."""
    if not ctx.who.known or ctx.who.assurance < Assurance.ADDRESS:
        return set()
    services = ctx.billing.services(ctx.who.client_id)
    return {one.server for one in services if one.server and one.status in ("Active", "Suspended")}


def _open(ctx: Context) -> list[NetworkIssue]:
    return [issue for issue in ctx.library.network_issues() if not issue.over]


def _about(issues: Sequence[NetworkIssue], servers: set[str]) -> list[NetworkIssue]:
    """Those of these servers, and what is about no server in particular."""
    return [issue for issue in issues if not issue.server or issue.server in servers]


@intent(
    "issue.follow",
    says=(
        "notify me when it is fixed",
        "notify me when this is resolved",
        "notify me about the end of the outage",
        "tell me when webmail is back",
        "tell me when the trouble is over",
        "tell me when webmail works again",
        "let me know when it works again",
        "tell me when the outage is over",
        "let me know when it is fixed",
    ),
    risk=Risk.READ,
    rows=("X42",),
)
def follow(ctx: Context, issue: NetworkIssue | None = None) -> Reply:
    """One message when a trouble is over."""
    meant = issue or _only_one(ctx)
    if meant.over:
        raise Refusal("issue_over", issue=meant)
    before = not ctx.subscriptions.follow(of_issue(meant.id))
    return say("issue_followed", issue=meant, before=before, address=ctx.subscriptions.address)


def _only_one(ctx: Context) -> NetworkIssue:
    """The one trouble that they can mean: of their own servers, and not what is only planned. Raises Missing."""
    issues = _open(ctx)
    if not issues:
        raise Refusal("issue_none")
    near = _about(issues, _own_servers(ctx)) or issues
    now = [one for one in near if one.status != "Scheduled"] or near
    if len(now) > 1:
        raise Missing("issue", tuple(one.title for one in now[:9]))
    return now[0]


@intent(
    "issue.unfollow",
    says=(
        "forget about the outage message",
        "no need to tell me about the outage",
        "i don't need the message about the trouble any more",
        "no more messages about the trouble",
        "i don't need the message about the outage any more",
    ),
    risk=Risk.PUBLIC,
    rows=("X42",),
)
def unfollow(ctx: Context) -> Reply:
    """Not to be told of the end of a trouble after all."""
    stopped = [one for one in _open(ctx) if ctx.subscriptions.stop(of_issue(one.id))]
    return say("issue_unfollowed", issues=stopped)
