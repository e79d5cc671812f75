"""What the desk tells people to write, it understands: the sentences of its own replies, with the demo's names."""

from __future__ import annotations

import pytest

from tests.desk import TestDesk

TOLD = {
    "accept quote 1": "quote.accept",
    "activate the sub-account Bob Roux": "contacts.login_on",
    "add 50 EUR to my account": "credit.add_funds",
    "add Website Maintenance Silver to bakery.example": "service.addon_order",
    "all invoices from 2026-10-01 to 2026-11-25 as PDF": "invoice.pdf",
    "all invoices of 2025 in one file": "invoice.pdf",
    "change the plan of bakery.example to Pro": "service.upgrade",
    "change the registrant of bakery.example": "domain.contact_update",
    "change the rights of Bob Roux: invoices too": "contacts.update",
    "change the rights of Bob Roux: only domains and tickets": "contacts.update",
    "change the rights of Bob: manage domains too": "contacts.update",
    "close ticket #12345678": "ticket.close",
    "create nameserver ns1.bakery.example with 192.0.2.1": "glue.set",
    "decline quote 1": "quote.decline",
    "default card 5100": "payment_method.default",
    "download 2": "download.get",
    "EPP code for bakery.example": "domain.epp_code",
    "Hide my data on bakery.example": "domain.id_protection_on",
    "INV-9002 as PDF": "invoice.pdf",
    "keep orders.bakery.example after all": "service.withdraw_cancellation",
    "lock bakery.example": "domain.lock",
    "log in to cpanel of bakery.example": "cpanel.login",
    "my new phone number is +33 1 99 00 12 99": "account.update_details",
    "my time zone is Europe/Berlin": "time_zone.set",
    "new cpanel password for bakery.example": "service.password_change",
    "notify me when it is fixed": "issue.follow",
    "only invoices by mail": "preferences.update",
    "order the Business plan for example.com, yearly": "order.new",
    "our new address is: 5 rue Neuve, 75003 Paris": "account.update_details",
    "pay everything open": "invoice.pay",
    "pay INV-9002": "invoice.pay",
    "quote 1 as PDF": "quote.pdf",
    "read news 2": "announcement.read",
    "remind me of ticket #12345678 in one week": "ticket.remind_me",
    "remove card 5100": "payment_method.remove",
    "remove the contact Bob": "contacts.remove",
    "reopen ticket #12345678": "ticket.reopen",
    "reply to ticket #12345678: it works again": "ticket.reply",
    "resend the mail Invoice INV-9002 is overdue": "emails.resend",
    "resend the mail Domain registration confirmed: fresh-bread.example": "emails.resend",
    "resend the verification mail for bakery.example": "domain.resend_verification",
    "set the nameservers of bakery.example to ns1.other.example and ns2.other.example": "domain.nameservers_set",
    "switch me to PayPal": "payment_method.gateway",
    "Transfer sourdough.example to you": "domain.transfer_in",
    "Transfer status of rye-bakery.example": "domain.transfer_status",
    "turn on one-click login": "sso.enable",
    "upgrade options for bakery.example": "service.upgrade_options",
    "use my credit for INV-9002": "invoice.apply_credit",
    "withdraw order 4402918210": "order.cancel",
}


@pytest.mark.parametrize("sentence", TOLD)
def test_a_sentence_that_the_desk_tells_is_the_request_that_it_stands_for(
    desk_on_sqlite: TestDesk, sentence: str
) -> None:
    heard = desk_on_sqlite.app.around.understanding.of(sentence)
    assert [one.intent.name for one in heard.requests] == [TOLD[sentence]] and not heard.person
