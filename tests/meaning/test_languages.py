"""Eight languages, one set of rules."""

from __future__ import annotations

import pytest

from core.meaning import rules, source
from core.meaning.language import language_of
from tests.meaning.reading import objects, read

D = {"domain": ("bakery.example",)}
SSL = {"product": ("ssl certificate",)}


@pytest.mark.parametrize(
    ("language", "text", "intent", "entities"),
    (
        ("de", "bitte heben Sie die Transfersperre für bakery.example auf", "domain.unlock", D),
        ("de", "ich brauche den Transfercode für bakery.example", "domain.epp_code", D),
        ("de", "wann läuft bakery.example ab?", "domain.show", D),
        ("fr", "pouvez-vous retirer le verrou de bakery.example ?", "domain.unlock", D),
        ("fr", "pourriez-vous me renvoyer la facture 3012 en pdf", "invoice.pdf", {"invoice": ("3012",)}),
        ("fr", "désactivez le renouvellement automatique de bakery.example", "domain.autorenew_off", D),
        ("es", "quiten el bloqueo de bakery.example por favor", "domain.unlock", D),
        ("es", "¿cuándo vence bakery.example?", "domain.show", D),
        ("pt", "podem desbloquear bakery.example?", "domain.unlock", D),
        ("pt", "quais são os servidores DNS de bakery.example?", "domain.nameservers_show", D),
        ("it", "potete mandarmi il codice di trasferimento di bakery.example?", "domain.epp_code", D),
        ("it", "vorrei disdire l'hosting di bakery.example", "service.cancel", D),
        ("nl", "welke nameservers heeft bakery.example?", "domain.nameservers_show", D),
        ("nl", "graag de verhuiscode van bakery.example", "domain.epp_code", D),
        ("pl", "proszę zdjąć blokadę z bakery.example", "domain.unlock", D),
        ("pl", "wyłączcie automatyczne odnawianie bakery.example", "domain.autorenew_off", D),
        ("de", "bitte bakery.example um zwei Jahre verlängern", "domain.renew", D | {"years": ("2",)}),
        ("de", "welche Rechnungen haben wir noch offen bei Ihnen?", "invoices.list", {}),
        ("fr", "nous souhaitons passer bakery.example au forfait Pro", "service.upgrade", D | {"product": ("pro",)}),
        ("fr", "j'ai oublié le mot de passe de l'espace client", "password.reset", {}),
        ("es", "quisiera contratar un certificado SSL para bakery.example", "service.addon_order", D | SSL),
        ("es", "por favor activen la renovación automática de bakery.example", "domain.autorenew_on", D),
        ("pt", "quero ativar a renovação automática de bakery.example", "domain.autorenew_on", D),
        ("pt", "podem enviar-me a fatura 3012 em PDF?", "invoice.pdf", {"invoice": ("3012",)}),
        ("it", "potete dirmi a che punto è il ticket 70012?", "ticket.show", {"ticket": ("70012",)}),
        ("it", "vorrei spostare bakery.example da voi", "domain.transfer_in", D),
        ("nl", "kunnen jullie bakery.example weer op slot zetten?", "domain.lock", D),
        ("nl", "zijn er storingen bij jullie op dit moment?", "server.status", {}),
        ("pl", "czy możecie zablokować domenę bakery.example?", "domain.lock", D),
        ("pl", "zapomniałam hasła do panelu klienta", "password.reset", {}),
        ("en", "rename nothing, just lock bakery.example", "domain.lock", D),
    ),
)
def test_a_request_is_read_in_its_language(
    language: str, text: str, intent: str, entities: dict[str, tuple[str, ...]]
) -> None:
    assert objects(text) == [(intent, entities)]
    assert read(text).language == language


def test_a_text_that_shows_no_language_is_english() -> None:
    assert language_of("epp bakery.example").code == "en"


@pytest.mark.parametrize(
    ("language", "text"),
    (
        ("sv", "Hej, jag vill veta hur vi kan flytta domänen, och när det är klart."),
        ("cs", "Dobrý den, prosím o vysvětlení, jak se mám přihlásit, když jsem ztratil heslo."),
        ("hu", "Jó napot, szeretném tudni, hogy mikor és hogyan kell fizetni, köszönöm."),
        ("ru", "Здравствуйте, разблокируйте домен bakery.example"),
        ("uk", "Доброго дня, підкажіть, будь ласка, коли закінчується домен"),
        ("el", "Καλημέρα, θέλω να μεταφέρω το domain μου"),
        ("ja", "ドメインのロックを解除してください"),
        ("zh", "请解锁我的域名 bakery.example"),
        ("ar", "مرحبا، أريد رمز النقل"),
    ),
)
def test_any_other_language_is_named_and_goes_to_a_person(language: str, text: str) -> None:
    reading = read(text)
    assert reading.language == language and reading.human.startswith("written in ")
    assert [meant.intent for meant in reading.requests] == ["human"]


@pytest.mark.parametrize(
    "text", ("Domain? Ja!", "ok jag", "och", "Bitte og danke", "please unlock är.example and på.example")
)
def test_a_foreign_word_or_two_make_no_foreign_text(text: str) -> None:
    assert not read(text).human.startswith("written in")


@pytest.mark.parametrize("file", ("concepts.txt", "moods.txt", "topics.txt", "guards.txt"))
def test_every_line_of_the_data_is_of_a_language_that_is_known(file: str) -> None:
    assert {entry.key for entry in source.entries(file)} <= set(source.LANGUAGES)


def test_every_rule_speaks_of_concepts_that_exist_and_of_an_intent_that_exists() -> None:
    """A misspelt concept would make a rule that never holds."""
    files = ("concepts.txt", "small.txt", "values.txt", "topics.txt", "guards.txt", "moods.txt")
    concepts = {entry.section.rstrip("!") for file in files for entry in source.entries(file)}
    groups = {
        "tool",
        "product",
        "addonproduct",
        "planproduct",
        "when",
        "ending",
        "language_name",
        "product=ssl_certificate",
    }
    for rule in rules.rules():
        assert rule.intent in rules.intents()
        for word in frozenset().union(*rule.needs) | rule.bars:
            assert word[0] == "#" or word in concepts | groups, f"{rule.intent}: {rule.text}: {word}"


@pytest.mark.parametrize(
    ("language", "text"),
    (
        ("de", "moin, zeigt mir die Rechnungen"),
        ("fr", "peut-on mettre nos noms ?"),
        ("es", "queremos detalles"),
        ("pt", "mostrem os preços"),
        ("it", "rimettete bakery.example"),
        ("nl", "hoi, prijslijst"),
        ("pl", "jaki cennik"),
        ("en", "webmail bakery.example"),
    ),
)
def test_a_few_words_are_enough_for_their_language(language: str, text: str) -> None:
    assert language_of(text).code == language


@pytest.mark.parametrize(
    "text",
    (
        "the quote is fine, go ahead",
        "Ihr Angebot passt, wir nehmen es an",
        "votre devis nous convient",
        "el presupuesto nos parece bien, lo aceptamos",
        "o orçamento serve-nos, aceitamos",
        "il preventivo va bene, lo accettiamo",
        "de offerte is akkoord",
        "oferta nam odpowiada, akceptujemy",
    ),
)
def test_an_offer_is_accepted_by_saying_that_it_is_fine(text: str) -> None:
    assert [name for name, _ in objects(text)] == ["quote.accept"]


@pytest.mark.parametrize(
    "text",
    (
        "boss says the offer is good",
        "ob das Angebot passt, weiß ich noch nicht",
        "votre devis ne nous convient pas",
        "il preventivo non va bene",
        "de offerte is nog niet akkoord",
    ),
)
def test_an_offer_that_may_be_fine_is_accepted_by_nobody(text: str) -> None:
    assert "quote.accept" not in [name for name, _ in objects(text)]


@pytest.mark.parametrize(
    "text",
    (
        "please keep bakery.example for another two years",
        "encore deux ans pour bakery.example svp",
        "renovad bakery.example dos años más",
        "rinnovate bakery.example per altri due anni",
        "przedłużcie bakery.example o dwa lata",
    ),
)
def test_years_more_are_a_renewal(text: str) -> None:
    assert objects(text) == [("domain.renew", D | {"years": ("2",)})]


@pytest.mark.parametrize(
    ("text", "intent"),
    (
        ("poned otra vez el candado a bakery.example", "domain.lock"),
        ("volved a abrir el ticket 4711", "ticket.reopen"),
        ("el ticket 4711 ya está resuelto, cerradlo", "ticket.close"),
        ("tirem o cadeado de bakery.example", "domain.unlock"),
        ("haal het slot van bakery.example af", "domain.unlock"),
    ),
)
def test_imperatives_of_everyday_speech_are_requests(text: str, intent: str) -> None:
    assert [name for name, _ in objects(text)] == [intent]


@pytest.mark.parametrize(
    ("text", "intent"),
    (
        ("which invoices r still open n how much", "invoices.list"),
        ("can u list ur hosting plans", "products.list"),
        ("kero o link do webmail de bakery.example", "webmail.login"),
    ),
)
def test_words_are_read_as_they_are_written_in_chats(text: str, intent: str) -> None:
    assert [name for name, _ in objects(text)] == [intent]


@pytest.mark.parametrize("code", ["JS9Z-5MTR", "et53 5amg", "RABM-TA8W", "TDN2-4TEN", "Y3BQ-6QQ7", "ESTA-DELA"])
@pytest.mark.parametrize("written", ["{}", "code {}", "Code: {}."])
def test_the_letters_of_a_code_are_in_no_language(written: str, code: str) -> None:
    assert not language_of(written.format(code)).sure
