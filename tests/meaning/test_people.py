"""What only a person can do, and the people of which department."""

from __future__ import annotations

import pytest

from tests.meaning.reading import read

BY_DEPARTMENT = {
    "Support": (
        "My site shows only a white page",
        "Mails to some addresses come back",
        "The transfer of bakery.example has been hanging for nine days",
        "our shop cannot take card payments, the page shows an error",
        "No robots, person please",
        "Attachments over 5 MB do not go out",
        "Please move my WordPress from the old provider to you",
        "Please install an SSL certificate that I bought elsewhere",
        "Could you open port 8443 on my VPS?",
        "Seit heute früh kommen keine Mails mehr an",
        "Depuis ce matin je ne reçois plus aucun mail",
        "Od rana nie przychodzą żadne maile",
    ),
    "Billing": (
        "Your last bill is forty euro more than the one before. Why?",
        "Can I pay in three parts?",
        "Please correct the company name on invoice 4411",
        "I'd like to take back my cancellation",
        "There are two debits on my statement for the same month",
        "Sie haben zweimal abgebucht",
        "¿Puedo pagar en tres plazos?",
        "Pobraliście opłatę dwa razy",
        "Die Preise sind um 30 % gestiegen, niemand hat uns informiert",
        "Your charge for invoice 9001 is on my card twice. Please return one of them.",
    ),
    "Sales": (
        "Which plan would be right for a shop with 300 articles?",
        "Do you give a discount for clubs?",
        "Does the Starter plan include SSL and a database?",
        "We need a server with 64 cores and would like an offer",
        "Gibt es ermäßigte Preise für Vereine?",
        "Quel forfait nous conseillez-vous pour une petite boutique ?",
        "Welcher Tarif passt für einen Shop mit 300 Artikeln?",
        "ci sono sconti per chi rivende i vostri piani?",
    ),
    "Security": (
        "My site sends people to a casino page",
        "Someone in a country I have never seen has logged in to my account",
        "There are php files on my webspace that I did not put there",
        "I got a code for my login that I did not ask for",
        "Jemand hat sich aus dem Ausland in mein Konto eingeloggt",
        "Ist diese Mail wirklich von euch? Ich soll auf einen Link klicken.",
        "Qualcuno è entrato nel mio account",
        "could you change the owner of the account to my partner?",
    ),
}


@pytest.mark.parametrize(
    ("department", "text"), [(department, text) for department, texts in BY_DEPARTMENT.items() for text in texts]
)
def test_a_person_of_the_department_reads_it(department: str, text: str) -> None:
    reading = read(text)
    assert ([meant.intent for meant in reading.requests], reading.department) == (["human"], department)


@pytest.mark.parametrize(
    "text",
    (
        "our lawyer still has to read it, could you send me invoice 4411 as a PDF?",
        "I never had any trouble with you: please renew bakery.example",
        "the client area should speak German, please change its language",
        "who is the admin contact of bakery.example",
        "is invoice 9001 already paid",
        "Is factuur 9001 al betaald?",
        "please enable google sign-in for my account",
        "my registrar recommended unlocking first, so please unlock bakery.example",
    ),
)
def test_words_of_a_topic_in_another_sense_call_nobody(text: str) -> None:
    assert "human" not in [meant.intent for meant in read(text).requests]


def test_a_call_for_help_is_no_question_for_the_menu() -> None:
    assert [
        meant.intent for meant in read("la tienda está muerta desde ayer por la noche, ayuda por favor, ayuda").requests
    ] == ["human"]
