"""The control panel of a hosting: where it is, links straight into it, its password, mailboxes.

A signed-in session and a password are made when a one-time page is opened. Its link goes to the asking person's own
address on file in a letter of its own, and the owner is told when that is not them.
"""

from __future__ import annotations

from core.context import Context
from core.errors import Refusal
from core.forms import Email, Tool
from core.intents import intent
from core.messages import Reply, say
from core.people import Permission, Risk
from core.ports import Service


def panel_of(ctx: Context, service: Service) -> str:
    """The public address of the service's panel. Raises Refusal."""
    if service.status != "Active":
        raise Refusal("service_not_active", service=service)
    address = ctx.panel.panel_url(service)
    if not address:
        raise Refusal("no_panel", service=service)
    return address


@intent(
    "cpanel.details",
    says=(
        "cpanel username of {service}",
        "what is my cpanel username",
        "cpanel address of {service}",
        "where is the control panel of {service}",
        "control panel user name for {service}",
        "ftp username of {service}",
        "my cpanel user name",
        "what's my cpanel user name",
        "my ftp user name",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    rows=("F50", "F65"),
)
def show_login(ctx: Context, service: Service) -> Reply:
    """The address of a hosting's control panel and its user name; never the password."""
    return say("panel_details", service=service, url=panel_of(ctx, service))


@intent(
    "cpanel.login",
    says=(
        "log in to cpanel of {service}",
        "cpanel login for {service}",
        "sign in to the control panel of {service}",
        "open cpanel",
        "open the control panel of {service}",
        "link to cpanel of {service}",
    ),
    risk=Risk.SECRET,
    permission=Permission.PRODUCT_SSO,
    rows=("F65",),
)
def log_in(ctx: Context, service: Service) -> Reply:
    """A one-time link to the control panel of a hosting."""
    return _link(ctx, service, "")


@intent(
    "cpanel.shortcut",
    says=(
        "open the e-mail accounts of {service}",
        "open the mailboxes of {service}",
        "forwarders of {service}",
        "autoresponder for {service}",
        "open the file manager of {service}",
        "open the backup page of {service}",
        "subdomains of {service}",
        "addon domains of {service}",
        "cron jobs of {service}",
        "mysql databases of {service}",
        "open phpmyadmin for {service}",
        "awstats of {service}",
        "visitor statistics of {service}",
        "manage the wordpress of {service}",
    ),
    risk=Risk.SECRET,
    permission=Permission.PRODUCT_SSO,
    rows=("F53", "F54", "F55", "F56", "F57", "F58", "F59", "F60", "F61", "F62", "F63", "F69"),
)
def open_tool(ctx: Context, service: Service, tool: Tool) -> Reply:
    """A one-time link straight to a page of the control panel: mailboxes, forwarders, files, backup, databases, …."""
    return _link(ctx, service, tool)


@intent(
    "webmail.login",
    says=("webmail", "webmail of {service}", "webmail link for {service}", "where is my webmail", "log in to webmail"),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    rows=("F66",),
)
def webmail(ctx: Context, service: Service) -> Reply:
    """The address of the webmail of a hosting."""
    panel_of(ctx, service)
    return say("webmail", service=service, url=ctx.panel.webmail_url(service))


@intent(
    "service.password_change",
    says=(
        "change the hosting password of {service}",
        "reset my cpanel password",
        "new cpanel password for {service}",
        "reset the ftp password of {service}",
        "new password for the control panel of {service}",
    ),
    risk=Risk.SECRET,
    permission=Permission.MANAGE_PRODUCTS,
    rows=("F51",),
)
def change_password(ctx: Context, service: Service) -> Reply:
    """A new password for the control panel and FTP of a hosting, shown once behind a link."""
    panel_of(ctx, service)
    ctx.tell_home(say("panel_password_link", service=service, url=ctx.links.to("panel_password", service=service.id)))
    _tell_owner(ctx, service, "password")
    return say("panel_password_sent", service=service, sent_to=ctx.who.email)


@intent(
    "mailbox.create",
    says=(
        "create a mailbox",
        "create an e-mail account",
        "new mailbox",
        "set up a new e-mail address",
        "add another mailbox",
        "create the address",
        "neues postfach",
        "ich brauche ein neues postfach",
        "nouvelle boîte mail",
        "nueva cuenta de correo",
        "nuova casella",
        "nieuwe mailbox",
        "nowa skrzynka",
    ),
    risk=Risk.SECRET,
    permission=Permission.MANAGE_PRODUCTS,
    rows=("F64",),
)
def create_mailbox(ctx: Context, address: Email) -> Reply:
    """A new mailbox on one of your hostings; its password is shown once behind a link."""
    wanted = Email(address.strip().lower())
    domain = wanted.partition("@")[2]
    own = [one for one in ctx.billing.services(ctx.who.client_id) if one.domain.lower() == domain]
    service = next((one for one in own if one.status == "Active"), own[0] if own else None)
    if service is None:
        raise Refusal("mailbox_no_service", address=wanted, domain=domain)
    panel_of(ctx, service)
    url = ctx.links.to("mailbox", service=service.id, address=wanted)
    ctx.tell_home(say("mailbox_link", address=wanted, url=url))
    _tell_owner(ctx, service, "mailbox")
    return say("mailbox_sent", address=wanted, sent_to=ctx.who.email)


def _link(ctx: Context, service: Service, tool: str) -> Reply:
    public = panel_of(ctx, service)
    url = ctx.links.to("panel", service=service.id, tool=tool)
    ctx.tell_home(say("panel_link", service=service, tool=tool, url=url))
    _tell_owner(ctx, service, tool or "panel")
    return say("panel_link_sent", service=service, tool=tool, sent_to=ctx.who.email, public=public)


def _tell_owner(ctx: Context, service: Service, what: str) -> None:
    """An owner who asked has the letter with the link, and needs no second one."""
    if not ctx.who.owner:
        ctx.tell_owner(say("panel_notice", service=service, what=what, who=ctx.who))
