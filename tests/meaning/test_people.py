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


IN_EVERY_LANGUAGE = {
    "Support": (
        "Die Fotos in der Galerie sind seit dem Umzug nur noch graue Kästchen",
        "Les pièces jointes ne partent plus depuis la mise à jour",
        "Nadie responde a mi ticket, llevo una semana esperando",
        "O formulário não envia nada desde domingo",
        "Il modulo di contatto non invia niente da domenica",
        "Sinds de verhuizing laden de foto's niet meer",
        "Od aktualizacji formularz nic nie wysyła",
        "Can the nightly import be moved to three? It collides with our newsletter.",
        "Lost the phone with my authenticator, and now I cannot get in with the right password",
    ),
    "Billing": (
        "Ist es normal, dass ich für bakery.example mehr zahle als auf eurer Seite steht?",
        "Vous avez facturé en dollars alors que le contrat dit euros",
        "Después de dos días caídos espero una compensación en la próxima factura",
        "Queria um domínio e acabei por pagar quatro, dá para anular três?",
        "Il totale della fattura non torna",
        "Er is 40 euro afgeschreven voor iets wat ik niet besteld heb",
        "Dlaczego dostaję fakturę za luty, skoro odszedłem w grudniu?",
        "Your checkout refuses my new card, I tried five times",
        "How can three of the four domains that I paid for by mistake be reversed?",
    ),
    "Sales": (
        "Welcher eurer Server verkraftet einen Fernsehbeitrag?",
        "Vos tarifs sont-ils fixes ou peut-on discuter si on s'engage longtemps ?",
        "¿Hay margen en los precios si uno se queda más tiempo?",
        "Queremos ver uma minuta do contrato antes de decidir",
        "Seguo trenta siti e vorrei portarli tutti da voi, con chi parlo dei prezzi?",
        "De gemeente moet drie offertes vergelijken, kunnen we die van jullie krijgen?",
        "Czy plan Business wytrzyma sklep z tysiącem artykułów?",
        "We'd like to see a draft of the contract before we decide",
    ),
    "Security": (
        "In meinem Konto steht eine zweite E-Mail-Adresse, die ich nicht kenne",
        "Un ancien employé a encore accès à notre compte",
        "Desde el móvil nuestra web abre una página de citas",
        "Roubaram-me o portátil, bloqueiem tudo, tinha lá as senhas",
        "Partono mail a nostro nome che non abbiamo inviato",
        "Onze stagiair heeft op een link geklikt en het wachtwoord ingevuld",
        "Ktoś podszywa się pod nasz sklep na stronie u was",
        "Under article 15 I request a copy of all personal data that you hold about me",
    ),
}


@pytest.mark.parametrize(
    ("department", "text"),
    [(department, text) for department, texts in IN_EVERY_LANGUAGE.items() for text in texts],
)
def test_a_person_of_the_department_reads_it_in_every_language(department: str, text: str) -> None:
    reading = read(text)
    assert ([meant.intent for meant in reading.requests], reading.department) == (["human"], department)


FOR_SOMEBODY_ELSE = (
    "My neighbour can't write English, so I'm writing for him. Please unlock bakery.example.",
    "I'm Alice's sister, she's abroad. Can you list her open invoices for me?",
    "We bought the bakery last month, website included. Please unlock bakery.example.",
    "Wir sind das Steuerbüro der Bäckerei und brauchen alle Rechnungen seit Januar.",
    "Mon père m'a demandé de m'occuper de son site. Renouvelez bakery.example pour un an.",
    "Soy la hermana de Alice, ella está fuera. ¿Qué facturas tiene pendientes?",
    "A Alice autorizou-me a cancelar o alojamento dela em bakery.example.",
    "Scrivo per lui, il mio vicino non parla italiano. Sbloccate bakery.example.",
    "Alice heeft me toestemming gegeven om haar hosting bakery.example op te zeggen.",
    "Piszę za niego, sąsiad nie zna polskiego. Odblokujcie bakery.example.",
    "please text the new password to 07700 900123",
)


@pytest.mark.parametrize("text", FOR_SOMEBODY_ELSE)
def test_who_writes_for_somebody_else_gets_a_person_of_security(text: str) -> None:
    reading = read(text)
    assert ([meant.intent for meant in reading.requests], reading.department) == (["human"], "Security")


@pytest.mark.parametrize(
    ("text", "intent"),
    (
        ("Our new agency will move the site, so please unlock bakery.example.", "domain.unlock"),
        ("My father started this business, I run it. Please renew bakery.example for a year.", "domain.renew"),
        ("Mein Mann und ich haben uns entschieden: bitte bakery.example entsperren.", "domain.unlock"),
        ("Con mia moglie abbiamo deciso: rinnovate bakery.example per un anno.", "domain.renew"),
        ("Era un cavo nostro, potete chiudere il ticket 70012.", "ticket.close"),
        ("Bob przeszedł na emeryturę. Proszę usunąć bob@bakery.example z naszych kontaktów.", "contacts.remove"),
        ("The new server is ready. Please point bakery.example to ns1.desk.example and ns2.desk.example.",
         "domain.nameservers_set"),
    ),
)  # fmt: skip
def test_relatives_and_colleagues_in_a_story_make_nobody_else_the_writer(text: str, intent: str) -> None:
    assert [meant.intent for meant in read(text).requests] == [intent]


@pytest.mark.parametrize(
    "text",
    (
        "Ihr habt bakery.example entsperrt.",
        "Mon frère a supprimé le contact bob@bakery.example.",
        "Cerraron el ticket 70012.",
        "Habéis cerrado el ticket 70012.",
        "Fecharam o ticket 70012.",
        "Vocês redefiniram a minha senha.",
        "Avete reimpostato la mia password.",
        "Avete chiuso il ticket 70012.",
        "De nameservers van bakery.example zijn gewijzigd.",
        "Odblokowaliście bakery.example.",
        "Zmieniono serwery nazw bakery.example.",
    ),
)
def test_what_is_told_as_done_asks_for_nothing_in_every_language(text: str) -> None:
    assert [meant.intent for meant in read(text).requests] == ["human"]


@pytest.mark.parametrize(
    "text", ("Thanks for nothing.", "Bedankt, maar het werkt nog steeds niet.", "Merci pour rien.")
)
def test_bitter_thanks_are_no_courtesy(text: str) -> None:
    assert [meant.intent for meant in read(text).requests] == ["human"]


@pytest.mark.parametrize(
    "text",
    (
        "the address on my account is one I have never seen",
        "one of the forwarders goes to an address that nobody here knows",
        "Une adresse sur le compte ne nous dit rien",
        "Er staat een contact in het account dat ons niets zegt",
    ),
)
def test_an_address_that_nobody_knows_is_an_intruders(text: str) -> None:
    reading = read(text)
    assert ([meant.intent for meant in reading.requests], reading.department) == (["human"], "Security")


@pytest.mark.parametrize(
    "text",
    (
        "Which of your servers is named after a poet?",
        "Welcher eurer Server heißt wie ein Dichter?",
        "I want to see the service at the chapel on Sunday",
    ),
)
def test_a_question_that_only_borrows_our_words_is_not_answered(text: str) -> None:
    assert [meant.intent for meant in read(text).requests] == ["human"]
