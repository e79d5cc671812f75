"""Rows of the embedded client area as the values of the ports."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core import ports
from core.backends.local import tables
from core.people import Permission

OWED_STATUSES = ("Unpaid", "Collections", "Payment Pending")


def company(row: tables.Company) -> ports.Company:
    return ports.Company(
        name=row.name,
        currency=row.currency,
        portal_url=row.portal_url,
        address=row.address,
        tax_id=row.tax_id,
        payment_instructions=row.payment_instructions,
        gateways=tuple(row.gateways),
        funds_minimum=row.funds_minimum,
        funds_maximum=row.funds_maximum,
    )


def client(row: tables.Client) -> ports.Client:
    return ports.Client(
        id=row.id,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        company=row.company,
        status=row.status,
        address1=row.address1,
        address2=row.address2,
        city=row.city,
        state=row.state,
        postcode=row.postcode,
        country=row.country,
        phone=row.phone,
        language=row.language,
        currency=row.currency,
        credit=row.credit,
        email_preferences=frozenset(row.email_preferences),
        tax_id=row.tax_id,
        payment_method=row.payment_method,
        billing_contact_id=row.billing_contact_id,
        time_zone=row.time_zone,
        allow_sso=row.allow_sso,
        since=row.since,
    )


def contact(row: tables.Contact) -> ports.Contact:
    return ports.Contact(
        id=row.id,
        client_id=row.client_id,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        permissions=frozenset(Permission(name) for name in row.permissions),
        email_preferences=frozenset(row.email_preferences),
        phone=row.phone,
        may_log_in=row.may_log_in,
    )


def service(
    row: tables.Service,
    product: tables.Product,
    server: tables.Server | None,
    addons: Sequence[ports.ServiceAddon] = (),
) -> ports.Service:
    return ports.Service(
        id=row.id,
        client_id=row.client_id,
        product=product.name,
        group=product.group,
        domain=row.domain,
        status=row.status,
        recurring_amount=row.recurring_amount,
        billing_cycle=row.billing_cycle,
        registered=row.registered,
        next_due_date=row.next_due_date,
        server=server.name if server else "",
        username=row.username,
        disk_used_mb=row.disk_used_mb,
        disk_limit_mb=row.disk_limit_mb,
        product_id=row.product_id,
        bandwidth_used_mb=row.bandwidth_used_mb,
        bandwidth_limit_mb=row.bandwidth_limit_mb,
        hostname=server.hostname if server else "",
        ip_address=server.ip_address if server else "",
        nameservers=tuple(server.nameservers) if server else (),
        payment_method=row.payment_method,
        suspension_reason=row.suspension_reason,
        addons=tuple(addons),
    )


def domain(row: tables.Domain) -> ports.Domain:
    return ports.Domain(
        id=row.id,
        client_id=row.client_id,
        name=row.name,
        status=row.status,
        registrar=row.registrar,
        registered=row.registered,
        expires=row.expires,
        next_due_date=row.next_due_date,
        recurring_amount=row.recurring_amount,
        auto_renew=row.auto_renew,
        id_protection=row.id_protection,
        nameservers=tuple(row.nameservers),
        transfer_requested=row.transfer_requested,
        transferred=row.transferred,
    )


def addon(row: tables.ServiceAddon, product: str) -> ports.ServiceAddon:
    return ports.ServiceAddon(
        id=row.id,
        service_id=row.service_id,
        product=product,
        status=row.status,
        recurring_amount=row.recurring_amount,
        billing_cycle=row.billing_cycle,
        next_due_date=row.next_due_date,
        product_id=row.product_id,
        hours_included=row.hours_included,
        hours_used=row.hours_used,
    )


def invoice(row: tables.Invoice, currency: str, portal_url: str) -> ports.Invoice:
    total = sum((item.amount for item in row.items), Decimal(0)) + row.tax
    paid = sum((entry.amount_in - entry.amount_out for entry in row.transactions), Decimal(0))
    owed = row.status in OWED_STATUSES
    return ports.Invoice(
        id=row.id,
        client_id=row.client_id,
        number=row.number,
        date=row.date,
        due_date=row.due_date,
        status=row.status,
        currency=currency,
        total=total,
        balance=total - row.credit - paid if owed else Decimal(0),
        tax=row.tax,
        payment_method=row.payment_method,
        items=tuple(ports.InvoiceItem(i.description, i.amount, i.type, i.relid or "") for i in row.items),
        transactions=tuple(transaction(paid, row.number) for paid in row.transactions),
        pay_url=portal_url if owed else "",
        credit=row.credit,
    )


def transaction(row: tables.Transaction, invoice_number: str) -> ports.Transaction:
    return ports.Transaction(row.date, row.gateway, row.amount_in - row.amount_out, row.reference, invoice_number)
