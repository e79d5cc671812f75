"""What readers get wrong at first: a state told in passing, a slip of the pen, a thing bought from a client, a "not" of
another act. Each in several languages, for the words alone decide."""

import pytest

from core.meaning.read import Reader

_READER = Reader()


def asked(text: str) -> list[str]:
    return [meant.intent for meant in _READER.read(text).requests]


def named(text: str, entity: str) -> list[str]:
    return [value for meant in _READER.read(text).requests for value in meant.entities.get(entity, ())]


@pytest.mark.parametrize(
    "text",
    (
        "we purchased oldmill.example from its previous owner, a client of yours. please send the auth code",
        "Wir haben muehle.example vom bisherigen Inhaber gekauft. Bitte Auth-Code senden.",
        "J'ai racheté moulin.example à l'ancien propriétaire, envoyez-moi le code de transfert",
        "He comprado molino.example al anterior dueño, envíenme el código de autorización",
        "Comprei moinho.example ao antigo dono, mandem o código EPP",
        "Ho comprato mulino.example dal vecchio proprietario, mi mandate il codice di trasferimento?",
        "Ik heb molen.example van de vorige eigenaar gekocht, stuur mij de verhuiscode",
        "Kupiłem domenę mlyn.example od poprzedniego właściciela, proszę o kod authinfo",
        "ex husband opened the account in his name, but the shop is mine. unlock bakery.example",
    ),
)
def test_what_was_bought_from_a_client_is_for_a_person(text: str) -> None:
    assert asked(text) == ["human"]


@pytest.mark.parametrize(
    "text",
    (
        "I'd like to transfer bakery.example to you, I have the code and the lock is off",
        "Ich möchte bakery.example zu Ihnen umziehen, Code habe ich, die Sperre ist raus",
        "Je souhaite transférer bakery.example chez vous, j'ai le code et le verrou est levé",
        "quiero traer bakery.example con ustedes, tengo el código y el bloqueo está quitado",
        "quero transferir bakery.example para vocês, tenho o código e o bloqueio está removido",
        "vorrei trasferire bakery.example da voi, ho il codice e il blocco è stato tolto",
        "ik wil bakery.example naar jullie verhuizen, code heb ik en het slot is eraf",
        "chcę przenieść bakery.example do was, kod mam, blokada zdjęta",
    ),
)
def test_a_lock_that_is_off_already_is_not_to_be_taken_off(text: str) -> None:
    assert asked(text) == ["domain.transfer_in"]


@pytest.mark.parametrize(
    "text",
    (
        "please restore the backup of bakery.example from Sunday",
        "spielt bitte das Backup von gestern für bakery.example ein",
        "Restaurez la sauvegarde d'hier de bakery.example svp",
        "ripristinate il backup di ieri di bakery.example",
        "lock bakery.example this coming monday morning",
        "Bitte bakery.example am kommenden Samstagabend entsperren",
        "desbloqueen bakery.example este sábado por la noche",
        "odblokujcie bakery.example w najbliższą sobotę wieczorem",
        "which of your packages would make sense for a choir?",
        "welk van jullie pakketten past het best bij mij, tien kleine sites?",
        "only unlock bakery.example if my partner agrees",
        "the lock should no longer be on but it still is, bakery.example",
    ),
)
def test_work_advice_and_what_has_its_day_are_for_a_person(text: str) -> None:
    assert asked(text) == ["human"]


@pytest.mark.parametrize(
    ("text", "intent"),
    (
        ("bob@bakery.example soll kein Kontakt mehr sein", "contacts.remove"),
        ("bob@bakery.example should no longer be a contact of ours", "contacts.remove"),
        ("bob@bakery.example ne doit plus être un contact de notre compte", "contacts.remove"),
        ("please let our existing contact bob@bakery.example see the invoices too", "contacts.update"),
        ("permitan al contacto existente bob@bakery.example ver las facturas", "contacts.update"),
        ("the company on our account should now read Alice Bakery", "account.update_details"),
        ("The owner e-mail shown for bakery.example is ancient. Please change it to bob@bakery.example",
         "domain.contact_update"),
        ("password of the cPanel for bakery.example: a new one please", "service.password_change"),
        ("please set a new FTP password for bakery.example, the old webmaster knows it", "service.password_change"),
        ("kindly do renewal of bakery.example for two years and revert", "domain.renew"),
        ("cancel the hosting of bakery.example please, no longer needed", "service.cancel"),
        ("please don't renew bakery.example, it was only for a fair", "domain.autorenew_off"),
        ("don't unlock bakery.example, just send me the auth code", "domain.epp_code"),
        ("Please send the EPP code of bakery.example, we'll enter it ourselves once we have it", "domain.epp_code"),
        ("Sperrt bakery.example bitte wieder, der Umzug findet nicht statt", "domain.lock"),
        ("please add to ticket 5512: the error also shows on the staging copy", "ticket.reply"),
    ),
)  # fmt: skip
def test_the_neighbouring_act_is_told_apart(text: str, intent: str) -> None:
    assert asked(text) == [intent]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    (
        ("unlock bakery.example oops wrong one sorry i meant bakery.test", "domain", "bakery.test"),
        ("verrouillez bakery.example oups je voulais dire bakery.test", "domain", "bakery.test"),
        ("renew bakery.example… hang on, bakery.test", "domain", "bakery.test"),
        ("reopen 738014, no sorry fat fingers, 738041", "ticket", "738041"),
        ("please top up 30 dollars. Hm, make that 90", "amount", "90.00"),
        ("50 Euro Guthaben aufladen, nein, 70", "amount", "70.00"),
    ),
)
def test_of_a_slip_only_the_corrected_name_counts(text: str, entity: str, value: str) -> None:
    assert named(text, entity) == [value]


def test_a_complaint_about_a_renewal_switches_nothing_off() -> None:
    assert asked("nobody asked you to renew bakery.example") == ["human"]


def test_a_question_about_any_domain_asks_for_no_code() -> None:
    assert "domain.epp_code" not in asked("does a .ie need an auth code for moving?")
    assert "domain.epp_code" not in asked("Braucht eine .de-Domain einen Auth-Code?")
