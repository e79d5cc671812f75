"""`helpdesk serve` is killed between hearing and answering: what was acknowledged is answered, and once."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.chat.slack.people import People
from tests.chat.slack.running import ALICE, MALLORY, until, workspace
from tests.chat.slack.standin import APP_TOKEN, BOT_TOKEN, Slack
from tests.service.running import Installation, Service

ROLES = ("slack", "worker", "sender", "scheduler")


def installed(folder: Path, slack: Slack, template: Path) -> Installation:
    shutil.copyfile(template, folder / "desk.db")
    tokens = f'bot_token = "{BOT_TOKEN}"\napp_token = "{APP_TOKEN}"'
    return Installation(folder, extra=f'[slack]\n{tokens}\napi_url = "{slack.api_url}"')


async def connected(slack: Slack, installation: Installation) -> Service:
    before = slack.connected
    service = await asyncio.to_thread(installation.serve, *ROLES)
    await until(lambda: slack.connected > before, 60)
    return service


def answers(slack: Slack, user: str) -> int:
    return len(slack.said_to(user))


@pytest.mark.parametrize("when", ["as it was acknowledged", "while it is sent", "after it was sent"])
def test_what_was_acknowledged_is_answered_once_though_the_service_is_killed(
    tmp_path: Path, sqlite_filled: Path, when: str
) -> None:
    async def act() -> None:
        slack = workspace()
        async with slack.running():
            installation = installed(tmp_path, slack, sqlite_filled)
            service = await connected(slack, installation)
            if when == "while it is sent":
                slack.fails("chat.postMessage", "delay", seconds=1.0)
            await People(slack).types(MALLORY, "help")
            if when == "while it is sent":
                await until(lambda: slack.called("chat.postMessage"), 20)
            elif when == "after it was sent":
                await until(lambda: answers(slack, MALLORY), 20)
            await asyncio.to_thread(service.kill)
            service = await connected(slack, installation)
            await People(slack).types(ALICE, "help")
            await until(lambda: answers(slack, MALLORY) and answers(slack, ALICE), 30)
            assert (answers(slack, MALLORY), answers(slack, ALICE)) == (1, 1)
            assert await asyncio.to_thread(service.stop) == 0
        assert not slack.problems, slack.problems

    asyncio.run(act())
