"""The account by mail: what is told to whom, what a change needs, and what never stands in an answer."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from bot.importing import load, read_document
from core.people import Permission
from core.ports import Client, Contact
from tests.backends.documents import document
from tests.desk import CAST, Mails, Read, TestDesk

CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def client(desk: TestDesk) -> Client:
    return desk.app.around.billing.client("1001")


def contacts(desk: TestDesk) -> dict[str, Contact]:
    return {contact.first_name: contact for contact in desk.app.around.billing.contacts("1001")}


def confirmed(desk: TestDesk, text: str, who: str = "alice") -> Mails:
    """They ask, and answer the question that comes with the word or the code that it wants."""
    question = desk.says(who, text).to(who)
    code = CODE.search(question.text)
    return desk.says(who, code[0] if code else "YES", reply_to=question)


def give_bob(desk: TestDesk, *rights: Permission) -> None:
    bob = replace(contacts(desk)["Bob"], permissions=frozenset(rights))
    desk.app.around.systems.profiles.update_contact(bob)


def answer(mails: Mails) -> Read:
    (found,) = mails.of_kind("answer")
    return found


def test_details_change_only_after_a_yes_and_all_at_once(desk: TestDesk) -> None:
    text = "Change my details\nAddress: 5 rue du Lac, 69001 Lyon\nPhone: +33 4 99 00 12 34"
    question = desk.says("alice", text).to("alice")
    assert "12 rue du Four" in question and "5 rue du Lac" in question and client(desk).city == "Paris"
    desk.says("alice", "YES", reply_to=question)
    assert (client(desk).city, client(desk).postcode, client(desk).phone) == ("Lyon", "69001", "+33 4 99 00 12 34")


def test_one_unclear_line_holds_back_the_whole_change(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Change my details\nCompany: Martin & Sons\nPhone: call me")
    assert "phone" in mails.to("alice") and client(desk_on_sqlite).company == "Alice Bakery"


def test_details_that_are_on_file_already_are_not_asked_about(desk_on_sqlite: TestDesk) -> None:
    assert "already" in desk_on_sqlite.says("alice", "Change my details\nCompany: Alice Bakery").to("alice")


def test_an_address_among_the_details_is_not_changed_with_them(desk_on_sqlite: TestDesk) -> None:
    confirmed(desk_on_sqlite, "Change my details\nCompany: Martin & Sons\nE-mail: mallory@evil.example")
    assert client(desk_on_sqlite).email == CAST["alice"][1] and client(desk_on_sqlite).company == "Martin & Sons"


def test_what_a_contact_changes_is_told_to_the_owner_who_can_take_it_back(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    give_bob(desk, Permission.PROFILE)
    mails = confirmed(desk, "Change my details\nCompany: Roux & Roux", "bob")
    (notice,) = [mail for mail in mails.of_kind("notice") if mail.to == CAST["alice"][1]]
    assert "Alice Bakery" in notice and "Roux & Roux" in notice
    desk.says("alice", "UNDO", reply_to=notice)
    assert client(desk).company == "Alice Bakery"


def test_the_overview_tells_a_contact_only_what_they_may_see(desk_on_sqlite: TestDesk) -> None:
    told = desk_on_sqlite.says("bob", "What's open on my account?").to("bob")
    assert "INV-9002" in told and "alice-cakes.example" not in told and "Referrals" not in told


@pytest.mark.parametrize(
    "text", ["My account details", "List our contacts", "My referrals", "List of sent mails", "Who gets which mails?"]
)
def test_a_contact_without_the_right_is_told_nothing(desk_on_sqlite: TestDesk, text: str) -> None:
    told = desk_on_sqlite.says("bob", text).to("bob")
    assert "does not cover this" in told and "12 rue du Four" not in told


@pytest.mark.parametrize(
    ("text", "says"),
    [("Send me a sign-in link", "opens the client area"), ("Reset my password", "Choose a new password")],
)
def test_a_link_goes_in_a_letter_of_its_own_to_the_address_on_file(
    desk_on_sqlite: TestDesk, text: str, says: str
) -> None:
    mails = desk_on_sqlite.says("alice", text, headers={"Reply-To": "mallory@evil.example"})
    (letter,) = mails.of_kind("secret")
    assert letter.to == CAST["alice"][1] and says in letter and "/once/" in letter.text
    assert "/once/" not in answer(mails).text and not mails.all_to("mallory")
    said = json.dumps(desk_on_sqlite.ticket())
    assert "/once/" not in said


def test_an_unproved_mail_gets_no_link(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Reset my password", proved=False)
    assert not mails.of_kind("secret") and "Did you write" in mails.to("alice")


def test_a_contact_never_gets_a_link_into_the_owner_s_session(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("bob", "Send me a sign-in link")
    assert not mails.of_kind("secret") and "owner" in answer(mails)


def test_no_link_is_sent_while_one_click_sign_in_is_off(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", "Turn off one-click login")
    assert not client(desk).allow_sso
    assert not desk.says("alice", "Send me a sign-in link").of_kind("secret")
    confirmed(desk, "Turn on one-click login")
    assert client(desk).allow_sso and desk.says("alice", "Send me a sign-in link").of_kind("secret")


def test_a_contact_s_new_password_is_told_to_the_owner_and_needs_a_login(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("bob", "Reset my password")
    assert mails.of_kind("secret")[0].to == CAST["bob"][1]
    assert [mail.to for mail in mails.of_kind("notice")] == [CAST["alice"][1]]
    confirmed(desk, "Deactivate the sub-account Bob")
    desk.clock.advance(hours=1)
    assert not desk.says("bob", "Reset my password").of_kind("secret")


def test_a_stranger_reads_where_to_log_in_and_how_to_choose_a_password(desk_on_sqlite: TestDesk) -> None:
    assert "https://portal.desk.example" in desk_on_sqlite.says("nina", "Where do I log in?").to("nina")
    assert "12 characters" in desk_on_sqlite.says("nina", "What is a strong password?").to("nina")


def test_a_contact_is_added_with_what_was_named_and_reads_of_it(desk: TestDesk) -> None:
    mails = confirmed(desk, "Please add a contact for invoices and managing domains:\nNina Stone <nina@stone.example>")
    nina = contacts(desk)["Nina"]
    assert nina.permissions == {Permission.INVOICES, Permission.DOMAINS} and not nina.may_log_in
    assert "contact" in mails.to("nina") and "INV-" not in mails.to("nina")
    assert "12 rue du Four" not in desk.says("nina", "My account details").to("nina")


def test_nothing_is_written_to_a_new_contact_before_the_code_came_back(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Add a contact for invoices:\nNina Stone <nina@stone.example>")
    assert "Your code" in mails.to("alice") and not mails.all_to("nina") and set(contacts(desk_on_sqlite)) == {"Bob"}


@pytest.mark.parametrize(
    "text",
    [
        "Bob may manage domains too",
        "Activate the sub-account Bob",
        "Remove Bob from our contacts",
        "Make Bob the billing contact",
        "Add a contact for domains:\nNina Stone <nina@stone.example>",
        "Turn on one-click login",
    ],
)
def test_only_the_owner_gives_rights(desk_on_sqlite: TestDesk, text: str) -> None:
    """A contact with the right to contacts and to the profile, and no more."""
    desk = desk_on_sqlite
    give_bob(desk, Permission.CONTACTS, Permission.PROFILE)
    before = contacts(desk)
    assert "Only the owner" in desk.says("bob", text).to("bob")
    assert contacts(desk) == before


def test_rights_that_were_given_are_taken_back_by_the_owner_s_undo(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    before = contacts(desk)["Bob"].permissions
    (notice,) = confirmed(desk, "Bob may manage domains too").of_kind("notice")
    assert Permission.MANAGE_DOMAINS in contacts(desk)["Bob"].permissions
    desk.says("alice", "UNDO", reply_to=notice)
    assert contacts(desk)["Bob"].permissions == before


def test_a_removed_contact_is_a_stranger_at_once(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirmed(desk, "Remove Bob from our contacts")
    assert "INV-9002" not in desk.says("bob", "Show my invoices").to("bob")


def test_who_gets_which_mails_is_changed_and_read_back(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirmed(desk, "Bob needs only invoices and mails about domains")
    assert contacts(desk)["Bob"].email_preferences == {"invoice", "domain"}
    confirmed(desk, "Only invoices by mail")
    assert client(desk).email_preferences == {"invoice"}


def test_the_last_who_hears_of_domains_is_kept(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Only invoices by mail")
    assert "only one" in mails.to("alice") and "domain" in client(desk_on_sqlite).email_preferences


def test_a_contact_leaves_the_newsletter_for_themselves_alone(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("bob", "Newsletter on")
    assert "general" in contacts(desk)["Bob"].email_preferences
    desk.says("bob", "Unsubscribe me from the newsletter")
    assert "general" not in contacts(desk)["Bob"].email_preferences and "general" in client(desk).email_preferences


def test_the_card_that_is_charged_is_not_removed_while_there_is_another(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "Nothing was changed" in desk.says("alice", "Remove my Visa").to("alice")
    confirmed(desk, "Remove my Mastercard")
    assert [it.description for it in desk.app.around.systems.profiles.pay_methods("1001")] == ["Visa ending 4242"]
    confirmed(desk, "Remove my Visa")
    assert desk.app.around.systems.profiles.pay_methods("1001") == []


def test_a_card_number_in_a_mail_is_not_repeated_and_the_page_for_cards_is_named(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Update my card details: 4111 1111 1111 1111")
    assert "4111 1111 1111 1111" not in json.dumps([mail.text for mail in mails])
    assert "4111 1111 1111 1111" not in json.dumps(desk_on_sqlite.ticket())


def test_a_way_to_pay_that_is_not_offered_is_answered_with_those_that_are(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "Bank transfer" in desk.says("alice", "Change our payment method to cheques").to("alice")
    confirmed(desk, "Switch me to PayPal")
    assert client(desk).payment_method == "PayPal"


def test_commission_is_paid_out_by_billing_and_an_account_closed_by_a_person(desk_on_sqlite: TestDesk) -> None:
    for text in ("Pay out my commission", "Delete my account"):
        mails = desk_on_sqlite.says("alice", text)
        assert desk_on_sqlite.ticket()["department"] == "Billing" and mails.all_to("sam")
    assert client(desk_on_sqlite).status == "Active"


def test_all_that_is_stored_of_somebody_goes_to_their_address_on_file_alone(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", "The shop page is empty since noon, nothing helps.")
    mails = desk.says("alice", "Export my data")
    (letter,) = mails.of_kind("secret")
    (file,) = letter.message.iter_attachments()
    found = json.loads(file.get_content())
    assert letter.to == CAST["alice"][1] and "since noon" in json.dumps(found)
    assert not list(answer(mails).message.iter_attachments())


def test_the_language_is_that_of_the_next_mail(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", "Bitte auf Deutsch")
    assert client(desk).language == "de" and "Antworten Sie" in desk.says("alice", "List my domains").to("alice")


@pytest.mark.parametrize(
    ("text", "zone"),
    [("My time zone is America/New_York", "America/New_York"), ("Set my time zone: Lisbon", "Europe/Lisbon")],
)
def test_a_time_zone_is_known_by_its_name_or_its_city(desk_on_sqlite: TestDesk, text: str, zone: str) -> None:
    desk_on_sqlite.says("alice", text)
    assert client(desk_on_sqlite).time_zone == zone


def test_a_time_zone_that_nobody_knows_is_asked_back(desk_on_sqlite: TestDesk) -> None:
    assert "Which time zone" in desk_on_sqlite.says("alice", "My time zone is Atlantis").to("alice").html
    assert client(desk_on_sqlite).time_zone == "Europe/Paris"


def test_invoices_go_to_a_contact_and_to_the_owner_again(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirmed(desk, "Make Bob the billing contact")
    assert client(desk).billing_contact_id == contacts(desk)["Bob"].id
    confirmed(desk, "Send invoices to the owner again")
    assert client(desk).billing_contact_id == ""


def test_the_overview_tells_of_tickets_that_are_open(desk_on_sqlite: TestDesk) -> None:
    desk_on_sqlite.says("alice", "The shop page is empty since noon, nothing helps.", subject="Empty page")
    assert "Empty page" in desk_on_sqlite.says("alice", "What's open on my account?").to("alice")


def test_somebody_with_two_accounts_reads_which_one_is_meant_and_switches(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    second = {"id": "1077", "first_name": "Alice", "last_name": "Martin", "email": CAST["alice"][1]}
    load(desk.app.sessions, read_document(document(clients=[second])))
    told = desk.says("alice", "Which account do you see me as?").to("alice")
    assert "owner of account #1001" in told and "#1077" in told
    assert "owner of account #1077" in desk.says("alice", "use account 1077").to("alice")
