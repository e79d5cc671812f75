"""What the Profiles port promises, kept by the embedded client area: a function for each promise.

The tests speak of a client with id 1001 (Alice), her contact 1 (Bob) and two cards; any adapter that can be loaded
with these can run them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.demodata import WRITTEN_FOR, demo_document
from bot.importing import load
from core.backends.local.billing import LocalBilling
from core.backends.local.profiles import LocalProfiles
from core.backends.local.tables import Login
from core.database import Sessions
from core.errors import Rejected, Unsupported
from core.people import Permission
from core.ports import PREFERENCES, Billing, Client, Contact, PayMethod, Profiles

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
EVERY = frozenset(PREFERENCES)


@pytest.fixture
def ports(database_sessions: Sessions) -> tuple[Profiles, Billing]:
    load(database_sessions, demo_document(WRITTEN_FOR))
    return LocalProfiles(database_sessions, lambda: NOW), LocalBilling(database_sessions)


@pytest.fixture
def profiles(ports: tuple[Profiles, Billing]) -> Profiles:
    return ports[0]


@pytest.fixture
def alice(ports: tuple[Profiles, Billing]) -> Callable[[], Client]:
    return lambda: ports[1].client("1001")


@pytest.fixture
def bob(ports: tuple[Profiles, Billing]) -> Callable[[], Contact]:
    return lambda: ports[1].contacts("1001")[0]


def new_contact(**changes: object) -> Contact:
    return replace(Contact("", "1001", "Nina", "Stone", "nina@stone.example"), **changes)  # type: ignore[arg-type]


def test_details_are_changed_by_name_and_again_without_error(profiles: Profiles, alice: Callable[[], Client]) -> None:
    for _ in range(2):
        profiles.update("1001", {"city": "Lyon", "phone": "+33 4 99 00 12 34", "time_zone": "Europe/Lisbon"})
    assert (alice().city, alice().phone, alice().time_zone) == ("Lyon", "+33 4 99 00 12 34", "Europe/Lisbon")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("country", "France", "two letters"),
        ("phone", "call me", "phone number"),
        ("time_zone", "Mars/Base", "time zone"),
        ("payment_method", "Gold", "not offered"),
        ("billing_contact_id", "99", "not on the account"),
        ("email", "nobody", "no e-mail address"),
        ("email", "victor@HALE.example", "cannot be used"),
        ("email", "bob@bakery.example", "already"),
        ("credit", "1000", "cannot be changed"),
        ("status", "Closed", "cannot be changed"),
        ("city", "Lyon\nBcc: x", "no city"),
        ("city", "x" * 256, "no city"),
    ],
)
def test_one_wrong_detail_changes_none(
    profiles: Profiles, alice: Callable[[], Client], name: str, value: str, why: str
) -> None:
    before = alice()
    with pytest.raises(Rejected, match=why):
        profiles.update("1001", {"company": "Something else", name: value})
    assert alice() == before


def test_a_changed_address_is_found_by_and_the_old_one_is_not(ports: tuple[Profiles, Billing]) -> None:
    profiles, billing = ports
    profiles.update("1001", {"email": "Alice@Bread.example"})
    assert [holder.client.id for holder in billing.holders("alice@bread.EXAMPLE")] == ["1001"]
    assert billing.holders("alice@bakery.example") == []


def test_an_unknown_client_is_rejected(profiles: Profiles) -> None:
    with pytest.raises(Rejected, match="no client"):
        profiles.update("9999", {"city": "Lyon"})


def test_preferences_are_set_for_the_client_and_for_a_contact(
    profiles: Profiles, alice: Callable[[], Client], bob: Callable[[], Contact]
) -> None:
    profiles.set_email_preferences("1001", "", frozenset({"domain"}))
    profiles.set_email_preferences("1001", "1", frozenset())
    assert (alice().email_preferences, bob().email_preferences) == (frozenset({"domain"}), frozenset())


def test_the_last_who_hears_of_domains_keeps_hearing(
    profiles: Profiles, alice: Callable[[], Client], bob: Callable[[], Contact]
) -> None:
    with pytest.raises(Rejected, match="domains"):
        profiles.set_email_preferences("1001", "", EVERY - {"domain"})
    assert "domain" in alice().email_preferences
    profiles.set_email_preferences("1001", "1", frozenset({"domain"}))
    profiles.set_email_preferences("1001", "", frozenset())
    with pytest.raises(Rejected, match="domains"):
        profiles.remove_contact(bob())
    assert bob().email == "bob@bakery.example"


def test_a_kind_of_mail_that_does_not_exist_is_rejected(profiles: Profiles) -> None:
    with pytest.raises(Rejected, match="gossip"):
        profiles.set_email_preferences("1001", "", EVERY | {"gossip"})


def test_a_contact_is_added_with_an_id_of_its_own(ports: tuple[Profiles, Billing]) -> None:
    profiles, billing = ports
    wanted = new_contact(permissions=frozenset({Permission.DOMAINS}), email_preferences=frozenset({"domain"}))
    added = profiles.add_contact(wanted)
    assert added == replace(wanted, id=added.id) and added.id not in ("", "1")
    assert added in billing.contacts("1001")
    assert [holder.contact for holder in billing.holders("nina@stone.example")] == [added]


@pytest.mark.parametrize("email", ["BOB@bakery.example", "alice@bakery.example", "victor@hale.example", "no address"])
def test_a_contact_needs_an_address_that_is_free(profiles: Profiles, email: str) -> None:
    with pytest.raises(Rejected):
        profiles.add_contact(new_contact(email=email))


def test_a_contact_is_changed_as_a_whole(profiles: Profiles, bob: Callable[[], Contact]) -> None:
    changed = replace(bob(), email="bob@bread.example", permissions=frozenset(), may_log_in=False, phone="+33 1")
    profiles.update_contact(changed)
    assert bob() == changed
    with pytest.raises(Rejected, match="already"):
        profiles.update_contact(replace(changed, email="alice@bakery.example"))
    with pytest.raises(Rejected, match="not on the account"):
        profiles.update_contact(replace(changed, id="99"))


def test_a_removed_contact_is_gone_and_no_longer_gets_the_invoices(
    ports: tuple[Profiles, Billing], bob: Callable[[], Contact], alice: Callable[[], Client]
) -> None:
    profiles, billing = ports
    profiles.update("1001", {"billing_contact_id": "1"})
    gone = bob()
    profiles.remove_contact(gone)
    assert billing.contacts("1001") == [] and alice().billing_contact_id == ""
    with pytest.raises(Rejected):
        profiles.remove_contact(gone)


def card(profiles: Profiles, ending: str) -> PayMethod:
    return next(it for it in profiles.pay_methods("1001") if it.description.endswith(ending))


def test_one_pay_method_is_the_default(profiles: Profiles) -> None:
    profiles.set_default_pay_method(card(profiles, "5100"))
    assert [it.description for it in profiles.pay_methods("1001") if it.default] == ["Mastercard ending 5100"]


def test_the_default_pay_method_goes_last(profiles: Profiles) -> None:
    with pytest.raises(Rejected, match="choose another"):
        profiles.remove_pay_method(card(profiles, "4242"))
    other = card(profiles, "5100")
    profiles.remove_pay_method(other)
    profiles.remove_pay_method(card(profiles, "4242"))
    assert profiles.pay_methods("1001") == []
    for act in (profiles.remove_pay_method, profiles.set_default_pay_method):
        with pytest.raises(Rejected, match="not on file"):
            act(other)


def test_another_client_s_pay_methods_are_not_seen(profiles: Profiles) -> None:
    assert {it.client_id for it in profiles.pay_methods("1002")} == {"1002"}


def test_the_page_for_cards_is_a_public_address(profiles: Profiles) -> None:
    assert profiles.pay_method_page("1001").startswith("https://")


def test_sent_mails_are_listed_newest_first(profiles: Profiles) -> None:
    dates = [mail.date for mail in profiles.sent_emails("1001")]
    assert dates == sorted(dates, reverse=True) and len(dates) == 4


def test_a_mail_is_sent_again_or_the_backend_says_that_it_cannot(profiles: Profiles) -> None:
    with pytest.raises(Unsupported):
        profiles.resend_email(profiles.sent_emails("1001")[0])


def test_joining_the_affiliates_twice_is_joining_once(profiles: Profiles) -> None:
    assert profiles.affiliate("1002") is None
    joined = profiles.join_affiliates("1002")
    assert joined == profiles.join_affiliates("1002") == profiles.affiliate("1002")
    assert joined.link.startswith("https://") and joined.id != profiles.join_affiliates("1001").id


def test_links_sign_in_only_while_that_is_allowed(profiles: Profiles, alice: Callable[[], Client]) -> None:
    assert profiles.sign_in_url("1001").startswith("https://")
    profiles.allow_sso("1001", allowed=False)
    assert not alice().allow_sso
    with pytest.raises(Rejected, match="switched off"):
        profiles.sign_in_url("1001")


@pytest.mark.parametrize("contact", ["", "1"])
def test_a_strong_password_is_kept_as_a_hash_and_replaced_by_the_next(
    profiles: Profiles, database_sessions: Sessions, contact: str
) -> None:
    def kept() -> str:
        with database_sessions() as session:
            return session.scalars(select(Login.password_hash)).one()

    profiles.set_password("1001", contact, "correct horse battery")
    first = kept()
    profiles.set_password("1001", contact, "another horse battery")
    assert "horse" not in first and kept() != first


@pytest.mark.parametrize(
    ("password", "lacks"),
    [
        ("short", "at least 12"),
        ("aaaaaaaaaaaaaaa", "too easy"),
        ("123456789012345", "too easy"),
        ("my name is Alice!", "your name"),
        ("alice@bakery.example", "your name"),
    ],
)
def test_a_weak_password_is_rejected_with_what_it_lacks(profiles: Profiles, password: str, lacks: str) -> None:
    with pytest.raises(Rejected, match=lacks):
        profiles.set_password("1001", "", password)


def test_of_a_password_only_a_salted_hash_is_kept(profiles: Profiles, database_sessions: Sessions) -> None:

    profiles.set_password("1001", "", "correct horse battery")
    profiles.set_password("1001", "1", "correct horse battery")
    with database_sessions() as session:
        rows = session.query(Login).all()
    hashes = {row.password_hash for row in rows if row.key in ("client/1001", "contact/1001/1")}
    assert len(hashes) == 2 and not any("horse" in stored for stored in hashes)
