"""What clients do with their domains by mail: names, nameservers, contacts, orders; and what nobody else can."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot import i18n
from bot.channels import plain
from bot.handlers import collect
from bot.handlers.contact_forms import as_lines, fields_in, role_in
from bot.templating import Templates
from core.backends.local import domains, tables
from core.errors import Rejected
from core.messages import say
from core.ports import Domain, DomainContact, Invoice, Registration
from core.understanding import Understanding
from tests.desk import Mails, Read, TestDesk

CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
OLD, NEW = ("ns1.desk.example", "ns2.desk.example"), ("ns1.cloud.example", "ns2.cloud.example")


def code_in(mail: Read) -> str:
    found = CODE.search(mail.text)
    assert found is not None, mail.text
    return found.group(0)


def confirmed(desk: TestDesk, text: str) -> Mails:
    """Alice asks for it and sends the code back."""
    question = desk.says("alice", text).to("alice")
    return desk.says("alice", code_in(question), reply_to=question)


def domain(desk: TestDesk, name: str, client_id: str = "1001") -> Domain:
    return next(one for one in desk.app.around.systems.billing.domains(client_id) if one.name == name)


def names(desk: TestDesk, client_id: str = "1001") -> set[str]:
    return {one.name for one in desk.app.around.systems.billing.domains(client_id)}


def invoices(desk: TestDesk) -> list[Invoice]:
    return list(desk.app.around.systems.billing.invoices("1001"))


def registration(desk: TestDesk, name: str = "bakery.example") -> Registration:
    return desk.app.around.systems.registrar.registration(name)


def becomes(desk: TestDesk, name: str, **columns: object) -> None:
    """The row of a domain is as said from now on."""
    with desk.app.sessions.begin() as session:
        row = session.get_one(tables.Domain, domain(desk, name).id)
        for column, value in columns.items():
            setattr(row, column, value)


def test_nameservers_change_with_the_code_and_undo_brings_the_old_ones_back(desk: TestDesk) -> None:
    mails = confirmed(desk, "Please set the nameservers of bakery.example to ns1.cloud.example and ns2.cloud.example")
    assert registration(desk).nameservers == NEW
    (answer,), (notice,) = mails.of_kind("answer"), mails.of_kind("notice")
    assert "up to 24 hours" in answer.text.replace("\n", " ")
    desk.says("alice", "UNDO", reply_to=notice, proved=False)
    assert registration(desk).nameservers == OLD


def test_a_nameserver_under_the_domain_itself_needs_its_address_first(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    asked = "Set the nameservers of bakery.example to ns1.bakery.example and ns2.bakery.example"
    assert "create nameserver ns1.bakery.example" in desk.says("alice", asked).to("alice").text.replace("\n", " ")
    for host, address in (("ns1", "192.0.2.53"), ("ns2", "2001:db8::53")):
        confirmed(desk, f"Create nameserver {host}.bakery.example with {address}")
    confirmed(desk, asked)
    assert registration(desk).nameservers == ("ns1.bakery.example", "ns2.bakery.example")


def test_hosts_of_any_name_are_nameservers_by_the_words_around_them(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirmed(desk, "Set the nameservers of bakery.example to anna.cloud.example and bob.cloud.example")
    assert registration(desk).nameservers == ("anna.cloud.example", "bob.cloud.example")
    confirmed(desk, "Please change the nameservers of bakery.example:\n\nns1.cloud.example\nbob.cloud.example")
    assert registration(desk).nameservers == ("ns1.cloud.example", "bob.cloud.example")


def test_several_domains_change_by_one_code_and_each_gets_its_own_back(desk: TestDesk) -> None:
    becomes(desk, "bakery-shop.example", nameservers=["ns8.cloud.example", "ns9.cloud.example"])
    mails = confirmed(
        desk, "Set the nameservers of bakery.example and bakery-shop.example to ns1.cloud.example and ns2.cloud.example"
    )
    assert registration(desk).nameservers == registration(desk, "bakery-shop.example").nameservers == NEW
    assert registration(desk, "fresh-bread.example").nameservers == OLD
    (notice,) = mails.of_kind("notice")
    desk.says("alice", "UNDO", reply_to=notice)
    assert registration(desk).nameservers == OLD
    assert registration(desk, "bakery-shop.example").nameservers == ("ns8.cloud.example", "ns9.cloud.example")


def test_one_domain_that_the_registrar_refuses_does_not_stop_the_others(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", f"Set the nameservers of all my domains to {NEW[0]} and {NEW[1]}").to("alice")
    around = desk.app.around
    stubborn = Stubborn(around.registrar, "bakery.example")
    desk.app.around = replace(around, systems=replace(around.systems, registrar=stubborn))
    done = desk.says("alice", code_in(question), reply_to=question).of_kind("answer")[0].text
    assert "refused: bakery.example is on hold" in done.replace("\n", " ") or "on hold" in done
    assert (
        registration(desk, "alice-cakes.example").nameservers
        == registration(desk, "fresh-bread.example").nameservers
        == NEW
    )
    assert registration(desk).nameservers == OLD


@dataclass(frozen=True)
class Stubborn:
    """A registrar that refuses the nameservers of one domain."""

    registrar: Any
    name: str

    def set_nameservers(self, domain: str, hosts: Sequence[str]) -> None:
        if domain == self.name:
            raise Rejected(f"{domain} is on hold")
        self.registrar.set_nameservers(domain, hosts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.registrar, name)


def test_all_is_an_answer_to_which_domains(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    asked = desk.says("alice", f"Use {NEW[0]} and {NEW[1]} as nameservers").to("alice")
    question = desk.says("alice", "all", reply_to=asked).to("alice")
    desk.says("alice", code_in(question), reply_to=question)
    held = [one.name for one in desk.app.around.systems.billing.domains("1001") if one.held]
    assert {registration(desk, name).nameservers for name in held} == {NEW}


def test_one_nameserver_is_too_few(desk_on_sqlite: TestDesk) -> None:
    mail = desk_on_sqlite.says("alice", "Set the nameservers of bakery.example to ns1.cloud.example").to("alice")
    assert "at least two" in mail and not CODE.search(mail.text)


def test_somebody_else_s_domain_is_nothing_of_theirs(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    for text in (
        "Set the nameservers of hale.example to ns1.cloud.example and ns2.cloud.example",
        "Renew hale.example",
        "Who is the registrant of hale.example?",
        "Switch id protection of hale.example off",
        "Restore hale.example",
    ):
        mail = desk.says("alice", text).to("alice")
        assert "victor" not in mail.text.lower() and not CODE.search(mail.text)
    assert registration(desk, "hale.example").nameservers == OLD


def test_a_contact_without_the_right_changes_and_orders_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    before = (names(desk), len(invoices(desk)))
    for text in (
        "Set the nameservers of bakery.example to ns1.cloud.example and ns2.cloud.example",
        "Register bread.example",
        "Please transfer sourdough.example to you",
        "Renew bakery.example",
        "Lock all my domains",
    ):
        assert "right" in desk.says("bob", text).to("bob"), text
    assert (names(desk), len(invoices(desk))) == before and not registration(desk, "bakery-shop.example").locked


def test_whoever_switches_auto_renew_off_is_told_of_the_open_renewal_invoice(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    invoice = desk.app.around.systems.shop.renew_domain(domain(desk, "bakery.example"), 1)
    question = desk.says("alice", "Switch auto-renew of bakery.example off").to("alice")
    assert invoice.number in question and "stays open" in question.text.replace("\n", " ")
    done = desk.says("alice", "YES", reply_to=question).to("alice")
    assert invoice.number in done and not domain(desk, "bakery.example").auto_renew
    assert next(one for one in invoices(desk) if one.id == invoice.id).status == "Unpaid"


def change_registrant(desk: TestDesk, *lines: str) -> Mails:
    question = desk.says("alice", "\n".join(("Change the registrant of bakery.example", *lines))).to("alice")
    return desk.says("alice", code_in(question), reply_to=question)


def test_a_new_registrant_locks_the_domain_in_for_sixty_days(desk: TestDesk) -> None:
    asked = desk.says("alice", "Change the registrant of bakery.example").to("alice")
    form = [line.strip() for line in asked.text.splitlines() if line.startswith("    ")]
    assert form[:3] == ["Change the registrant of bakery.example", "Name: Alice Martin", "Organisation: Alice Bakery"]
    filled = "\n".join(form).replace("Alice Martin", "Bob Roux").replace("alice@", "bob@")
    question = desk.says("alice", filled, reply_to=asked).to("alice")
    assert "For 60 days it cannot be transferred" in question.text.replace("\n", " ")
    desk.says("alice", code_in(question), reply_to=question)
    found = registration(desk)
    assert (found.registrant.name, found.registrant.email) == ("Bob Roux", "bob@bakery.example")
    assert found.registrant.organisation == "Alice Bakery"  # What they did not name stays.
    assert found.transfer_lock_until == date(2026, 11, 25) + timedelta(days=60)
    assert found.verification_open


def test_a_new_phone_number_locks_nothing(desk_on_sqlite: TestDesk) -> None:
    change_registrant(desk_on_sqlite, "Phone: +33 1 99 00 12 99")
    found = registration(desk_on_sqlite)
    assert (found.registrant.phone, found.transfer_lock_until) == ("+33 1 99 00 12 99", None)


def test_one_sentence_changes_one_field_and_a_dash_empties_one(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirmed(desk, "Change the registrant phone of bakery.example to +49 30 1234567.")
    assert registration(desk).registrant.phone == "+49 30 1234567"
    confirmed(desk, "Bitte den Inhaber von bakery.example ändern\nTelefon: -")
    assert registration(desk).registrant.phone == ""


@pytest.mark.parametrize("role", ["registrant", "admin"])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_form_is_understood_as_it_was_sent_in_every_language(language: str, role: str) -> None:
    holder = DomainContact(
        "Alice Martin", "alice@bakery.example", "Alice Bakery", "+33 1 99 00 12 34", "12 rue\nParis\nFR"
    )
    domain = Domain("701", "1001", "bakery.example", "Active")
    form = say("domain_contact_form", domain=domain, role=role, lines=as_lines(holder, role))
    written = plain.text(Templates().content(form, language), gettext=i18n.translations(language).gettext)
    sent_back = "\n".join(line.strip() for line in written.splitlines() if line.startswith("    "))
    (asked,) = Understanding(collect()).of(sent_back).requests
    assert asked.intent.name == "domain.contact_update" and asked.words["domain"] == ("bakery.example",)
    assert role_in(sent_back) == role
    assert replace(DomainContact(), **fields_in(sent_back)) == holder


def test_in_redemption_the_holder_stays(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    becomes(desk, "bakery.example", status="Redemption Period (Expired)")
    answer = desk.says("alice", "Change the registrant of bakery.example\nName: Bob Roux").to("alice")
    assert "in redemption" in answer and not CODE.search(answer.text)


def test_undo_restores_every_field_of_the_registrant(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    before = registration(desk).registrant
    mails = change_registrant(
        desk,
        "Name: Mallory",
        "Organisation: -",
        "Email: mallory@evil.example",
        "Phone: -",
        "Address: 1 Back Lane, Nowhere",
    )
    assert registration(desk).registrant.address == "1 Back Lane\nNowhere"
    (notice,) = [mail for mail in mails.of_kind("notice") if mail.to == "alice@bakery.example"]
    desk.says("alice", "UNDO", reply_to=notice)
    assert registration(desk).registrant == before


def test_the_former_registrant_is_told_at_the_address_that_was_on_the_domain(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    becomes(desk, "bakery.example", registrant_email="nina@stone.example")
    mails = change_registrant(desk, "Email: bob@bakery.example")
    assert "no longer a contact" in mails.to("nina") and not mails.all_to("bob")


def test_details_that_cannot_be_read_change_nothing_and_show_the_form(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    before = registration(desk)
    for lines in ("", "Email: bob at bakery", "Phone: none of your business"):
        answer = desk.says("alice", f"Change the registrant of bakery.example\n{lines}").to("alice")
        assert "Organisation:" in answer and not CODE.search(answer.text)
    assert registration(desk) == before


def test_the_verification_goes_to_the_registrant_and_is_shown_masked(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "verified already" in desk.says("alice", "Resend the verification mail for bakery.example").to("alice")
    becomes(desk, "bakery.example", verification_open=True)
    asked = desk.says("alice", "Resend the verification mail for bakery.example")
    assert "resend_verification" in asked.all_to("sam")[0], "the embedded registrar mails nothing: a person has to"
    around = desk.app.around
    registrar = Mailing(around.registrar)
    desk.app.around = replace(around, systems=replace(around.systems, registrar=registrar))
    mail = desk.says("alice", "Resend the verification mail for bakery.example").to("alice")
    assert "a…@bakery.example" in mail


@dataclass(frozen=True)
class Mailing:
    """A registrar that mails the verification."""

    inner: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def resend_verification(self, domain: str) -> str:
        return str(self.inner.registration(domain).registrant.email)


def test_id_protection_that_is_paid_goes_off_with_a_code_and_on_again_at_once(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Hide my data on bakery-shop.example").to("alice")
    assert "€4.00" in question
    desk.says("alice", "YES", reply_to=question)
    (invoice,) = [one for one in invoices(desk) if any(item.type == "DomainAddonIDP" for item in one.items)]
    assert invoice.number in desk.says("alice", "Hide my data on bakery-shop.example").to("alice")
    with desk.app.sessions.begin() as session:
        session.get_one(tables.Invoice, invoice.id).status = "Paid"
        domains.paid(session, invoice.id, date(2026, 11, 25))
    assert domain(desk, "bakery-shop.example").id_protection
    mails = confirmed(desk, "Switch ID protection of bakery-shop.example off")
    assert not domain(desk, "bakery-shop.example").id_protection
    (notice,) = mails.of_kind("notice")
    desk.says("alice", "UNDO", reply_to=notice)
    assert domain(desk, "bakery-shop.example").id_protection


def test_a_renewal_is_an_invoice_that_leads_to_a_new_expiry_date(desk: TestDesk) -> None:
    question = desk.says("alice", "Renew bakery.example for 3 years").to("alice")
    assert "€36.00" in question and "2 May 2030" in question
    before = len(invoices(desk))
    done = desk.says("alice", "YES", reply_to=question).to("alice")
    desk.says("alice", "YES", reply_to=question)
    assert len(invoices(desk)) == before + 1 and invoices(desk)[0].number in done
    assert invoices(desk)[0].total == Decimal("36.00") and domain(desk, "bakery.example").expires == date(2027, 5, 2)


def test_a_domain_runs_ten_years_at_most(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mail = desk.says("alice", "Renew bakery.example for 10 years").to("alice")
    assert "1 to 9 years" in mail and not invoices(desk)[0].items[0].description.startswith("Domain renewal")


def test_a_price_that_changed_since_the_question_is_asked_anew(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Renew bakery.example").to("alice")
    with desk.app.sessions.begin() as session:
        session.get_one(tables.Tld, "example").renew = Decimal("15.00")
    before = len(invoices(desk))
    again = desk.says("alice", "YES", reply_to=question).to("alice")
    assert "€15.00" in again and len(invoices(desk)) == before


def test_a_domain_in_redemption_is_restored_and_not_renewed(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    becomes(desk, "alice-cakes.example", status="Redemption Period (Expired)")
    assert "€80.00" in desk.says("alice", "Renew alice-cakes.example").to("alice")
    question = desk.says("alice", "Restore alice-cakes.example").to("alice")
    assert "€92.00" in question
    done = desk.says("alice", code_in(question), reply_to=question).of_kind("answer")[0]
    assert "€92.00" in done and invoices(desk)[0].total == Decimal("92.00")
    assert invoices(desk)[0].number in desk.says("alice", "Restore alice-cakes.example").to("alice")


def test_a_name_is_registered_after_code_and_payment_only(desk: TestDesk) -> None:
    question = desk.says("alice", "Please register sourdough-club.example for 2 years").to("alice")
    assert "€22.00" in question and "sourdough-club.example" not in names(desk)
    desk.says("alice", code_in(question), reply_to=question)
    assert domain(desk, "sourdough-club.example").status == "Pending"
    assert "not registered yet" in desk.says("alice", "Show sourdough-club.example").to("alice")
    assert "not registered yet" in desk.says("alice", "Register sourdough-club.example").to("alice")


def test_a_name_that_was_taken_since_the_question_is_not_ordered(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    question = desk.says("alice", "Register sourdough-club.example").to("alice")
    with desk.app.sessions.begin() as session:
        session.add(tables.RegistryEntry(name="sourdough-club.example", registrar="Other Registrar", locked=True))
    before = len(invoices(desk))
    answer = desk.says("alice", code_in(question), reply_to=question).to("alice")
    assert "registered already" in answer and "€10.00" in answer
    assert len(invoices(desk)) == before and "sourdough-club.example" not in names(desk)


def test_names_are_answered_with_price_or_three_others(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "€10.00" in desk.says("alice", "Is sourdough-club.example free?").to("alice")
    taken = desk.says("alice", "Is sourdough.example available?").to("alice")
    assert len(re.findall(r"^[\w-]+\.example +€", taken.text, re.MULTILINE)) == 3
    assert "is yours" in desk.says("alice", "Is bakery.example taken?").to("alice")
    assert ".example" in desk.says("alice", "Is bread.test free?").to("alice")
    assert "belongs to bread.example" in desk.says("alice", "Is shop.bread.example free?").to("alice")


def test_a_stranger_who_asks_for_a_name_gets_a_person_and_no_echo(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("nina", "Is cheap-pills.example free?", subject="Question")
    assert mails.all_to("dana") and "cheap-pills" not in mails.to("nina").text


def test_all_domains_are_locked_or_renewed_with_one_sentence(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", "Lock all my domains")
    held = [one for one in desk.app.around.systems.billing.domains("1001") if one.held]
    assert all(registration(desk, one.name).locked for one in held) and len(held) == 4
    desk.says("alice", "Switch auto-renew on for all my domains")
    assert domain(desk, "alice-cakes.example").auto_renew
