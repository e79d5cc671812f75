"""The running service: mail in by SMTP or from an MTA's pipe, mail out to whom it concerns."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Iterator
from importlib.resources import files

import pytest

from tests.desk import CAST

from .running import Installation, Service
from .sink import MailSink
from .writing import answer, mail, send

pytestmark = pytest.mark.xdist_group("service")

ALICE, SAM = CAST["alice"][1], CAST["sam"][1]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, sink: MailSink) -> Iterator[Installation]:
    """From nothing: a configuration, `helpdesk import` of the demo's clients, `helpdesk serve`."""
    made = Installation(tmp_path_factory.mktemp("desk"), sink.port)
    clients = made.folder / "clients.json"
    clients.write_text(files("bot").joinpath("demodata.json").read_text(encoding="utf-8"), encoding="utf-8")
    imported = made.helpdesk("import", str(clients))
    assert (imported.code, imported.err) == (0, "")
    assert imported.out == "2 clients, 5 services, 10 domains, 6 invoices loaded\n"
    service = made.serve()
    yield made
    assert service.stop() == 0, service.log()
    assert "Traceback" not in service.log()


def test_a_client_s_question_is_answered_to_the_address_on_file(desk: Installation, sink: MailSink) -> None:
    send(desk.port, mail("alice", "Which domains do I have?", subject="My domains"))
    read = sink.wait_for(lambda m: m.recipient == ALICE and "My domains" in m.subject)
    assert "bakery-shop.example" in read.text


def test_what_staff_reply_reaches_the_client(desk: Installation, sink: MailSink) -> None:
    send(desk.port, mail("alice", "Our shop shows an error page since noon.", subject="Shop broken"))
    told = sink.wait_for(lambda m: m.recipient == SAM and "Shop broken" in m.subject)
    send(desk.port, answer("sam", "A disk was full. It runs again.", told))
    read = sink.wait_for(lambda m: m.recipient == ALICE and "A disk was full" in m.text)
    assert read.subject.startswith("Re: Shop broken")
    send(desk.port, answer("alice", "It works, but the pictures are still missing.", read))
    assert sink.wait_for(lambda m: m.recipient == SAM and "pictures are still missing" in m.text)


def test_a_message_from_an_mta_s_pipe_is_walked_by_the_service_that_runs(desk: Installation, sink: MailSink) -> None:
    raw = mail("alice", "The backup of Monday is empty.", subject="Backup").as_bytes()
    done = desk.helpdesk("pipe", "--recipient", "support@desk.example", "--sender", ALICE, stdin=raw)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert sink.wait_for(lambda m: m.recipient == SAM and "Backup" in m.subject)


def test_strangers_mailboxes_are_refused_at_the_door(desk: Installation) -> None:
    for recipient, code in (("nobody@desk.example", 550), ("nina@stone.example", 550)):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(desk.port, mail("mallory", "Relay this.", to=recipient))
        assert refused.value.recipients[recipient][0] == code


def test_the_operator_sees_what_came_of_it(desk: Installation, sink: MailSink) -> None:
    send(desk.port, mail("alice", "The cron job did not run last night.", subject="Cron"))
    sink.wait_for(lambda m: m.recipient == SAM and "Cron" in m.subject)
    tickets = json.loads(desk.helpdesk("ticket", "list", "--json").out)
    (number,) = [ticket["number"] for ticket in tickets if ticket["subject"] == "Cron"]
    ticket = json.loads(desk.helpdesk("ticket", "show", number, "--json").out)
    assert (ticket["department"], ticket["status"]) == ("Support", "Open")
    counts = json.loads(desk.helpdesk("queue", "--json").out)["counts"]
    assert counts["quarantine"] == counts["failed"] == 0 and counts["done"] >= 1


def test_two_services_cannot_take_one_port(desk: Installation) -> None:
    second = Service(desk)
    assert second.process.wait(90) == 1
    lines = second.log().splitlines()
    assert "Traceback" not in second.log()
    assert lines[-1].startswith("helpdesk serve: ") and str(desk.port) in lines[-1], second.log()
