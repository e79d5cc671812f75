"""The other doors of the running service, by configuration: LMTP, a unix socket, an IMAP mailbox."""

from __future__ import annotations

import shutil
import smtplib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.database import connect
from core.models import MailboxState
from tests.desk import CAST
from tests.doors.servers import PASSWORD, Dovecot

from .running import Installation, until
from .sink import MailSink
from .writing import mail, send

pytestmark = pytest.mark.xdist_group("service")

SAM = CAST["sam"][1]


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder with a name short enough for a unix socket."""
    folder = Path(tempfile.mkdtemp(prefix="desk"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_lmtp_on_a_unix_socket_answers_for_every_recipient(
    installation: Installation, sink: MailSink, short_path: Path
) -> None:
    socket = short_path / "lmtp"
    served = Installation(installation.folder, sink.port, protocol="lmtp", listen=f"unix:{socket}")
    service = served.serve("smtp", "worker", "sender")
    message = mail("alice", "Two of you should read this.", to="support@desk.example, billing@desk.example")
    message.replace_header("Subject", "By LMTP")
    with smtplib.LMTP(str(socket), local_hostname="mx.desk.example") as connection:
        refused = connection.send_message(message, to_addrs=["support@desk.example", "nobody@desk.example"])
    assert list(refused) == ["nobody@desk.example"] and refused["nobody@desk.example"][0] == 550
    assert sink.wait_for(lambda m: m.recipient == SAM and "By LMTP" in m.subject)
    assert service.stop() == 0, service.log()
    assert not socket.exists()


def test_lmtp_on_a_port(installation: Installation, sink: MailSink) -> None:
    served = Installation(installation.folder, sink.port, protocol="lmtp")
    service = served.serve("smtp", "worker", "sender")
    send(served.port, mail("alice", "Is anybody there?", subject="By port"), lmtp=True)
    assert sink.wait_for(lambda m: m.recipient == SAM and "By port" in m.subject)
    with smtplib.SMTP("127.0.0.1", served.port) as connection:
        assert connection.ehlo()[0] == 500
    assert service.stop() == 0, service.log()


def test_a_mail_in_the_mailbox_becomes_a_ticket_and_is_moved_to_done(
    installation: Installation,
    sink: MailSink,
    dovecot: Dovecot,  # noqa: F811
) -> None:
    imap = f"""
        [email.imap]
        host = "127.0.0.1"
        port = {dovecot.port}
        tls = "none"
        user = "desk"
        password = {{ file = "{installation.folder}/password" }}
    """
    (installation.folder / "password").write_text(f"{PASSWORD}\n")
    dovecot.deliver("desk", mail("alice", "From before the desk.", subject="Old").as_bytes())
    served = Installation(installation.folder, sink.port, extra=imap)
    service = served.serve("imap", "worker", "sender")
    until(lambda: remembers_the_mailbox(served), what=service.log)
    dovecot.deliver("desk", mail("alice", "The shop is slow.", to="billing@desk.example", subject="By IMAP").as_bytes())
    told = sink.wait_for(lambda m: m.recipient == SAM and "By IMAP" in m.subject)
    assert "billing" in told.sender.lower()
    until(lambda: dovecot.count("desk", "Done") == 1, what=service.log)
    assert dovecot.count("desk") == 1, "what was there before is not the desk's"
    assert not [m for m in sink.taken if "Old" in m.subject]
    assert service.stop() == 0, service.log()


def remembers_the_mailbox(served: Installation) -> bool:
    """From its first connect on the mail is the desk's."""
    engine = connect(served.database_url)
    with engine.connect() as connection:
        found = connection.execute(select(MailboxState.mailbox)).first()
    engine.dispose()
    return found is not None
