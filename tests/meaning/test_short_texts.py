"""Short texts, as people write them in chats: the request and its objects, in every language."""

from __future__ import annotations

import pytest

from tests.meaning.reading import read

ASKED: tuple[tuple[str, str, dict[str, tuple[str, ...]]], ...] = (
    ("legt bob@bakery.example als kontakt an", "contacts.add", {"email": ("bob@bakery.example",)}),
    ("holt bakery.example zu euch rüber", "domain.transfer_in", {"domain": ("bakery.example",)}),
    ("könnt ihr bei bakery.example die transfersperre rausnehmen", "domain.unlock", {"domain": ("bakery.example",)}),
    ("Rg. 9001 als PDF bitte", "invoice.pdf", {"invoice": ("9001",)}),
    ("bakery.example expire quand ?", "domain.show", {"domain": ("bakery.example",)}),
    ("prélevez la facture 9001 sur ma carte", "invoice.pay", {"invoice": ("9001",)}),
    ("passez bakery.example en paiement mensuel", "service.upgrade",
     {"domain": ("bakery.example",), "cycle": ("monthly",)}),
    ("pagad la factura 9001 con la tarjeta", "invoice.pay", {"invoice": ("9001",)}),
    ("¿qué importe tiene la factura nº 9001?", "invoice.show", {"invoice": ("9001",)}),
    ("¿quién figura como titular de bakery.example?", "domain.contact_show", {"domain": ("bakery.example",)}),
    ("quiero contratar un VPS 2 con pago trimestral", "order.new", {"product": ("vps 2",), "cycle": ("quarterly",)}),
    ("cancelem já o alojamento de bakery.example", "service.cancel",
     {"domain": ("bakery.example",), "when": ("immediate",)}),
    ("manda a fatura 9001 em pdf", "invoice.pdf", {"invoice": ("9001",)}),
    ("ho fatture da saldare?", "invoices.list", {}),
    ("togliete il rinnovo automatico a bakery.example", "domain.autorenew_off", {"domain": ("bakery.example",)}),
    ("haal het slot van bakery.example af", "domain.unlock", {"domain": ("bakery.example",)}),
    ("zet 30,- euro op mijn tegoed", "credit.add_funds", {"amount": ("30.00",)}),
    ("doładujcie konto kwotą 200 zł", "credit.add_funds", {"amount": ("200.00",)}),
    ("przedłużcie bakery.example o rok", "domain.renew", {"domain": ("bakery.example",), "years": ("1",)}),
    ("renew bakery.example for 24 months", "domain.renew", {"domain": ("bakery.example",), "years": ("2",)}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "intent", "entities"), ASKED)
def test_a_short_text_asks_for_this(text: str, intent: str, entities: dict[str, tuple[str, ...]]) -> None:
    requests = read(text).requests
    assert [(meant.intent, dict(meant.entities)) for meant in requests] == [(intent, entities)]


@pytest.mark.parametrize(
    ("text", "language"),
    (
        ("legt bob@bakery.example als kontakt an", "de"),
        ("bakery.example expire quand ?", "fr"),
        ("traed bakery.example a vuestra casa", "es"),
        ("As fotos da galeria viraram quadradinhos cinzentos.", "pt"),
        ("ho fatture da saldare?", "it"),
        ("saldo opvragen aub", "nl"),
        ("cennik hostingu", "pl"),
    ),
)
def test_a_few_words_tell_the_language(text: str, language: str) -> None:
    assert read(text).language == language


@pytest.mark.parametrize(
    "text",
    (
        "Please remove me from this mailing list.",
        "Bitte nehmen Sie mich aus Ihrem Newsletter.",
        "Retirem-me da vossa lista de e-mails.",
        "Haal mij van deze mailinglijst af.",
        "Posicionamos su web en Google, primera página garantizada, ¡oferta limitada!",
    ),
)
def test_leaving_a_list_and_advertising_need_nobody(text: str) -> None:
    assert [meant.intent for meant in read(text).requests] == ["spam"]
