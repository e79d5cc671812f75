"""Requests that are told rather than asked ("the lock should come off"), and what only sounds like one."""

from __future__ import annotations

import pytest

from tests.meaning.reading import intents

TOLD = (
    ("We'd want the lock off bakery.example before Friday.", "domain.unlock"),
    ("The lock on bakery.example needs taking off.", "domain.unlock"),
    ("bakery.example belongs to our sister company now, so unlock it.", "domain.unlock"),
    ("Die Sperre von bakery.example müsste raus.", "domain.unlock"),
    ("Il faudrait déverrouiller bakery.example.", "domain.unlock"),
    ("Habría que quitarle el bloqueo a bakery.example.", "domain.unlock"),
    ("Era preciso tirar o bloqueio de bakery.example.", "domain.unlock"),
    ("bakery.example va sbloccato.", "domain.unlock"),
    ("Het slot mag van bakery.example af.", "domain.unlock"),
    ("Trzeba zdjąć blokadę z bakery.example.", "domain.unlock"),
    ("bakery.example ought to renew by itself from now on.", "domain.autorenew_on"),
    ("The hosting for bakery.example can go at the end of the term.", "service.cancel"),
    ("Das Hosting von bakery.example brauchen wir ab Ende der Laufzeit nicht mehr.", "service.cancel"),
    ("L'hosting di bakery.example può finire alla scadenza.", "service.cancel"),
    ("The name servers for bakery.example have to be ns1.desk.example and ns2.desk.example.", "domain.nameservers_set"),
    ("Bob (bob@bakery.example) should be on our account as a contact.", "contacts.add"),
    ("A PDF of invoice 9001 would be great.", "invoice.pdf"),
    ("What we need from you is the lock taken off bakery.example.", "domain.unlock"),
)


@pytest.mark.parametrize(("text", "intent"), TOLD)
def test_what_ought_to_be_is_asked_for(text: str, intent: str) -> None:
    assert intents(text) == [intent]


@pytest.mark.parametrize(
    "text",
    (
        "bakery.example should be unlocked by now, your colleague wrote.",
        "Eigentlich sollte bakery.example verlängert werden, aber die Seite meldet einen Fehler.",
        "bakery.example debería estar desbloqueado desde ayer y no lo está.",
        "bakery.example devia ter sido desbloqueado ontem.",
        "Domena bakery.example powinna być odblokowana od wczoraj, a nie jest.",
        "Mijn zus vindt dat bakery.example opgezegd moet worden.",
        "You should have asked me before you took the lock off bakery.example.",
    ),
)
def test_what_was_only_expected_is_for_a_person(text: str) -> None:
    assert intents(text) == ["human"]


@pytest.mark.parametrize(
    "text",
    (
        "What I still need: the cPanel log-in link for bakery.example, and the PDF of invoice 9001.",
        "Ich hätte zwei Dinge: den cPanel-Login für bakery.example und die Rechnung 9001 als PDF.",
    ),
)
def test_behind_the_announcement_of_a_wish_stands_what_is_wanted(text: str) -> None:
    assert intents(text) == ["cpanel.login", "invoice.pdf"]


def test_a_please_behind_the_last_comma_is_the_last_clauses() -> None:
    text = "We have talked it over at the bakery. Three more years for bakery.example, please. Our card is fine."
    assert intents(text) == ["domain.renew"]


def test_an_infinitive_at_the_end_is_a_request_like_the_one_before() -> None:
    text = (
        "Wir ziehen mit unserer kleinen Bäckerei um. Bitte bakery.example entsperren, den Auth-Code schicken. "
        "Außerdem das Hosting dazu zum Laufzeitende kündigen."
    )
    assert intents(text) == ["domain.unlock", "domain.epp_code", "service.cancel"]


@pytest.mark.parametrize(
    "text",
    (
        "Guardando l'elenco ho visto che bakery.example non si rinnova da solo.",
        "I have seen that bakery.example does not renew by itself.",
    ),
)
def test_to_see_that_something_does_not_renew_asks_for_no_change(text: str) -> None:
    assert "domain.autorenew_off" not in intents(text)


def test_a_lock_with_an_unknown_verb_is_not_taken_for_locking() -> None:
    assert intents("tu peux me chouraver le verrou de bakery.example ?") == ["human"]
