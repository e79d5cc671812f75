"""The languages of the desk: complete catalogues, and mails in the reader's own language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from bot import i18n
from bot.importing import load, read_document
from core import dialogs
from tests.backends.documents import ALICE, document
from tests.desk import TestDesk

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "templates" / "locale"
TRANSLATED = ("de", "es", "fr", "it", "nl", "pl", "pt")

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
MARKUP = re.compile(r"</?\w+>|(?<=>)#\w+")


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "helpdesk.po").open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Everything translatable in the source as it is now, read by Babel."""
    pot = tmp_path_factory.mktemp("catalogue") / "helpdesk.pot"
    CommandLineInterface().run(["pybabel", "-q", "extract", "-F", str(ROOT / "babel.cfg"), "-o", str(pot), str(ROOT)])
    with pot.open("rb") as source:
        return read_po(source)


def texts(message: Message) -> list[str]:
    """One text, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_the_desk_speaks_eight_languages() -> None:
    assert set(i18n.LANGUAGES) == {"en", *TRANSLATED}


def test_values_that_templates_translate_are_extracted_where_they_are_declared(extracted: Catalog) -> None:
    for text in (
        "Your domains with expiry date, price, auto-renew and status.",
        "Semi-Annually",
        "Redemption Period (Expired)",
        "Keep this message inside",
        "Also sent to:",
        "Your account",
    ):
        assert text in extracted, text


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_string_is_translated_and_no_translation_is_left_over(language: str, extracted: Catalog) -> None:
    translated = catalogue(language)
    wanted = {message.id for message in extracted if message.id}
    missing = [id for id in wanted if (found := translated.get(id)) is None or not all(texts(found)) or found.fuzzy]
    assert not missing, "run `make catalogues` and translate these"
    assert not {message.id for message in translated if message.id} - wanted
    assert not translated.obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_placeholders_and_markup(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        many = message.id[-1] if isinstance(message.id, tuple) else message.id
        wanted = set(PLACEHOLDER.findall(many))
        for index, text in enumerate(texts(message)):
            # The first plural form may say "one" instead of its number.
            may_lack = {"count"} if isinstance(message.id, tuple) and index == 0 else set()
            assert wanted - may_lack <= set(PLACEHOLDER.findall(text)) <= wanted, message.id
            assert sorted(MARKUP.findall(text)) == sorted(MARKUP.findall(many)), message.id
            assert "%" not in PLACEHOLDER.sub("", text).replace("%%", ""), message.id
            assert text == text.strip() and "  " not in text, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_catalogue_is_read_by_the_desk_with_its_plural_rule(language: str) -> None:
    read = i18n.read_catalogue(LOCALES / language / "LC_MESSAGES" / "helpdesk.po")
    one, many = "You have one domain with us:", "You have %(count)s domains with us:"
    forms = {read.ngettext(one, many, count) for count in (1, 3, 5)}
    assert len(forms) == (3 if language == "pl" else 2)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_words_that_a_mail_asks_for_are_understood_as_an_answer(language: str) -> None:
    gettext = i18n.translations(language).gettext
    assert dialogs.first_word(gettext("YES")) == "yes"
    assert dialogs.first_word(gettext("STOP")) == "stop"


def alice_reads(desk: TestDesk, language: str) -> None:
    """The billing system's import says that Alice has this language."""
    client = {**ALICE, "company": "Alice Bakery", "currency": "EUR", "language": language}
    load(desk.app.sessions, read_document(document(clients=[client])))


def unwrapped(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("language", "greeting", "words"),
    [
        ("en", "Hello Alice Martin,", "Thank you for your message."),
        ("de", "Guten Tag Alice Martin,", "vielen Dank für Ihre Nachricht."),
        ("fr", "Bonjour Alice Martin,", "Merci pour votre message."),
        ("es", "Hola, Alice Martin:", "Gracias por su mensaje."),
        ("it", "Buongiorno Alice Martin,", "La ringraziamo per il Suo messaggio."),
        ("nl", "Beste Alice Martin,", "Hartelijk dank voor uw bericht."),
        ("pl", "Dzień dobry, Alice Martin,", "dziękujemy za wiadomość."),
        ("pt", "Olá, Alice Martin,", "Obrigado pela sua mensagem."),
    ],
)
def test_a_client_is_acknowledged_in_her_language(
    desk_on_sqlite: TestDesk, language: str, greeting: str, words: str
) -> None:
    alice_reads(desk_on_sqlite, language)
    mail = desk_on_sqlite.says("alice", "My site shows an error since this morning.").to("alice")
    assert mail.text.startswith(greeting) and words in mail.text
    assert greeting in mail.html and f'<html lang="{language}">' in mail.html


@pytest.mark.parametrize(
    ("language", "date", "amount"),
    [
        ("en", "2 December 2026", "€58.80"),
        ("de", "2. Dezember 2026", "58,80 €"),
        ("fr", "2 décembre 2026", "58,80 €"),
        ("es", "2 de diciembre de 2026", "58,80 €"),
        ("it", "2 dicembre 2026", "58,80 €"),
        ("nl", "2 december 2026", "€ 58,80"),
        ("pl", "2 grudnia 2026", "58,80 €"),
        ("pt", "2 de dezembro de 2026", "58,80 €"),
    ],
)
def test_dates_and_money_stand_in_the_reader_s_form(
    desk_on_sqlite: TestDesk, language: str, date: str, amount: str
) -> None:
    alice_reads(desk_on_sqlite, language)
    text = unwrapped(desk_on_sqlite.says("alice", "Which invoices are open?").to("alice").text)
    assert date in text and amount in text


def test_a_country_s_form_of_a_language_is_answered_in_that_language(desk_on_sqlite: TestDesk) -> None:
    alice_reads(desk_on_sqlite, "de-AT")
    text = unwrapped(desk_on_sqlite.says("alice", "Which invoices are open?").to("alice").text)
    assert "Sie haben 2 offene Rechnungen" in text and "€ 58,80" in text


def test_a_language_that_the_desk_does_not_speak_is_answered_in_english(desk_on_sqlite: TestDesk) -> None:
    alice_reads(desk_on_sqlite, "ja")
    assert "Thank you for your message." in desk_on_sqlite.says("alice", "My site is down.").to("alice").text


def test_help_tells_in_the_reader_s_language_what_can_be_asked(desk_on_sqlite: TestDesk) -> None:
    alice_reads(desk_on_sqlite, "de")
    text = unwrapped(desk_on_sqlite.says("alice", "help").to("alice").text)
    assert "Ihre Domains mit Ablaufdatum, Preis, automatischer Verlängerung und Status." in text


def test_states_and_billing_cycles_are_words_of_the_reader_s_language(desk_on_sqlite: TestDesk) -> None:
    alice_reads(desk_on_sqlite, "fr")
    text = desk_on_sqlite.says("alice", "Which services do I have?").to("alice").text
    assert "Suspendu" in text and "Mensuel" in text
    assert "Suspended" not in text and "Monthly" not in text


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_word_shown_in_the_question_whether_she_wrote_it_works_as_her_answer(
    desk_on_sqlite: TestDesk, language: str
) -> None:
    alice_reads(desk_on_sqlite, language)
    question = desk_on_sqlite.says("alice", "Which domains do I have?", proved=False).to("alice")
    word = next(line.split()[0] for line in question.text.splitlines() if line.startswith("    "))
    assert word == i18n.translations(language).gettext("YES")
    assert "bakery-shop.example" in desk_on_sqlite.says("alice", word, reply_to=question, proved=False).to("alice")


def test_what_an_import_does_not_say_about_language_is_english(desk_on_sqlite: TestDesk) -> None:
    load(desk_on_sqlite.app.sessions, read_document(json.dumps({"clients": [ALICE]})))
    assert "Thank you for your message." in desk_on_sqlite.says("alice", "My site is down.").to("alice").text
