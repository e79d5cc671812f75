"""The page behind the link of the question: whoever only visits it says nothing, a button does, for a week again."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator
from threading import Thread

import pytest

from bot.settings import StaffSettings, Web
from bot.web.server import WebDoor
from core.ratings import BAD, GOOD
from tests.desk import TestDesk
from tests.life.test_satisfaction import LEAD, closed, rating
from tests.life.waiting import ASKED, Making, passes, status
from tests.web.test_one_time_pages import Browser


@pytest.fixture
def asking(made: Making) -> TestDesk:
    sam = StaffSettings("Sam Lee", "sam@desk.example", (), ("Support", "Billing"), "agent")
    return made(satisfaction=ASKED, staff=(sam, LEAD))


@pytest.fixture
def browser(asking: TestDesk) -> Iterator[Browser]:
    door = WebDoor(asking.app.around, Web(listen="127.0.0.1:0"))
    loop = asyncio.new_event_loop()
    serving = loop.create_task(door.serve())

    def serve() -> None:
        asyncio.set_event_loop(loop)
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(serving)

    async def opened() -> None:
        await door.started.wait()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(opened(), loop).result(10)
    yield Browser(f"http://127.0.0.1:{door.port}")
    loop.call_soon_threadsafe(serving.cancel)
    thread.join(60)
    loop.close()


def page(desk: TestDesk, who: str = "alice") -> tuple[str, str]:
    """A ticket's number, and the path of the page that its requester was sent."""
    number = closed(desk, who)
    letter = passes(desk, "satisfaction", days=1).to(who)
    (path,) = set(re.findall(r"/once/[\w-]+", letter.text))
    return number, path


def test_a_visit_says_nothing_and_a_button_does(asking: TestDesk, browser: Browser) -> None:
    number, path = page(asking)
    for method in ("GET", "HEAD", "GET"):
        assert browser.get(path, method).status == 200
    assert f"#{number}" in browser.get(path).text and rating(asking) == (None, "")
    pressed = browser.post(path, score="good", comment="Quick!")
    assert pressed.status == 200 and "We are glad" in pressed.text
    assert rating(asking) == (GOOD, "Quick!") and status(asking, number) == "Closed"


def test_a_form_without_a_button_says_nothing(asking: TestDesk, browser: Browser) -> None:
    _, path = page(asking)
    assert [browser.post(path).status, browser.post(path, score="great", comment="x").status] == [422, 422]
    assert rating(asking) == (None, "")


def test_a_bad_one_is_told_with_its_comment_and_may_be_taken_back_for_a_week(
    asking: TestDesk, browser: Browser
) -> None:
    number, path = page(asking)
    before = {mail.message_id for mail in asking.letters()}
    comment = "Żółw! " * 80
    assert "We are sorry" in browser.post(path, score="bad", comment=comment).text
    told = [mail for mail in asking.letters() if mail.message_id not in before]
    assert sorted(mail.to for mail in told) == ["dana@desk.example", "sam@desk.example"]
    assert all("Żółw!" in mail for mail in told)
    said = [one["text"] for one in asking.ticket(number)["messages"] if one["author"] == "alice@bakery.example"]
    assert said[-1] == comment.strip() and status(asking, number) == "Closed"
    asking.clock.advance(days=7)
    assert "We are glad" in browser.post(path, score="good").text
    asking.clock.advance(seconds=1)
    assert "too late" in browser.post(path, score="bad").text
    assert rating(asking)[0] == GOOD


def test_a_stranger_has_a_page_in_the_ticket_s_language(asking: TestDesk, browser: Browser) -> None:
    _, path = page(asking, "nina")
    assert "How was our help?" in browser.get(path).text
    browser.post(path, score="bad")
    assert rating(asking) == (BAD, "")


def test_the_page_ends_after_a_month(asking: TestDesk, browser: Browser) -> None:
    _, path = page(asking)
    asking.clock.advance(days=30, seconds=1)
    assert [browser.get(path).status, browser.post(path, score="bad").status] == [410, 410]
    assert rating(asking) == (None, "")
