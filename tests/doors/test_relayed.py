"""The door behind a real Postfix that relays to it, and under swaks: what an operator's set-up will do with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.channels.envelope import fingerprint
from bot.channels.ports import Delivery, NotAccepted

from .conftest import OpenDoor, need
from .listening import Running, Store, knows, mail, until
from .servers import Postfix, swaks

StartPostfix = Callable[[str], Postfix]


def refuse(delivery: Delivery) -> None:
    raise NotAccepted("database is locked")


@pytest.fixture(params=["smtp", "lmtp", "lmtp on a unix socket"])
def relayed(
    request: pytest.FixtureRequest, open_door: OpenDoor, start_postfix: StartPostfix, short_path: Path
) -> tuple[Running, Postfix]:
    """A door that also takes Alice's mail, so that bounces to her can be seen, and a relay before it."""
    need("swaks")
    everybody = {"knows": lambda address: knows(address) or address == "alice@bakery.example"}
    if request.param == "smtp":
        door = open_door(**everybody)
        return door, start_postfix(f"smtp:[127.0.0.1]:{door.listener.port}")
    if request.param == "lmtp":
        door = open_door(protocol="lmtp", **everybody)
        return door, start_postfix(f"lmtp:inet:127.0.0.1:{door.listener.port}")
    door = open_door(protocol="lmtp", listen=f"unix:{short_path}/lmtp", **everybody)
    return door, start_postfix(f"lmtp:unix:{short_path}/lmtp")


def test_postfix_delivers_keeps_and_bounces_as_it_is_told(relayed: tuple[Running, Postfix], store: Store) -> None:
    _, postfix = relayed

    swaks(
        postfix.port,
        "--from",
        "alice@bakery.example",
        "--to",
        "support@desk.example,sales@desk.example",
        raw=mail("One"),
    )
    until(lambda: store.subjects() == ["One"], what=postfix.log())
    assert set(store.kept[0].recipients) == {"support@desk.example", "sales@desk.example"}
    assert store.kept[0].raw.startswith(b"Received: ")
    assert fingerprint(store.kept[0].raw) == fingerprint(mail("One"))
    until(lambda: postfix.queued() == 0, what=postfix.log())

    store.fault = refuse
    swaks(postfix.port, "--from", "alice@bakery.example", "--to", "support@desk.example", raw=mail("Two"))
    until(lambda: "status=deferred" in postfix.log(), what=postfix.log())
    assert "451 4.3.0" in postfix.log()
    assert postfix.queued() == 1
    assert store.subjects() == ["One"]
    store.fault = None
    postfix.flush_until(lambda: store.subjects() == ["One", "Two"])
    until(lambda: postfix.queued() == 0, what=postfix.log())

    swaks(
        postfix.port,
        "--from",
        "alice@bakery.example",
        "--to",
        "nobody@desk.example,help@desk.example",
        raw=mail("Three"),
    )
    until(lambda: len(store.kept) == 4, what=postfix.log())
    three = next(kept for kept in store.kept if kept.recipients == ("help@desk.example",))
    bounce = next(kept for kept in store.kept if kept.recipients == ("alice@bakery.example",))
    assert b"Subject: Three" in three.raw
    assert b"550 5.1.1 No such mailbox here" in bounce.raw
    assert bounce.mail_from == ""
    assert "dsn=5.1.1" in postfix.log()


def test_postfix_keeps_mail_while_the_door_is_closed(
    open_door: OpenDoor, start_postfix: StartPostfix, store: Store
) -> None:
    need("swaks")
    first = open_door()
    port = first.listener.port
    postfix = start_postfix(f"smtp:[127.0.0.1]:{port}")
    first.stop()
    swaks(postfix.port, "--from", "alice@bakery.example", "--to", "support@desk.example", raw=mail("Wait"))
    until(lambda: "status=deferred" in postfix.log(), what=postfix.log())
    open_door(listen=f"127.0.0.1:{port}")
    postfix.flush_until(lambda: store.subjects() == ["Wait"])


def test_swaks_delivers_to_several_recipients(open_door: OpenDoor, store: Store) -> None:
    need("swaks")
    recipients = "support@desk.example,nobody@desk.example,sales@desk.example"
    seen = swaks(
        open_door().listener.port, "--from", "alice@bakery.example", "--to", recipients, "--pipeline", check=False
    )
    assert "550 5.1.1 No such mailbox here" in seen
    assert store.kept[0].recipients == ("support@desk.example", "sales@desk.example")


def test_swaks_delivers_over_starttls(open_door: OpenDoor, store: Store, certificate: tuple[Path, Path]) -> None:
    need("swaks")
    door = open_door(tls_certificate=str(certificate[0]), tls_key=str(certificate[1]))
    options = ("--from", "alice@bakery.example", "--to", "support@desk.example", "--tls", "--tls-verify")
    seen = swaks(door.listener.port, *options, "--tls-ca-path", str(certificate[0]), check=False)
    assert "TLS started" in seen
    assert store.kept, seen
    assert store.kept[0].details["tls"].startswith("TLSv1.")


def test_swaks_delivers_over_lmtp(open_door: OpenDoor, store: Store) -> None:
    need("swaks")
    port = open_door(protocol="lmtp").listener.port
    seen = swaks(port, "--protocol", "LMTP", "--from", "alice@bakery.example", "--to", "support@desk.example")
    assert "250 2.0.0 OK, stored" in seen
    assert store.kept[0].details["protocol"] == "lmtp"
