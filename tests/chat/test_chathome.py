"""The figures of a chat's own page: the linked person's, as far as they may see them, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from core import chathome, chatlinks
from core.messages import Address
from tests.chat.chatting import with_chats
from tests.chat.whole import link
from tests.desk import TestDesk

HERS = Address("slack", "T0DESK/U0ALICE", "Alice Martin")
HIS = Address("telegram", "1002", "Bob Roux")


@pytest.fixture
def desk(desk_on_sqlite: TestDesk) -> TestDesk:
    return with_chats(desk_on_sqlite)


def figures(desk: TestDesk, chat: Address) -> dict[str, Any]:
    found = chathome.home(desk.app.around, chat)
    assert found is not None and found.language
    return dict(found.reply.context)


def test_whoever_is_not_linked_has_no_figures(desk: TestDesk) -> None:
    link(desk, HERS, "alice@bakery.example")
    assert chathome.home(desk.app.around, HIS) is None
    assert chathome.home(desk.app.around, Address("slack", "T0OTHER/U0ALICE")) is None


def test_the_owner_sees_what_the_overview_counts(desk: TestDesk) -> None:
    link(desk, HERS, "alice@bakery.example")
    seen, billing = figures(desk, HERS), desk.app.around.billing
    assert seen["client"].email == "alice@bakery.example"
    own = seen["client"].id
    assert seen["services"] == sum(it.status == "Active" for it in billing.services(own)) > 0
    assert seen["domains"] == sum(it.status == "Active" for it in billing.domains(own)) > 0
    unpaid = [it for it in billing.invoices(own) if it.balance > 0]
    assert (seen["invoices"], seen["owed"]) == (len(unpaid), sum(it.balance for it in unpaid)) and unpaid
    assert seen["tickets"] == 0


def test_a_ticket_counts_while_it_is_open(desk: TestDesk) -> None:
    link(desk, HERS, "alice@bakery.example")
    desk.says("alice", "Our shop shows an error 500 since this morning, please look at it.")
    assert figures(desk, HERS)["tickets"] == 1
    (told,) = desk.letters().all_to("sam")
    desk.says("sam", "#close\nIt was the cache.", to=told.reply_to)
    assert figures(desk, HERS)["tickets"] == 0


def test_a_contact_sees_only_what_the_owner_lets_them_see(desk: TestDesk) -> None:
    link(desk, HIS, "bob@bakery.example")
    seen = figures(desk, HIS)
    assert seen["domains"] is None and seen["services"] is None and seen["invoices"] is not None


def test_from_the_moment_a_link_ends_there_is_nothing(desk: TestDesk) -> None:
    link(desk, HERS, "alice@bakery.example")
    with desk.app.sessions() as session:
        for row in chatlinks.links_of(session, HERS):
            chatlinks.end(session, row, "alice@bakery.example", desk.clock())
        session.commit()
    assert chathome.home(desk.app.around, HERS) is None


def test_looking_leaves_no_trace(desk: TestDesk) -> None:
    link(desk, HERS, "alice@bakery.example")
    figures(desk, HERS)
    assert not desk.tickets() and not desk.results() and not len(desk.letters())
