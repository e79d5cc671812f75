"""What the provider tells everybody: whom files are given to, what is noted of articles, and who is told later."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.backends.local import tables
from core.models import ArticleFeedback, OneTimeLink, Subscription
from tests.desk import Read, TestDesk

LINK = re.compile(r"https://desk\.example/once/\S+")


def asks(desk: TestDesk, who: str, text: str, **how: Any) -> Read:
    desk.clock.advance(minutes=1)
    return desk.says(who, text, **how).to(who)


def feedback(desk: TestDesk) -> list[tuple[str, str, bool | None, str]]:
    with desk.app.sessions() as session:
        rows = session.scalars(select(ArticleFeedback).order_by(ArticleFeedback.id))
        return [(row.article_id, row.address, row.helped, row.comment) for row in rows]


def followed(desk: TestDesk) -> set[tuple[str, str]]:
    with desk.app.sessions() as session:
        return {(row.address, row.topic) for row in session.scalars(select(Subscription))}


def solve(desk: TestDesk, issue: str) -> None:
    with desk.app.sessions.begin() as session:
        row = session.get(tables.NetworkIssue, issue)
        assert row is not None
        row.status = "Resolved"


def test_an_article_answers_anybody_in_full(desk: TestDesk) -> None:
    for who in ("alice", "nina"):
        article = asks(desk, who, "Set up mail on my phone, please")
        assert "993" in article and "Did this help?" in article
        assert desk.ticket()["status"] == "Answered"


def test_what_no_article_answers_is_read_by_a_person(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    mails = desk.says("alice", "Find an article about podcasts")
    assert mails.all_to("sam") and desk.ticket()["status"] == "Open"


@pytest.mark.parametrize(("answer", "helped"), [("YES", True), ("yes, it did", True), ("No", False), ("NO!", False)])
def test_yes_or_no_says_whether_an_article_helped(desk_on_sqlite: TestDesk, answer: str, helped: bool) -> None:
    desk = desk_on_sqlite
    article = asks(desk, "nina", "Show article 9")
    desk.says("nina", answer, reply_to=article)
    assert feedback(desk) == [("9", "nina@stone.example", helped, "")]


def test_a_no_that_says_more_goes_to_a_person_and_counts_as_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    article = asks(desk, "alice", "Show article 9")
    mails = desk.says("alice", "No, the browser still warns on the shop page", reply_to=article)
    assert "still warns" in mails.to("sam") and feedback(desk) == []


def test_a_yes_counts_once_and_on_no_other_ticket(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    elsewhere = asks(desk, "alice", "My shop shows the wrong prices since noon.")
    article = asks(desk, "alice", "Show article 9")
    assert desk.says("alice", "Yes", reply_to=elsewhere).all_to("sam")
    desk.says("alice", "Yes", reply_to=article)
    desk.says("alice", "Yes", reply_to=article)
    assert [helped for _, _, helped, _ in feedback(desk)] == [True]


def test_a_comment_is_kept_for_the_owner_of_the_article_and_told_to_staff(desk: TestDesk) -> None:
    desk.clock.advance(minutes=1)
    mails = desk.says("nina", "Comment on article 5: please add the ports for POP3.")
    assert feedback(desk) == [("5", "nina@stone.example", None, "please add the ports for POP3.")]
    assert "ports for POP3" in mails.to("sam") and "not published" in mails.to("nina")
    assert "POP3" not in asks(desk, "victor", "Show article 5")


def test_an_article_s_link_is_given_to_who_asks_and_mailed_to_nobody_else(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Link to article 5 for bob@bakery.example, please")
    assert mails.kinds() in (
        [("alice@bakery.example", "answer")],
        [("alice@bakery.example", "acknowledgement"), ("sam@desk.example", "notification")],
    )


def test_the_file_of_a_product_is_for_its_owners(desk: TestDesk) -> None:
    link = LINK.search(asks(desk, "alice", "Download the mail settings").text)
    assert link is not None
    with desk.app.sessions() as session:
        (row,) = session.scalars(select(OneTimeLink)).all()
        assert (row.kind, row.client_id, row.about) == ("download", "1001", {"download": "2"})
        assert row.expires_at - row.created_at == timedelta(hours=1)
    assert "is for clients who have one of these" in asks(desk, "nina", "Download the mail settings")
    assert "is for clients who have one of these" in asks(desk, "bob", "Download the mail settings")
    assert "downloads/mail-settings" not in str([mail.text for mail in desk.letters()])


def test_a_mail_that_proves_nothing_gets_no_file_of_a_product(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "Download the mail settings", proved=False)
    assert not any(LINK.search(mail.text) for mail in mails) and mails.all_to("sam")


def test_public_files_are_for_everybody_and_the_list_hides_what_is_not_theirs(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "client-area-guide.pdf" in asks(desk, "nina", "Download the client area guide")
    assert "Mail settings" not in asks(desk, "nina", "Which downloads do you have?")
    assert "Mail settings" in asks(desk, "alice", "Which downloads do you have?")


def test_news_come_by_mail_until_they_are_unsubscribed(desk: TestDesk) -> None:
    asks(desk, "alice", "Subscribe to the news")
    asks(desk, "alice", "Subscribe to the news")
    assert followed(desk) == {("alice@bakery.example", "news")}
    with desk.app.sessions.begin() as session:
        day = desk.clock().date()
        session.add(tables.Announcement(id="9", date=day, title="New data centre", body="It is in Lyon."))
    desk.rings()
    (news,) = [mail for mail in desk.letters() if mail.to == "alice@bakery.example" and "Lyon" in mail]
    asks(desk, "alice", "UNSUBSCRIBE", reply_to=news)
    assert followed(desk) == set()


def test_nobody_is_subscribed_by_a_forged_mail(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    desk.says("alice", "Subscribe to the news", proved=False)
    desk.says("nina", "Subscribe to the news")
    desk.says("alice", "Notify me when it is fixed", proved=False)
    assert followed(desk) == set()


def test_who_asked_is_told_once_when_a_trouble_is_over(desk: TestDesk) -> None:
    assert "Slow webmail on jupiter" in asks(desk, "victor", "Notify me when it is fixed")
    assert followed(desk) == {("victor@hale.example", "issue/2")}
    solve(desk, "2")
    desk.rings()
    desk.clock.advance(hours=1)
    desk.rings()
    told = [mail for mail in desk.letters() if mail.to == "victor@hale.example" and "is solved" in mail]
    assert len(told) == 1 and followed(desk) == set()


def test_without_a_trouble_there_is_nothing_to_be_told_of(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    solve(desk, "1")
    solve(desk, "2")
    assert "no trouble" in asks(desk, "victor", "Notify me when it is fixed")
    assert "Your servers are running, and we know of no trouble." in asks(desk, "victor", "Server status")


def test_a_client_reads_of_their_own_servers_and_everybody_of_all(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    own = asks(desk, "victor", "Server status")
    everything = asks(desk, "nina", "Server status")
    assert "saturn" in everything and "jupiter" in everything
    assert ("saturn" in own) != ("jupiter" in own)


def test_the_news_have_numbers_by_which_they_are_read(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    assert "PHP 8.4" in asks(desk, "nina", "Announcements, please")
    assert "Sales and Billing departments are" in asks(desk, "nina", "Read 3")
    assert "Sales and Billing departments are" in asks(desk, "nina", "Show the announcement about holidays")


def test_help_is_by_subject_and_leaves_out_what_the_sender_may_not_ask(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    whole = asks(desk, "alice", "help")
    assert "help domains" in whole and len(whole.text.splitlines()) < 130
    assert "EPP" in asks(desk, "alice", "help domains")
    for who in ("bob", "nina"):
        assert "EPP" not in asks(desk, who, "help domains")
    assert "{" not in whole.text + asks(desk, "alice", "help hosting").text + asks(desk, "alice", "help tickets").text
