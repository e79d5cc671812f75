"""What clients are told without asking: which notices an account is due today.

Pure functions from what a client has, and the day, to notices. A ladder has steps (30 days before, 7, 1…); only the
last step that was reached counts, and only while it is fresh: after a day of downtime, a clock that jumped or a first
start on old data each thing gives one notice at most, or none.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.messages import Reply, Request, say
from core.ports import (
    Announcement,
    Cancellation,
    Client,
    Domain,
    Invoice,
    NetworkIssue,
    PayMethod,
    Quote,
    Service,
    When,
)

KINDS = (
    "invoice",
    "domain",
    "transfer",
    "card",
    "service",
    "cancellation",
    "quote",
    "trouble",
    "news",
    "issue",
    "digest",
)
"""The first part of a notice's key: what an operator can leave to the billing system."""
FRESH_DAYS = 2
"""How late a step may still be told: what was missed longer is left to the next step."""

INVOICE_STEPS = (-7, -3, -1, 1, 5, 10)
DOMAIN_STEPS = (-60, -30, -7, -1, 3)
CARD_STEPS = (-30, -7)
QUOTE_STEPS = (-7, -1)
USAGE_STEPS = (95, 80)
TRANSFERRED_DAYS = 7
"""That a domain has arrived is good to know for longer than a step of a ladder."""
TRANSFER_DAYS = 30
"""So long after it began, the end of a transfer is still news; it takes up to 14 days."""
TROUBLE_LIFETIME = timedelta(days=1)
"""What is older, and still open, its readers have noticed."""
ENDED_DAYS = 30
"""How late the end of a service may still be told: nobody shall wonder where their website is."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell; `key` is what makes it that thing, for ever.

    `preference` is the kind of mail that its readers must want. `offers` are the words that it can be answered with,
    and what they ask for; `about` is what a longer answer is about, by slot.
    """

    key: str
    preference: str
    reply: Reply
    offers: Mapping[str, Request] = field(default_factory=dict)
    about: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """What one client has, as the systems behind the desk tell it today."""

    client: Client
    invoices: Sequence[Invoice] = ()
    domains: Sequence[Domain] = ()
    services: Sequence[Service] = ()
    cancellations: Sequence[tuple[Service, Cancellation]] = ()
    endings: Sequence[tuple[Service, Cancellation]] = ()
    pay_methods: Sequence[PayMethod] = ()
    quotes: Sequence[Quote] = ()


def due(account: Account, today: date) -> Iterator[Notice]:
    """Everything that this account is to be told today, at most one notice for each thing."""
    for invoice in account.invoices:
        yield from _of_invoice(invoice, today)
    for domain in account.domains:
        yield from _of_domain(domain, account, today)
        yield from _of_transfer(domain, today)
    for method in account.pay_methods:
        yield from _of_card(method, today)
    for service in account.services:
        yield from _of_service(service, account, today)
    for service, cancellation in account.cancellations:
        yield from _of_cancellation(service, cancellation, today)
    for service, cancellation in account.endings:
        yield from _of_ending(service, cancellation, account, today)
    for quote in account.quotes:
        yield from _of_quote(quote, today)


def step_reached(day: date, steps: Sequence[int], today: date) -> int | None:
    """The last step that was reached, in days after `day`, while it is fresh."""
    reached = [step for step in steps if day + timedelta(days=step) <= today]
    if not reached or today - (day + timedelta(days=max(reached))) > timedelta(days=FRESH_DAYS):
        return None
    return max(reached)


def _fresh(day: date | None, today: date) -> bool:
    return _within(day, today, FRESH_DAYS)


def _of_invoice(invoice: Invoice, today: date) -> Iterator[Notice]:
    about = {"invoice": (invoice.number,)}
    if invoice.status == "Paid":
        paid = max((payment.date for payment in invoice.transactions if payment.amount > 0), default=None)
        if _fresh(paid, today):
            reply = say("notice_paid", invoice=invoice)
            yield Notice(f"invoice/{invoice.id}/paid", "invoice", reply, {"pdf": Request("invoice.pdf", about)}, about)
        return
    if invoice.status != "Unpaid":
        return
    step = step_reached(invoice.due_date, INVOICE_STEPS, today)
    key = f"invoice/{invoice.id}/{step:+d}" if step is not None else f"invoice/{invoice.id}/new"
    if step is None and not _fresh(invoice.date, today):
        return
    offers = {
        "pay": Request("invoice.pay", about),
        "pdf": Request("invoice.pdf", about),
        "show": Request("invoice.show", about),
    }
    yield Notice(key, "invoice", say("notice_invoice", invoice=invoice, today=today), offers, about)


def _of_domain(domain: Domain, account: Account, today: date) -> Iterator[Notice]:
    if domain.expires is None or not domain.held:
        return
    step = step_reached(domain.expires, DOMAIN_STEPS, today)
    if step is None:
        return
    about = {"domain": (domain.name,)}
    offers = {"renew": Request("domain.renew", {**about, "years": ("1",)})}
    if not domain.auto_renew and domain.expires > today:
        offers["autorenew"] = Request("domain.autorenew_on", about)
    reply = say("notice_domain", domain=domain, currency=account.client.currency, today=today)
    yield Notice(f"domain/{domain.id}/{domain.expires}/{step:+d}", "domain", reply, offers, about)


def _of_transfer(domain: Domain, today: date) -> Iterator[Notice]:
    """A transfer to us that has ended: the domain is here, or it is not coming."""
    about = {"domain": (domain.name,)}
    if domain.held and _within(domain.transferred, today, TRANSFERRED_DAYS):
        offers = {"show": Request("domain.show", about)}
        if not domain.auto_renew:
            offers["autorenew"] = Request("domain.autorenew_on", about)
        key = f"transfer/{domain.id}/{domain.transferred}/done"
        yield Notice(key, "domain", say("notice_transferred", domain=domain), offers, about)
    elif domain.transfer_failed and _within(domain.transfer_requested, today, TRANSFER_DAYS):
        key = f"transfer/{domain.id}/{domain.transfer_requested}/failed"
        yield Notice(key, "domain", say("notice_transfer_failed", domain=domain), about=about)


def _within(day: date | None, today: date, days: int) -> bool:
    return day is not None and timedelta(0) <= today - day <= timedelta(days=days)


def _of_card(method: PayMethod, today: date) -> Iterator[Notice]:
    """Cards end with the last day of their month."""
    if not method.expires:
        return
    year, month = map(int, method.expires.split("-"))
    ends = date(year, month, calendar.monthrange(year, month)[1])
    step = step_reached(ends, CARD_STEPS, today)
    if step is not None:
        offers = {"card": Request("payment_method.update", {})}
        yield Notice(
            f"card/{method.id}/{method.expires}/{step:+d}",
            "invoice",
            say("notice_card", method=method, ends=ends),
            offers,
        )


def _of_service(service: Service, account: Account, today: date) -> Iterator[Notice]:
    about = {"service": (service.domain or service.product,)}
    if service.status == "Suspended":
        owed = [invoice for invoice in account.invoices if invoice.balance > 0 and _is_for(invoice, service)]
        offers = {"pay": Request("invoice.pay", {"invoice": (owed[0].number,)})} if len(owed) == 1 else {}
        key = f"service/{service.id}/suspended/{service.next_due_date}"
        yield Notice(key, "product", say("notice_suspended", service=service, owed=owed), offers, about)
    if service.status != "Active":
        return
    if _fresh(service.registered, today):
        key = f"service/{service.id}/active"
        yield Notice(
            key, "product", say("notice_active", service=service), {"show": Request("service.show", about)}, about
        )
    full = _usage_step(service)
    if full is not None:
        key = f"service/{service.id}/usage/{full}/{today:%Y-%m}"
        offers = {"upgrade": Request("service.upgrade_options", about)}
        yield Notice(key, "product", say("notice_usage", service=service, percent=percent_used(service)), offers, about)


def _is_for(invoice: Invoice, service: Service) -> bool:
    return any(item.about == service.id for item in invoice.items)


def percent_used(service: Service) -> int:
    used, limit = service.disk_used_mb, service.disk_limit_mb
    return int(Decimal(used) * 100 / limit) if used is not None and limit else 0


def _usage_step(service: Service) -> int | None:
    return next((step for step in USAGE_STEPS if percent_used(service) >= step), None)


def _of_cancellation(service: Service, cancellation: Cancellation, today: date) -> Iterator[Notice]:
    if cancellation.when is When.END_OF_PERIOD and cancellation.effective == today + timedelta(days=1):
        about = {"service": (service.domain or service.product,)}
        reply = say("notice_ending", service=service, cancellation=cancellation)
        offers = {"keep": Request("service.withdraw_cancellation", about)}
        yield Notice(f"cancellation/{service.id}/{cancellation.effective}", "product", reply, offers, about)


def _of_ending(service: Service, cancellation: Cancellation, account: Account, today: date) -> Iterator[Notice]:
    """An end at once was told when it was asked for."""
    late = today - cancellation.effective
    if cancellation.when is When.END_OF_PERIOD and timedelta(0) <= late <= timedelta(days=ENDED_DAYS):
        owed = [invoice for invoice in account.invoices if invoice.balance > 0 and _is_for(invoice, service)]
        stays = any(domain.held and domain.name == service.domain for domain in account.domains)
        reply = say("notice_ended", service=service, cancellation=cancellation, owed=owed, stays=stays)
        about = {"service": (service.domain or service.product,)}
        yield Notice(f"cancellation/{service.id}/{cancellation.effective}/ended", "product", reply, about=about)


def _of_quote(quote: Quote, today: date) -> Iterator[Notice]:
    if quote.valid_until is None or not quote.open(today):
        return
    step = step_reached(quote.valid_until, QUOTE_STEPS, today)
    if step is not None:
        about = {"quote": (quote.id,)}
        offers = {"accept": Request("quote.accept", about), "show": Request("quote.show", about)}
        yield Notice(f"quote/{quote.id}/{step:+d}", "invoice", say("notice_quote", quote=quote), offers, about)


def of_announcement(announcement: Announcement, today: date) -> Notice | None:
    if not _fresh(announcement.date, today):
        return None
    return Notice(f"news/{announcement.id}", "general", say("notice_news", announcement=announcement))


def is_fresh_trouble(issue: NetworkIssue, now: datetime) -> bool:
    """Something that is wrong, and not since long; what is planned or over is none."""
    return not issue.over and issue.status != "Scheduled" and issue.starts <= now < issue.starts + TROUBLE_LIFETIME


def of_trouble(issue: NetworkIssue, services: Sequence[Service]) -> Notice | None:
    """To who has one of these services; None when none of them is on that server."""
    touched = [one for one in services if issue.server == one.server != "" and one.status in ("Active", "Suspended")]
    if not touched:
        return None
    offers = {"follow": Request("issue.follow", {"issue": (issue.title,)})}
    return Notice(f"trouble/{issue.id}", "product", say("notice_trouble", issue=issue, services=touched), offers)
