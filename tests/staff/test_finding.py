"""`#find`: which tickets are found, in which order, by whom, and what stays found after they changed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import delete, select, text, update

from bot import schema
from core import privacy
from core.finding import tickets as finding
from core.finding.clients import ClientBook
from core.finding.tickets import Found, find
from core.finding.words import fold, snippet, wanted
from core.ids import new_id
from core.models import Participant, Ticket, TicketMessage
from core.models.finding import ClientWords
from core.people import StaffMember
from core.retention import Retention, purge
from tests.desk import Read, TestDesk

SAM = StaffMember("Sam Lee", "sam@desk.example", frozenset({"Support", "Billing"}))
DANA = StaffMember("Dana Cole", "dana@desk.example", frozenset({"Sales", "Security"}), "admin")
LEAD_OF_SALES = StaffMember("Dana Cole", "dana@desk.example", frozenset({"Sales"}), "lead")


def looked(desk: TestDesk, written: str, member: StaffMember = SAM) -> Found:
    with desk.app.sessions() as session:
        return find(session, desk.app.around.desk, member, written, desk.clock())


def subjects(desk: TestDesk, written: str, member: StaffMember = SAM) -> list[str]:
    found = looked(desk, written, member)
    assert not found.mistakes
    return [hit.subject for hit in found.hits]


numbers = count(20_000_000)


def blank(**own: object) -> Ticket:
    return Ticket(status="Open", client_id="", channel="email", also_departments=[], tags=[], fields={}, **own)


def ticket(
    desk: TestDesk,
    subject: str,
    *said: str,
    department: str = "Support",
    who: tuple[str, str] = ("Nina Stone", "nina@stone.example"),
    **own: object,
) -> str:
    """A ticket as it stands in the tables, an hour newer than the one before; its number."""
    now = desk.clock()
    desk.clock.advance(hours=1)
    number = str(next(numbers))
    with desk.app.sessions.begin() as session:
        row = blank(id=new_id(), number=number, subject=subject, department=department, created_at=now, updated_at=now)
        for name, value in own.items():
            setattr(row, name, value)
        session.add(row)
        session.add(
            Participant(id=new_id(), ticket_id=row.id, name=who[0], address=who[1], role="requester", joined_at=now)
        )
        for words in said:
            session.add(
                TicketMessage(id=new_id(), ticket_id=row.id, kind="public", author=who[1], text=words, created_at=now)
            )
    return number


FINDS = """certificate|CERTIFICATE|certif|expired certificate|"certificate has expired"|facade|façade|lodz|Łódź|nina
nina@stone.example|stone.example|from:nina|from:"Nina Stone"|certificate from:stone.example""".replace("\n", "|").split(
    "|"
)
FINDS_NOTHING = """"expired certificate"|certificates|certificate refund|"certif"|ertificate|from:certificate
certificate from:alice|sam""".replace("\n", "|").split("|")


def test_it_is_found_by_subject_text_and_people_whatever_the_accents(desk: TestDesk) -> None:
    ticket(desk, "Site of the Façade", "Hello,\nthe certificate has expired in Łódź.")
    ticket(desk, "Something else", "No word of it.", who=("Alice Martin", "alice@bakery.example"))
    assert [written for written in FINDS if subjects(desk, written) != ["Site of the Façade"]] == []


def test_it_is_not_found_by_what_it_does_not_say(desk: TestDesk) -> None:
    ticket(desk, "Site", "The certificate has expired.")
    assert [written for written in FINDS_NOTHING if subjects(desk, written)] == []


def test_its_number_finds_it(desk: TestDesk) -> None:
    number = ticket(desk, "Site", "Broken.")
    ticket(desk, "Other", "Broken too.")
    assert subjects(desk, number) == ["Site"] == subjects(desk, f"#{number}")


def test_words_may_stand_in_several_messages_and_in_the_name(desk: TestDesk) -> None:
    ticket(desk, "Invoice", "I paid twice.", "Please give it back: refund.")
    assert subjects(desk, "nina refund twice") == ["Invoice"]


def test_a_staff_member_is_not_found_by_having_been_told(desk: TestDesk) -> None:
    desk.says("alice", "My site shows an error since this morning.")
    assert subjects(desk, "sam@desk.example") == [] and subjects(desk, "alice") == ["A question"]


def test_who_says_it_in_the_subject_comes_first_then_the_newest(desk: TestDesk) -> None:
    for name in ("old", "middle", "new"):
        ticket(desk, f"The {name} one", "about a refund")
    ticket(desk, "Refund", "please")
    ticket(desk, "The newest one", "about a refund")
    assert subjects(desk, "refund") == ["Refund", "The newest one", "The new one", "The middle one", "The old one"]


def test_ten_are_shown_and_all_are_counted(desk: TestDesk) -> None:
    for number in range(13):
        ticket(desk, f"Case {number}", "disk full")
    found = looked(desk, "disk")
    assert len(found.hits) == 10 and found.total == 13 and found.hits[0].subject == "Case 12"


def test_nobody_finds_what_is_not_their_department_s(desk: TestDesk) -> None:
    ticket(desk, "For Sales", "secret plan", department="Sales")
    ticket(desk, "For both", "secret plan", department="Sales", also_departments=["Billing"])
    ticket(desk, "Of a department renamed away", "secret plan", department="Former")
    assert subjects(desk, "plan") == ["For both"]
    assert subjects(desk, "plan", LEAD_OF_SALES) == ["For both", "For Sales"]
    assert len(subjects(desk, "plan", DANA)) == 3
    assert [mistake.filter for mistake in looked(desk, "plan dept:sales").mistakes] == ["dept"]


def test_filters(desk: TestDesk) -> None:
    now = desk.clock()
    ticket(desk, "Mine", "x", assignee="sam@desk.example", tags=["refund", "vip"])
    ticket(desk, "Mine, closed", "x", assignee="sam@desk.example", status="Closed")
    ticket(desk, "Dana's", "x", assignee="dana@desk.example", department="Billing", status="Pending")
    ticket(desk, "Nobody's", "x", wakes_at=now + timedelta(days=9), status="Customer-Reply")
    ticket(desk, "Spam", "x", spam=True)
    assert subjects(desk, "open mine") == ["Mine"] and subjects(desk, "MINE") == ["Mine, closed", "Mine"]
    assert subjects(desk, "unassigned") == ["Nobody's"] == subjects(desk, "snoozed")
    assert subjects(desk, "assignee:dana") == ["Dana's"] == subjects(desk, "dept:billing")
    assert subjects(desk, "status:waiting assignee:none") == ["Nobody's"]
    assert subjects(desk, "x status:pending") == ["Dana's"] and subjects(desk, "tag:#Refund") == ["Mine"]
    assert subjects(desk, "tag:ref") == [] and subjects(desk, "spam") == ["Spam"]
    assert subjects(desk, "closed mine from:nina") == ["Mine, closed"]


def test_a_word_that_could_be_a_filter_is_a_word_beside_others(desk: TestDesk) -> None:
    ticket(desk, "Ports", "please open port 25")
    ticket(desk, "Other", "nothing")
    assert subjects(desk, "open port") == ["Ports"] and len(subjects(desk, "open")) == 2


def test_what_cannot_be_looked_for_is_told(desk_on_sqlite: TestDesk) -> None:
    ticket(desk_on_sqlite, "Site", "Broken.")
    for written in ("status:broken", "assignee:mallory", "dept:nowhere", "from:@", "***", '""', "!!"):
        found = looked(desk_on_sqlite, written)
        assert found.mistakes and not found.hits, written


ODD = [
    *"""' " "open OR a* * text:a find_message:a a:b:c ((( <-> ':* x':* \\ % _ -a ^a {a + from:' from:" 漢字""".split(),
    *(
        "ﬁ",
        "😀",
        "a AND",
        "NOT x",
        "NEAR(a b)",
        "a) OR (b",
        "a & b | !c",
        "{a b}",
        ";drop table ticket",
        "a\x00b",
        "\ud800",
    ),
    *("😀", "\u202e", "\u0301", "é" * 5000, "a " * 5000, "a-b_c.d@e", "1e5 0x1f 12abc 1.2.3.4 v1-2"),
]


def test_nothing_that_is_written_breaks_the_question(desk: TestDesk) -> None:
    ticket(desk, "Site", "Broken.")
    for written in ODD:
        for whole in (written, f"broken {written}", f'"broken {written}"', f"broken from:{written}", f"tag:{written}"):
            found = looked(desk, whole)
            assert found.total <= 1, whole
    assert subjects(desk, "broken") == ["Site"]


def test_odd_tokens_find_themselves(desk: TestDesk) -> None:
    said = "Error 1e5 at 0x1f of 12abc, see 1.2.3.4 or v1-2 under /var/log/x_y.log and https://bakery.example/a?b=c"
    ticket(desk, "Odd", said)
    for word in (
        "1e5",
        "0x1f",
        "12abc",
        "1.2.3.4",
        "v1-2",
        "/var/log/x_y.log",
        "https://bakery.example/a?b=c",
        "bakery.example",
    ):
        assert subjects(desk, word) == ["Odd"], word
        assert subjects(desk, f'"{word}"') == ["Odd"], word


def test_texts_too_large_for_an_index_are_kept_all_the_same(desk: TestDesk) -> None:
    many = " ".join(f"w{number:x}" for number in range(200_000))
    ticket(desk, "Large", many, "\ufdfa" * 120_000)
    assert subjects(desk, "w1f") == ["Large"]


def test_the_snippet_shows_the_newest_place_with_what_was_found() -> None:
    text = "Dear all,\n\n" + "nothing here " * 30 + "the Crème\nbrûlée is gone " + "and so on " * 40
    pieces = snippet(text, wanted('"creme brulee"').terms)
    whole = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.found] == ["Crème brûlée"]
    assert whole.startswith("… ") and whole.endswith(" …") and len(whole) < 300 and "\n" not in whole
    assert snippet(text, wanted("absent").terms) == ()


def test_folding_is_that_of_the_index() -> None:
    assert fold("ÀÉÎÕÜ ŁÓDŹ straße Œuvre") == "aeiou lodz strasse oeuvre"


# ---- kept right


def everything(desk: TestDesk, word: str) -> list[str]:
    return sorted(subjects(desk, word, DANA))


def test_merge_and_split_leave_each_text_where_it_went(desk: TestDesk) -> None:
    first = desk.says("alice", "The alpha server is down.", subject="One").to("sam")
    second = desk.says("alice", "The omega disk is full.", subject="Two").to("sam")
    one = re.findall(r"\[#(\d+)\]", first.subject)[0]
    desk.says("sam", f"#merge {one}", reply_to=second)
    assert everything(desk, "omega") == ["One"] == everything(desk, "alpha")
    assert everything(desk, "omega alpha") == ["One"] == everything(desk, '"Two"')
    desk.says("sam", "#split Apart", reply_to=first)
    assert everything(desk, "omega") == ["Apart"] and everything(desk, "omega alpha") == []


def test_a_new_subject_replaces_the_old_one(desk: TestDesk) -> None:
    notice = desk.says("alice", "It is down.", subject="Zeppelin").to("sam")
    desk.says("sam", "#subject Airship", reply_to=notice)
    assert everything(desk, "airship") == ["Airship"] and everything(desk, "zeppelin") == []


def test_who_was_erased_is_found_no_more(desk: TestDesk) -> None:
    desk.says("nina", "The xylophone is broken.", subject="Instrument")
    assert everything(desk, "xylophone") == ["Instrument"]
    privacy.erase(desk.app.sessions, "nina@stone.example", desk.clock(), desk.app.around.tokens.mark)
    for word in ("xylophone", "instrument", "nina", "stone.example"):
        assert everything(desk, word) == [], word


def erase(desk: TestDesk) -> None:
    privacy.erase(desk.app.sessions, "nina@stone.example", desk.clock(), desk.app.around.tokens.mark)


def throw_away(desk: TestDesk) -> None:
    desk.clock.advance(days=2)
    purge(desk.app.sessions, Retention(ticket_text=1), desk.clock(), desk.app.around.tokens.mark)


@pytest.mark.parametrize("act", [erase, throw_away])
def test_what_is_gone_is_not_in_the_file_either(
    desk_on_sqlite: TestDesk, tmp_path: Path, act: Callable[[TestDesk], None]
) -> None:
    desk = desk_on_sqlite
    ticket(desk, "Instrument", "The qxylophonez is broken.", status="Closed", closed_at=desk.clock())
    crowd(desk, 300)
    act(desk)
    desk.app.engine.dispose()
    with sqlite3.connect(tmp_path / "desk.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"qxylophonez" not in (tmp_path / "desk.db").read_bytes()


def test_text_that_was_thrown_away_is_found_no_more(desk: TestDesk) -> None:
    ticket(desk, "Old", "about kumquats", status="Closed", closed_at=desk.clock())
    ticket(desk, "Open still", "about kumquats")
    desk.clock.advance(days=2)
    purge(desk.app.sessions, Retention(ticket_text=1), desk.clock(), desk.app.around.tokens.mark)
    assert everything(desk, "kumquats") == ["Open still"]


def test_rows_that_are_deleted_or_changed_outright_are_followed(desk: TestDesk) -> None:
    ticket(desk, "Mango", "papaya")
    with desk.app.sessions.begin() as session:
        session.execute(update(TicketMessage).values(text="guava"))
    assert everything(desk, "guava") == ["Mango"] and everything(desk, "papaya") == []
    with desk.app.sessions.begin() as session:
        session.execute(delete(TicketMessage))
    assert everything(desk, "guava") == []


def test_a_client_is_found_by_what_is_theirs_though_nobody_wrote_it(desk: TestDesk) -> None:
    desk.says("bob", "It is slow today.", subject="Slow")
    assert subjects(desk, "martin") == []
    ClientBook().ring(desk.app.around)
    assert subjects(desk, "martin") == ["Slow"] == subjects(desk, '"Alice Bakery" slow')
    domain = desk.app.around.billing.domains("1001")[0].name
    assert subjects(desk, domain) == ["Slow"] == subjects(desk, f"from:{domain}")
    privacy.erase(desk.app.sessions, "bob@bakery.example", desk.clock(), desk.app.around.tokens.mark)
    with desk.app.sessions() as session:
        assert session.scalars(select(ClientWords)).all() == []


def test_the_round_of_clients_ends_and_asks_again_the_next_day(
    desk_on_sqlite: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_sqlite
    asked: list[str] = []
    monkeypatch.setattr("core.finding.clients.ASKED", 2)
    monkeypatch.setattr("core.finding.clients._words", lambda _around, client_id: asked.append(client_id) or client_id)
    for client in ("a", "b", "c", "c"):
        ticket(desk, "x", client_id=client)
    book = ClientBook()
    for _ in range(4):
        book.ring(desk.app.around)
    assert sorted(asked) == ["a", "b", "c"]
    desk.clock.advance(days=2)
    for _ in range(4):
        book.ring(desk.app.around)
    assert sorted(asked) == ["a", "a", "b", "b", "c", "c"]


def test_what_was_there_before_the_indexes_is_found(desk: TestDesk) -> None:
    ticket(desk, "Old", "about łódź")
    config = schema._config()
    config.attributes["engine"] = desk.app.engine
    command.downgrade(config, "0008")
    ticket(desk, "Older", "about Łódź")
    command.upgrade(config, "head")
    assert subjects(desk, "lodz") == ["Older", "Old"] == subjects(desk, "nina")


# ---- by mail


@pytest.fixture
def notice(desk_on_sqlite: TestDesk) -> Read:
    return desk_on_sqlite.says("alice", "My site shows an error since this morning.", subject="Site broken").to("sam")


def test_staff_ask_by_mail_and_nobody_else_reads_the_answer(desk_on_sqlite: TestDesk, notice: Read) -> None:
    mails = desk_on_sqlite.says("sam", "#find error morn", reply_to=notice)
    answer = mails.to("sam")
    assert (
        len(mails) == 1
        and "error morn: 1 ticket" in answer
        and "Site broken" in answer
        and "an error since this morning" in answer.text
    )
    assert "alice@bakery.example" in answer and "Open" in answer and "<strong" in answer.html
    assert desk_on_sqlite.ticket()["status"] == "Open"


def test_a_client_s_find_is_plain_text(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.says("alice", "#find error", subject="Search")
    assert not [mail for mail in mails if "found" in mail.text and mail.to == "alice@bakery.example"]


# ---- what it costs


def crowd(desk: TestDesk, amount: int) -> None:
    now, common = desk.clock(), {"kind": "public", "author": "", "text": "common words"}
    with desk.app.sessions.begin() as session:
        for number in range(amount):
            row = blank(id=new_id(), number=str(next(numbers)), subject="Case", department="Support")
            row.created_at = row.updated_at = now
            person = {"address": f"a{number}@x.example", "role": "requester", "joined_at": now}
            session.add(row)
            session.add(Participant(id=new_id(), ticket_id=row.id, **person))
            session.add(TicketMessage(id=new_id(), ticket_id=row.id, created_at=now, **common))


def steps(desk: TestDesk, written: str) -> int:
    """How many hundred instructions SQLite's machine takes for the whole question."""
    taken = count()
    with desk.app.sessions() as session:
        driver = session.connection().connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(lambda: next(taken) and 0, 100)
        find(session, desk.app.around.desk, SAM, written, desk.clock())
        driver.set_progress_handler(None, 0)
    return next(taken)


def test_a_rare_word_costs_the_same_in_a_large_desk(desk_on_sqlite: TestDesk) -> None:
    ticket(desk_on_sqlite, "Rare", "a rhinoceros")
    crowd(desk_on_sqlite, 100)
    small = steps(desk_on_sqlite, "rhinoceros")
    crowd(desk_on_sqlite, 1900)
    assert steps(desk_on_sqlite, "rhinoceros") < 3 * small


def test_a_common_word_costs_in_step_with_what_it_finds(desk_on_sqlite: TestDesk) -> None:
    crowd(desk_on_sqlite, 250)
    small = steps(desk_on_sqlite, "common words")
    crowd(desk_on_sqlite, 750)
    assert steps(desk_on_sqlite, "common words") < 6 * small


def test_of_a_word_that_is_nearly_everywhere_the_newest_places_count(
    desk_on_sqlite: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_PLACES", 100)
    crowd(desk_on_sqlite, 250)
    small = steps(desk_on_sqlite, "common")
    crowd(desk_on_sqlite, 2250)
    assert steps(desk_on_sqlite, "common") < 3 * small and looked(desk_on_sqlite, "common").total == 100


def test_beside_a_word_that_is_nearly_everywhere_a_rare_one_is_found(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_PLACES", 5)
    ticket(desk, "Oldest", "the rare rhinoceros")
    for _ in range(9):
        ticket(desk, "Newer", "the site")
    assert subjects(desk, "the rhinoceros") == ["Oldest"] and looked(desk, "the").total == 5


@pytest.mark.parametrize("filled_database_url", ["postgresql"], indirect=True)
def test_postgresql_looks_into_its_indexes(desk: TestDesk) -> None:
    """SQLite's cost is measured above."""
    crowd(desk, 3000)
    ticket(desk, "Rare", "a rhinoceros")
    with desk.app.sessions() as session:
        session.execute(text("ANALYZE"))
        session.commit()

        search = finding._Search(session, desk.app.around.desk, SAM, desk.clock())
        statement = search.statement(wanted("rhinoceros").terms, [])
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(str(row[0]) for row in session.execute(text("EXPLAIN " + str(compiled).replace(":", r"\:"))))
    for index in ("find_message", "find_ticket", "find_person"):
        assert f"on {index}" in plan, plan
