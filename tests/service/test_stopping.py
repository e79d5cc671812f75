"""SIGTERM: nothing new is taken, what is in hand is finished, exit code 0, nothing is lost."""

from __future__ import annotations

import signal
import smtplib

import pytest

from bot.app import build
from bot.settings import load
from core import queues
from tests.doors.listening import Line

from .running import Installation, until
from .sink import MailSink
from .writing import mail, send

pytestmark = pytest.mark.xdist_group("service")


def test_a_message_on_its_way_is_taken_to_its_end_when_the_service_is_told_to_stop(installation: Installation) -> None:
    raw = mail("alice", "The shop is slow.", subject="Slow").as_bytes()
    service = installation.serve("smtp")
    idle = Line(service.port)
    with Line(service.port) as line:
        line.envelope()
        assert line.say("DATA").startswith("354")
        line.send(raw[:100])
        service.signal(signal.SIGTERM)
        assert idle.reply().startswith("421")
        assert service.process.poll() is None
        with pytest.raises(OSError):
            smtplib.SMTP("127.0.0.1", service.port)
        line.send(raw[100:] + b"\r\n.\r\n")
        assert line.reply().startswith("250")
    idle.close()
    assert service.process.wait(90) == 0, service.log()
    app = build(load(installation.config), installation.folder)
    assert queues.counts(app.sessions)["inbox"] == 1
    app.engine.dispose()


def test_stopped_under_load_and_started_again_it_answers_everybody_once(
    installation: Installation, sink: MailSink
) -> None:
    many = "[limits]\ntickets_per_address_hour = 100"
    served = Installation(installation.folder, sink.port, extra=many)
    service = served.serve()
    for number in range(1, 21):
        send(service.port, mail("mallory", f"Question {number}", subject=f"Question {number:02}"))
    assert service.stop() == 0, service.log()
    app = build(load(served.config), served.folder)
    at_stop = queues.counts(app.sessions)
    assert at_stop["inbox"] + at_stop["done"] == 20
    service = served.serve()
    until(lambda: queues.counts(app.sessions)["done"] == 20 and not queues.counts(app.sessions)["outbox"])
    assert service.stop() == 0
    subjects = [m.subject.partition(" [#")[0] for m in sink.taken if m.recipient == "sam@desk.example"]
    assert sorted(subjects) == [f"Question {number:02}" for number in range(1, 21)]
    app.engine.dispose()
