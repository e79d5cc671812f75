"""What is kept of people, what they get of it, and what is left when they or time ask for it to go."""

from __future__ import annotations

from sqlalchemy import func, select

from core import privacy
from core.models import AddressChange, Arrival, ArticleFeedback, Blob, Letter, SentNotice, Subscription
from core.retention import Retention, purge
from tests.desk import TestDesk

TROUBLE = "My secret recipe page shows an error."


def everything(desk: TestDesk) -> str:
    """All text that the database holds, as one string."""
    with desk.app.sessions() as session:
        letters = b"".join(session.scalars(select(Letter.payload)))
        raw = b"".join(session.scalars(select(Blob.content)))
    tickets = str([desk.ticket(summary["number"]) for summary in desk.tickets()])
    return tickets + (letters + raw).decode("utf-8", "replace")


def talk(desk: TestDesk) -> None:
    mails = desk.says("nina", TROUBLE, attach=[("recipe.txt", "text/plain", b"flour and water")])
    desk.says("sam", "#note\nShe is nice.", reply_to=mails.to("sam"))
    desk.says("sam", "Fixed.\n#close", reply_to=mails.to("sam"))
    desk.says("victor", "My own site is fine, thanks for nothing", to="sales@desk.example")


def test_the_export_holds_what_they_wrote_and_read_and_no_internal_note(desk: TestDesk) -> None:
    talk(desk)
    document = privacy.export(desk.app.sessions, desk.app.around.billing, "nina@stone.example")
    text = str(document)
    assert document is not None and TROUBLE in text and "Fixed." in text
    assert "She is nice" not in text and document["tickets"][0]["internal_notes"] == 1
    assert "sam@desk.example" not in text and "victor" not in text.lower()


def test_erasing_leaves_the_skeleton_and_no_trace_of_the_person(desk: TestDesk) -> None:
    talk(desk)
    desk.clock.advance(minutes=1)
    gone = privacy.erase(desk.app.sessions, "Nina@stone.example", desk.clock(), desk.app.around.tokens.mark)
    left = everything(desk)
    assert gone.tickets == 1 and len(desk.tickets()) == 2
    for word in ("nina", "Nina", "recipe", "flour", "She is nice"):
        assert word not in left, word
    assert "thanks for nothing" in left, "other people's mails are not touched"


def test_what_stands_on_no_ticket_is_exported_and_erased_too(desk: TestDesk) -> None:
    """What she follows, what she said of an article, the notices she got, and a change of her address."""
    desk.clock.advance(days=1)
    desk.rings()
    with desk.app.sessions.begin() as session:
        session.add(
            AddressChange(id=1, client_id="1001", before="alice@bakery.example", after="a@new.example", at=desk.clock())
        )
        session.add(ArticleFeedback(id=1, article_id="1", address="alice@bakery.example", helped=True, at=desk.clock()))
        session.add(Subscription(address="Alice@bakery.example", topic="digest", since=desk.clock()))
    document = privacy.export(desk.app.sessions, desk.app.around.billing, "alice@bakery.example")
    assert document is not None
    for kept in ("subscriptions", "article_feedback", "notices", "address_changes"):
        assert document[kept], kept
    privacy.erase(desk.app.sessions, "alice@bakery.example", desk.clock(), desk.app.around.tokens.mark)
    with desk.app.sessions() as session:
        for table in (AddressChange, ArticleFeedback, Subscription, SentNotice):
            stored = repr([vars(row) for row in session.scalars(select(table))]).lower()
            assert "alice@bakery" not in stored, table.__tablename__


def test_old_things_go_and_new_ones_stay(desk: TestDesk) -> None:
    talk(desk)
    desk.sends()
    desk.clock.advance(days=31)
    desk.says("nina", "Something new is broken")
    counts = purge(desk.app.sessions, Retention(letters=30), desk.clock(), desk.app.around.tokens.mark)
    with desk.app.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Arrival)) == 1
    assert counts["raw_messages"] == 4 and counts["letters"] > 0 and counts["blobs"] > 0
    assert "flour" in everything(desk), "the attachment is kept for a year"
    desk.clock.advance(days=400)
    purge(desk.app.sessions, Retention(), desk.clock(), desk.app.around.tokens.mark)
    assert "flour" not in everything(desk) and TROUBLE in everything(desk)
    desk.clock.advance(days=1000)
    purge(desk.app.sessions, Retention(), desk.clock(), desk.app.around.tokens.mark)
    assert TROUBLE not in everything(desk) and len(desk.tickets()) == 3


def test_nothing_is_purged_that_waits_or_is_set_to_be_kept(desk: TestDesk) -> None:
    talk(desk)
    before = everything(desk)
    desk.clock.advance(days=4000)
    assert not any(
        purge(desk.app.sessions, Retention(0, 0, 0, 0, 0, 0, 0), desk.clock(), desk.app.around.tokens.mark).values()
    )
    assert everything(desk) == before


def two_clients_on_one_ticket(desk: TestDesk) -> None:
    """Alice copies Victor in; on her ticket he asks about his own account, and Sam answers both of them."""
    opened = desk.says("alice", "My shop is slow since this morning.")
    before = desk.says("sam", "We count your visitors first.", reply_to=opened.to("sam"))
    desk.clock.advance(minutes=1)
    desk.says("alice", "Whoever made it reads along now.", reply_to=before.to("alice"), cc="victor@hale.example")
    first = desk.says("sam", "We look into it.", reply_to=opened.to("sam"))
    asked = desk.says("victor", "Which domains do I have?", reply_to=first.to("victor"))
    assert "hale.example" in asked.to("victor")
    desk.says("alice", "Which invoices are unpaid?", reply_to=first.to("alice"))
    desk.sends()


def test_the_export_leaves_out_what_another_client_in_copy_wrote_and_was_answered(desk: TestDesk) -> None:
    two_clients_on_one_ticket(desk)
    document = privacy.export(desk.app.sessions, desk.app.around.billing, "alice@bakery.example")
    assert document is not None
    text = str(document["tickets"]) + str(document["letters"])
    assert "My shop is slow" in text and "We look into it." in text and "INV-900" in text
    names_him = "victor@hale.example"  # "Also sent to" him, said the mail that she got.
    assert "hale.example" not in text.replace(names_him, "").replace("v…@hale.example", "") and "Victor" not in text
    assert "Which domains" not in text
    assert document["tickets"][0]["to_or_from_others"] >= 2


def test_who_was_copied_in_gets_what_they_wrote_and_read_and_nothing_from_before(desk: TestDesk) -> None:
    two_clients_on_one_ticket(desk)
    document = privacy.export(desk.app.sessions, desk.app.around.billing, "victor@hale.example")
    assert document is not None
    text = str(document["tickets"]) + str(document["letters"])
    assert "Which domains do I have?" in text and "We look into it." in text and "hale.example" in text
    assert "INV-900" not in text and "shop is slow" not in text and "visitors" not in text and "Alice" not in text


def test_the_export_holds_letters_on_no_ticket_and_no_secret(desk: TestDesk) -> None:
    asked = desk.says("alice", "EPP code for bakery-shop.example please")
    secret = asked.of_kind("secret")[0]
    document = privacy.export(desk.app.sessions, desk.app.around.billing, secret.to)
    assert document is not None
    (letter,) = [letter for letter in document["letters"] if letter["kind"] == "secret"]
    assert letter["text"] == "" and letter["subject"] == ""
    (notice,) = [letter for letter in document["letters"] if letter["kind"] == "notice"]
    assert "UNDO" in notice["text"] or "STOP" in notice["text"]
