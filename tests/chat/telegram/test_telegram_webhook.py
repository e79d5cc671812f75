"""The webhook: only Telegram is heard, and "200" means that it is stored."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.channels import telegram
from bot.channels.telegram.webhook import SECRET_HEADER, secret_of
from tests.chat.telegram.kit import ALICE, Store, listening, played, settings, until
from tests.chat.telegram.standin import FakeTelegram

HOOK: dict[str, Any] = {
    "mode": "webhook",
    "webhook_url": "https://desk.example/telegram/updates",
    "webhook_listen": "127.0.0.1:0",
}


def test_an_update_is_answered_with_200_only_after_it_is_stored() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store(refusals=1)
        async with listening(fake, store, **HOOK) as door:
            await until(lambda: fake.webhook)
            assert fake.webhook["url"] == HOOK["webhook_url"] and fake.webhook["secret_token"] == "secret-token"
            target = f"http://127.0.0.1:{door.webhook.port}/telegram/updates"  # type: ignore[union-attr]
            fake.write(ALICE, "hello")
            (update,) = fake.pending
            assert await fake.bring(update, target) == 503 and not store.kept
            assert await fake.bring(update, target) == 200 and len(store.kept) == 1
            assert await fake.bring(update, target) == 200 and len(store.kept) == 1
        assert store.texts() == ["hello"]

    played(test)


def test_who_does_not_know_the_secret_changes_nothing() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store()
        async with listening(fake, store, **HOOK) as door:
            await until(lambda: fake.webhook)
            target = f"http://127.0.0.1:{door.webhook.port}/telegram/updates"  # type: ignore[union-attr]
            fake.write(ALICE, "hello")
            for wrong in ("", "Secret-token", "secret-toke", "secret-token-", "é"):
                headers = {SECRET_HEADER: wrong} if wrong else {}
                async with aiohttp.ClientSession() as client:
                    sent = client.post(target, json=fake.pending[0], headers=headers)
                    async with sent as answer:
                        assert answer.status == 403
        assert not store.asked

    played(test)


def test_nonsense_with_the_right_secret_is_refused_and_the_door_stays_open() -> None:
    async def test(fake: FakeTelegram) -> None:
        store = Store()
        async with listening(fake, store, **HOOK) as door:
            await until(lambda: fake.webhook)
            target = f"http://127.0.0.1:{door.webhook.port}/telegram/updates"  # type: ignore[union-attr]
            headers = {SECRET_HEADER: "secret-token"}
            async with aiohttp.ClientSession() as client:
                for body in (b"", b"{", b"[1]", b'"hello"', b"\xff\xfe"):
                    async with client.post(target, data=body, headers=headers) as answer:
                        assert answer.status == 400
            fake.write(ALICE, "hello")
            assert await fake.bring(fake.pending[0], target) == 200
        assert store.texts() == ["hello"]

    played(test)


def test_an_address_that_telegram_refuses_is_told_and_not_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    async def test(fake: FakeTelegram) -> None:
        async with listening(fake, Store(), **{**HOOK, "webhook_url": "http://desk.example/telegram"}):
            await until(lambda: any("Bad webhook" in record.getMessage() for record in caplog.records))
            await asyncio.sleep(0.05)
        assert sum(method == "setWebhook" for method, _ in fake.calls) == 1

    played(test)


def test_without_a_secret_of_its_own_every_process_of_a_desk_has_the_same_one() -> None:
    async def test(fake: FakeTelegram) -> None:
        made = settings(fake, **HOOK)
        first, second = telegram.listener(made), telegram.listener(made)
        assert first._secret == second._secret == secret_of(made.desk.secret, made.telegram.token)
        assert telegram.listener(settings(fake, webhook_secret="own"))._secret == "own"

    played(test)
