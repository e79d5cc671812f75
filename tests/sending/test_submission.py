"""Letters go out over real sockets: what the smarthost answers decides whether a letter is sent, later or never."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.smtpclient import Patience
from bot.channels.submission import Submission
from bot.settings import Outgoing, SettingsError

from .smarthost import Smarthost, certificate, kinds, letter, smarthost, submission, until

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")


def run(scenario: Callable[[Smarthost], Awaitable[None]], **options: Any) -> Smarthost:
    async def whole() -> Smarthost:
        async with smarthost(**options) as host:
            await scenario(host)
            return host

    return asyncio.run(whole())


def test_a_letter_arrives_byte_for_byte_with_its_envelope() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host) as sender:
            assert kinds(await sender.send([letter()])) == ["sent"]

    (taken,) = run(scenario).taken
    assert taken.sender == "bounce+1@desk.example"
    assert taken.recipients == ("alice@bakery.example",)
    assert taken.content == letter().payload
    assert not taken.tls


def test_the_null_sender_is_sent_as_such() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host) as sender:
            assert kinds(await sender.send([letter(envelope_from="")])) == ["sent"]

    assert run(scenario).taken[0].sender == "<>"  # how aiosmtpd writes it


def test_no_letters_need_no_connection() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host) as sender:
            assert await sender.send([]) == []

    assert run(scenario).connections == 0


def test_one_connection_carries_many_letters_and_several_batches() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host) as sender:
            for _ in range(3):
                assert kinds(await sender.send([letter(number) for number in range(10)])) == ["sent"] * 10

    host = run(scenario)
    assert len(host.taken) == 30
    assert host.connections == 1


def test_no_more_connections_are_opened_than_allowed() -> None:
    async def scenario(host: Smarthost) -> None:
        async def slowly() -> None:
            await asyncio.sleep(0.02)

        host.answers["DATA"] = [slowly] * 40
        async with submission(host, connections=3) as sender:
            batches = [sender.send([letter(number) for number in range(10)]) for _ in range(4)]
            assert [kinds(answers) for answers in await asyncio.gather(*batches)] == [["sent"] * 10] * 4

    host = run(scenario)
    assert len(host.taken) == 40
    assert host.connections == 3


def test_an_idle_connection_is_closed_after_a_while() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host, patience=Patience(5.0, 5.0, idle=0.2)) as sender:
            await sender.send([letter()])
            assert host.open == 1
            await until(lambda: host.open == 0)
            assert kinds(await sender.send([letter()])) == ["sent"]

    assert run(scenario).connections == 2


def test_close_says_goodbye() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host, connections=2) as sender:
            await sender.send([letter(1), letter(2)])
        await until(lambda: host.open == 0)

    run(scenario)


@pytest.mark.parametrize(
    ("command", "answer", "kind"),
    [
        ("RCPT", "451 4.7.1 Greylisted, come back later", "later"),
        ("RCPT", "450 4.2.0 mailbox busy", "later"),
        ("RCPT", "452 4.2.2 mailbox full", "later"),
        ("RCPT", "550 5.1.1 no such user", "permanent"),
        ("RCPT", "530 5.7.0 authentication required", "later"),
        ("DATA", "451 4.3.0 try again", "later"),
        ("DATA", "554 5.7.1 looks like spam", "permanent"),
        ("DATA", "552 5.3.4 too big", "permanent"),
        ("MAIL", "451 4.3.0 try again", "later"),
        ("MAIL", "550 5.7.1 not your domain", "later"),
        ("MAIL", "552 5.3.4 too big", "permanent"),
    ],
)
def test_a_refusal_concerns_its_letter_only(command: str, answer: str, kind: str) -> None:
    async def scenario(host: Smarthost) -> None:
        host.answers[command] = [None, answer, None]
        async with submission(host) as sender:
            answers = await sender.send([letter(1), letter(2), letter(3)])
            assert kinds(answers) == ["sent", kind, "sent"]
            assert answer in str(answers[1])

    host = run(scenario)
    assert [taken.content[:14] for taken in host.taken] == [b"Message-ID: <1", b"Message-ID: <3"]
    assert host.connections == 1


def test_a_greylisted_letter_goes_through_the_next_time() -> None:
    async def scenario(host: Smarthost) -> None:
        host.answers["RCPT"] = ["451 4.7.1 Greylisted"]
        async with submission(host) as sender:
            assert kinds(await sender.send([letter()])) == ["later"]
            assert kinds(await sender.send([letter()])) == ["sent"]

    run(scenario)


def test_a_connection_lost_after_the_dot_leaves_it_open_whether_the_letter_arrived() -> None:
    async def scenario(host: Smarthost) -> None:
        host.answers["DATA"] = [None, host.hang_up, None]
        async with submission(host) as sender:
            answers = await sender.send([letter(1), letter(2), letter(3)])
            assert kinds(answers) == ["sent", "later", "sent"]
            assert "may have arrived" in str(answers[1])
            assert sender.ambiguous_sends == 1

    host = run(scenario)
    assert host.connections == 2
    assert host.mails_begun == 3


def test_a_smarthost_that_does_not_answer_in_time_gets_the_letter_again_later() -> None:
    async def scenario(host: Smarthost) -> None:
        over = asyncio.Event()

        async def silence() -> None:
            await over.wait()

        host.answers["DATA"] = [silence]
        async with submission(host, patience=Patience(command=60.0, answer=0.5)) as sender:
            answers = await asyncio.wait_for(sender.send([letter(1), letter(2)]), 60)
            assert kinds(answers) == ["later", "sent"], "the smarthost was silent until now"
            assert sender.ambiguous_sends == 1
            over.set()

    run(scenario)


def test_a_connection_the_smarthost_closed_while_it_rested_is_replaced() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host) as sender:
            await sender.send([letter(1)])
            await host.hang_up()
            assert kinds(await sender.send([letter(2), letter(3)])) == ["sent", "sent"]
            assert sender.ambiguous_sends == 0

    host = run(scenario)
    assert host.connections == 2
    assert len(host.taken) == 3


def test_a_smarthost_that_has_had_enough_of_a_connection_gets_a_new_one() -> None:
    async def scenario(host: Smarthost) -> None:
        host.answers["MAIL"] = [None, "421 4.7.0 too many messages on this connection", None]
        async with submission(host) as sender:
            assert kinds(await sender.send([letter(1), letter(2)])) == ["sent", "sent"]

    assert run(scenario).connections == 2


def test_a_smarthost_that_is_closing_down_is_not_pressed() -> None:
    async def scenario(host: Smarthost) -> None:
        host.answers["MAIL"] = ["421 4.3.2 closing down"]
        async with submission(host) as sender:
            answers = await sender.send([letter(1)])
            assert kinds(answers) == ["later"] and "421" in str(answers[0])

    assert run(scenario).connections == 1


def test_nobody_listening_means_later_for_all() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings = Outgoing(host="127.0.0.1", port=unused.getsockname()[1], connections=2)

        async def scenario() -> None:
            sender = Submission(settings)
            answers = await sender.send([letter(number) for number in range(5)])
            assert kinds(answers) == ["later"] * 5
            assert "no connection" in str(answers[0])
            await sender.close()

        asyncio.run(scenario())


def test_a_name_that_does_not_resolve_means_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def scenario() -> None:
        sender = Submission(Outgoing(host="smarthost.invalid", port=25))
        with monkeypatch.context() as patched:
            patched.setattr(socket, "getaddrinfo", unknown)
            assert kinds(await sender.send([letter()])) == ["later"]
        await sender.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("banner", [b"554 5.7.1 go away\r\n", b"421 4.7.0 busy\r\n", b"nonsense\r\n", b""])
def test_a_bad_greeting_means_later(banner: bytes) -> None:
    async def scenario() -> None:
        async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(banner)
            writer.close()

        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        sender = Submission(Outgoing(host="127.0.0.1", port=server.sockets[0].getsockname()[1]))
        assert kinds(await sender.send([letter()])) == ["later"]
        await sender.close()
        server.close()

    asyncio.run(scenario())


def test_starttls_is_used_and_the_certificate_verified(tmp_path: Path) -> None:
    context, pem = certificate(tmp_path)

    async def scenario(host: Smarthost) -> None:
        async with submission(host, tls="starttls", ca_file=str(pem)) as sender:
            assert kinds(await sender.send([letter(1), letter(2)])) == ["sent", "sent"]

    host = run(scenario, tls=context)
    assert [taken.tls for taken in host.taken] == [True, True]


def test_implicit_tls_is_used(tmp_path: Path) -> None:
    context, pem = certificate(tmp_path)

    async def scenario(host: Smarthost) -> None:
        async with submission(host, tls="implicit", ca_file=str(pem)) as sender:
            assert kinds(await sender.send([letter(1), letter(2)])) == ["sent", "sent"]

    host = run(scenario, tls=context, implicit=True)
    assert len(host.taken) == 2 and host.connections == 1


@pytest.mark.parametrize(("tls", "implicit"), [("starttls", False), ("implicit", True)])
def test_a_certificate_nobody_vouches_for_means_later(tmp_path: Path, tls: str, implicit: bool) -> None:
    context, _ = certificate(tmp_path)

    async def scenario(host: Smarthost) -> None:
        async with submission(host, tls=tls) as sender:
            answers = await sender.send([letter()])
            assert kinds(answers) == ["later"] and "certificate" in str(answers[0]).lower()

    assert run(scenario, tls=context, implicit=implicit).mails_begun == 0


def test_without_starttls_nothing_is_sent_in_plain_text() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host, tls="starttls") as sender:
            answers = await sender.send([letter()])
            assert kinds(answers) == ["later"] and "STARTTLS" in str(answers[0])

    assert run(scenario).mails_begun == 0


def test_a_ca_file_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(SettingsError, match=r"email\.outgoing\.ca_file"):
        Submission(Outgoing(tls="starttls", ca_file="/nonexistent.pem"))


def test_it_logs_in(tmp_path: Path) -> None:
    context, pem = certificate(tmp_path)

    async def scenario(host: Smarthost) -> None:
        async with submission(host, tls="starttls", ca_file=str(pem), user="desk", password="right") as sender:
            assert kinds(await sender.send([letter()])) == ["sent"]

    assert run(scenario, tls=context, user="desk", password="right").taken[0].user == "desk"


def test_a_wrong_password_is_the_operators_to_mend_and_no_letter_is_lost() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host, user="desk", password="wrong") as sender:
            answers = await sender.send([letter(1), letter(2)])
            assert kinds(answers) == ["later", "later"]
            assert "wrong" not in str(answers[0])

    assert run(scenario, user="desk", password="right").taken == []


def test_a_log_in_that_is_wanted_but_not_configured_means_later() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host) as sender:
            assert kinds(await sender.send([letter()])) == ["later"]

    run(scenario, user="desk", password="right")


def test_smtputf8_is_asked_for_only_where_it_is_needed() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host) as sender:
            plain = letter(1, recipient="alice@bäckerei.example")
            unicode = letter(2, recipient="用户@bakery.example", payload="To: 用户@bakery.example\r\n\r\n".encode())
            assert kinds(await sender.send([plain, unicode, letter(3)])) == ["sent"] * 3

    first, second, third = run(scenario).taken
    assert first.recipients == ("alice@xn--bckerei-5wa.example",)
    assert second.recipients == ("用户@bakery.example",)
    assert ["SMTPUTF8" in taken.options for taken in (first, second, third)] == [False, True, False]


def test_an_address_the_smarthost_cannot_carry_is_given_up() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host) as sender:
            letters = [letter(1, recipient="用户@bakery.example"), letter(2)]
            assert kinds(await sender.send(letters)) == ["permanent", "sent"]

    run(scenario, enable_SMTPUTF8=False)


@pytest.mark.parametrize("recipient", ["", "nobody", "a@x.example>\r\nRCPT TO:<mallory@evil.example", "a@b c"])
def test_what_is_no_address_is_given_up_and_the_others_go(recipient: str) -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host) as sender:
            assert kinds(await sender.send([letter(1, recipient=recipient), letter(2)])) == ["permanent", "sent"]

    assert [taken.recipients for taken in run(scenario).taken] == [("alice@bakery.example",)]


def test_letters_are_signed_on_their_way() -> None:
    async def scenario(host: Smarthost) -> None:
        async with submission(host, lambda message: b"X-Signed: yes\r\n" + message) as sender:
            assert kinds(await sender.send([letter()])) == ["sent"]

    assert run(scenario).taken[0].content == b"X-Signed: yes\r\n" + letter().payload


def test_a_signature_that_fails_takes_no_other_letter_along() -> None:
    def sign(message: bytes) -> bytes:
        if b"<1@" in message:
            raise RuntimeError("key is gone")
        return message

    async def scenario(host: Smarthost) -> None:
        async with submission(host, sign) as sender:
            answers = await sender.send([letter(1), letter(2)])
            assert kinds(answers) == ["later", "sent"]
            assert "key is gone" in str(answers[0])

    run(scenario)


def test_when_one_connection_fails_the_others_carry_its_letters() -> None:
    """The smarthost allows fewer connections than we would like: everything still goes, over those it allows."""

    async def scenario() -> None:
        async with smarthost() as host:
            free = iter([host.port])

            async def one_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                port = next(free, None)
                if port is None:
                    writer.write(b"421 4.7.0 too many connections from you\r\n")
                    writer.close()
                    return
                inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer))

            door = await asyncio.start_server(one_only, "127.0.0.1", 0)
            host.port = door.sockets[0].getsockname()[1]
            async with submission(host, connections=3) as sender:
                answers = await sender.send([letter(number) for number in range(12)])
                assert kinds(answers) == ["sent"] * 12
            door.close()

    asyncio.run(scenario())


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65536):
        writer.write(piece)
    writer.close()


def test_cancelling_finishes_what_is_under_way_and_leaves_the_rest() -> None:
    async def scenario(host: Smarthost) -> None:
        began, go_on = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            began.set()
            await go_on.wait()

        host.answers["DATA"] = [hold]
        async with submission(host) as sender:
            sending = asyncio.create_task(sender.send([letter(number) for number in range(5)]))
            await began.wait()
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            go_on.set()
            await until(lambda: len(host.taken) == 1)

    assert len(run(scenario).taken) == 1
