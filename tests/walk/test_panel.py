"""Links into the control panel, passwords and mailboxes: made when their page is opened, sent to one address only."""

from __future__ import annotations

import re

import pytest

from bot.web import opening
from core.backends.local import tables
from tests.desk import Mails, TestDesk

LINK = re.compile(r"https://desk\.example/once/([\w-]+)")
RIGHTS = ["invoices", "tickets", "products", "productsso", "manageproducts"]


def link_in(mails: Mails) -> str:
    (letter,) = mails.of_kind("secret")
    found = LINK.search(letter.text)
    assert found is not None, letter.text
    return found.group(1)


def bob_may(desk: TestDesk) -> None:
    with desk.app.sessions.begin() as session:
        row = session.get(tables.Contact, ("1001", "1"))
        assert row is not None
        row.permissions = RIGHTS


def stored(desk: TestDesk, key: str) -> str:
    with desk.app.sessions() as session:
        row = session.get(tables.Login, key)
        return row.password_hash if row is not None else ""


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Log in to cpanel of bakery.example", ""),
        ("Open phpMyAdmin for bakery.example", "phpmyadmin"),
        ("I need an autoresponder for bakery.example", "autoresponders"),
        ("Please open the e-mail accounts of bakery.example", "email-accounts"),
    ],
)
def test_the_link_opens_the_page_that_was_asked_for_once(desk_on_sqlite: TestDesk, text: str, page: str) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", text)
    secret = link_in(mails)
    opened = opening.press(desk.app.around, secret)
    assert opened.go_to == f"https://saturn.desk.example:2083/{page}"
    with pytest.raises(opening.Gone):
        opening.press(desk.app.around, secret)


def test_the_answer_and_the_ticket_never_carry_the_link(desk: TestDesk) -> None:
    mails = desk.says("alice", "Open phpMyAdmin for bakery.example")
    (answer,) = mails.of_kind("answer")
    secret = link_in(mails)
    assert secret not in answer.text and "a…@bakery.example" in answer
    assert secret not in str(desk.ticket())
    desk.sends()
    assert all(secret not in mail.text + mail.html for mail in desk.letters())


def test_a_contact_s_link_goes_to_their_own_address_and_the_owner_is_told(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    bob_may(desk)
    mails = desk.says("bob", "Open the file manager of bakery.example")
    assert [mail.to for mail in mails.of_kind("secret")] == ["bob@bakery.example"]
    (notice,) = mails.of_kind("notice")
    assert notice.to == "alice@bakery.example" and "Bob Roux" in notice and "STOP" in notice


def test_the_owner_s_stop_ends_the_links(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    bob_may(desk)
    (notice,) = desk.says("bob", "Open the file manager of bakery.example").of_kind("notice")
    desk.says("alice", "STOP", reply_to=notice)
    desk.clock.advance(minutes=20)
    assert not desk.says("bob", "Open the file manager of bakery.example").of_kind("secret")


def test_without_the_right_there_is_no_link(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("bob", "Open the file manager of bakery.example")
    assert not mails.of_kind("secret") and "right" in mails.to("bob")


def test_an_unproved_wish_brings_no_link(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Log in to cpanel of bakery.example", proved=False)
    assert not mails.of_kind("secret") and "Did you write" in mails.to("alice").subject


def test_a_password_changes_when_its_page_is_used_and_is_shown_there_alone(desk: TestDesk) -> None:
    mails = desk.says("alice", "Please reset my cPanel password for bakery.example")
    assert stored(desk, "service/501") == ""
    opened = opening.press(desk.app.around, link_in(mails))
    assert len(opened.secret) >= 16 and stored(desk, "service/501").startswith("scrypt$")
    assert all(opened.secret not in mail.text for mail in desk.letters())


def test_a_mailbox_is_made_when_its_page_is_used(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    secret = link_in(desk.says("alice", "Please create a mailbox: Sales@bakery.example"))
    opened = opening.press(desk.app.around, secret)
    assert (opened.about, bool(opened.secret)) == ("sales@bakery.example", True)
    with desk.app.sessions() as session:
        assert session.get(tables.Mailbox, ("501", "sales@bakery.example")) is not None


def test_no_mailbox_is_made_on_a_domain_that_is_not_theirs(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Please create a mailbox: sales@hale.example")
    assert not mails.of_kind("secret") and "cannot be created" in mails.to("alice")


@pytest.mark.parametrize(
    ("name", "why"), [("orders.bakery.example", "no control panel"), ("bakery-shop.example", "not active")]
)
def test_what_has_no_panel_or_rests_says_so(desk_on_sqlite: TestDesk, name: str, why: str) -> None:
    mails = desk_on_sqlite.says("alice", f"Log in to cpanel of {name}")
    assert not mails.of_kind("secret") and why in " ".join(mails.to("alice").text.split())


def test_the_user_name_is_told_and_the_password_never(desk_on_sqlite: TestDesk) -> None:
    answer = desk_on_sqlite.says("alice", "What is the cPanel username of bakery.example?").to("alice")
    assert "FTP of bakery.example is bakery." in answer and "never sent by mail" in answer


def test_webmail_is_an_address_and_no_secret(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Where is the webmail of bakery.example?")
    assert "https://saturn.desk.example:2096/" in mails.to("alice") and not mails.of_kind("secret")
