"""Invoices as they are sent by post: what for, what was paid, what is owed and how to pay it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reportlab.platypus import Flowable

from bot.documents import parts
from bot.documents.sheet import BAD, GOOD, Section, Stamp
from bot.documents.sheet import pdf as file
from bot.documents.writing import Writing
from core.ports import Invoice, Letterhead

_VAT_COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # EL is Greece
)


def pdf(invoices: Sequence[Invoice], head: Letterhead) -> bytes:
    """One file, dated like the newest of them."""
    writing = Writing(head.language, invoices[0].currency if invoices else head.client.currency)
    sections = [_section(invoice, head) for invoice in invoices]
    return file(
        sections,
        title=", ".join(section.title for section in sections[:3]) + (" …" if len(sections) > 3 else ""),
        author=head.company.name,
        foot=parts.foot(head.company, writing),
        date=max(invoice.date for invoice in invoices),
        writing=writing,
    )


def _section(invoice: Invoice, head: Letterhead) -> Section:
    writing = Writing(head.language, invoice.currency)
    _ = writing.gettext
    stamps = {
        "Paid": Stamp(_("PAID"), GOOD),
        "Cancelled": Stamp(_("CANCELLED"), BAD),
        "Refunded": Stamp(_("REFUNDED"), BAD),
    }
    title = _("Invoice %(number)s") % {"number": invoice.number}
    story = [
        *parts.head(_("Invoice"), head, _facts(invoice, writing), writing),
        parts.table(
            (_("Description"), _("Amount")),
            [(item.description, writing.money(item.amount)) for item in invoice.items],
            (0.78, 0.22),
            amounts=1,
        ),
        _totals(invoice, writing),
        *_reverse_charge(invoice, head, writing),
        *_how_to_pay(invoice, head, writing),
    ]
    return Section(title, story, stamps.get(invoice.status))


def _facts(invoice: Invoice, writing: Writing) -> list[parts.Pair]:
    _ = writing.gettext
    facts = [
        (_("Invoice number"), invoice.number),
        (_("Invoice date"), writing.day(invoice.date)),
        (_("Due date"), writing.day(invoice.due_date)),
    ]
    if invoice.payment_method:
        facts.append((_("Payment method"), writing.gateway(invoice.payment_method)))
    return facts


def _totals(invoice: Invoice, writing: Writing) -> Flowable:
    _ = writing.gettext
    rows = []
    if invoice.tax:
        rows.append((_("Subtotal"), writing.money(invoice.total - invoice.tax)))
        rows.append((_("Tax"), writing.money(invoice.tax)))
    rows.append((_("Total"), writing.money(invoice.total)))
    total = len(rows) - 1
    for entry in invoice.transactions:
        label = _("Refunded on %(date)s") if entry.amount < 0 else _("Paid on %(date)s")
        rows.append((label % {"date": writing.short_day(entry.date)}, writing.money(-entry.amount)))
    if invoice.credit:
        rows.append((_("From your credit"), writing.money(-invoice.credit)))
    return parts.totals(rows, (_("Amount due"), writing.money(max(invoice.balance, Decimal(0)))), strong=(total,))


def _reverse_charge(invoice: Invoice, head: Letterhead, writing: Writing) -> list[Flowable]:
    """The words that Article 226 (11a) of Directive 2006/112/EC wants where the client owes the tax."""
    ours, theirs = _vat_country(head.company.tax_id), _vat_country(head.client.tax_id)
    abroad = bool(ours and theirs) and ours != theirs
    taxable = invoice.total > 0 and not all(item.type == "AddFunds" for item in invoice.items)
    if invoice.tax or not abroad or not taxable:
        return []
    return [parts.gap(4), parts.plain(writing.gettext("Reverse charge: the recipient of the service owes the VAT."))]


def _vat_country(tax_id: str) -> str:
    """The member state that gave a VAT number, "" for another kind of number."""
    compact = tax_id.replace(" ", "").upper()
    return compact[:2] if compact[:2] in _VAT_COUNTRIES and any(map(str.isdigit, compact[2:])) else ""


def _how_to_pay(invoice: Invoice, head: Letterhead, writing: Writing) -> list[Flowable]:
    _ = writing.gettext
    if invoice.balance <= 0:
        return []
    story: list[Flowable] = [*parts.lines(head.company.payment_instructions.splitlines())]
    if story:
        story.append(parts.plain(_("Payment reference: %(number)s") % {"number": invoice.number}, strong=True))
    if invoice.pay_url:
        story += [parts.gap(2), parts.plain(_("Or pay online:") if len(story) else _("Pay online:"))]
        story.append(parts.link(invoice.pay_url))
    return [parts.note(_("How to pay"), story)] if story else []
