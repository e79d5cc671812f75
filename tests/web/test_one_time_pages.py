"""The one-time pages over real HTTP: a visit changes nothing, the button works once, and nothing is left to steal."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from sqlalchemy import select

from bot.settings import Notices, SettingsError, Web
from bot.web.server import WebDoor
from core.errors import Rejected, Unavailable
from core.models import Audit, OneTimeLink
from core.onetime import Links
from core.people import Principal
from core.ports import Service
from tests.desk import TestDesk, make

ALICE = Principal("Alice Martin", "1001", email="alice@bakery.example")
SERVICE = "501"


@dataclass(slots=True)
class Answer:
    status: int
    text: str
    location: str
    headers: dict[str, str]


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(slots=True)
class Browser:
    """A visitor without JavaScript who looks at answers one by one."""

    base: str

    def get(self, path: str, method: str = "GET") -> Answer:
        return self._ask(Request(self.base + path, method=method))  # noqa: S310 (our own server)

    def post(self, path: str, **form: str) -> Answer:
        return self._ask(Request(self.base + path, data=urlencode(form).encode(), method="POST"))  # noqa: S310

    def _ask(self, request: Request) -> Answer:
        try:
            response = build_opener(_Stay).open(request, timeout=60)
        except HTTPError as error:
            response = error  # type: ignore[assignment]
        with response:
            text = response.read().decode()
            return Answer(response.status, text, response.headers.get("Location", ""), dict(response.headers))


@dataclass(slots=True)
class Panels:
    """A control panel that remembers what it was told, or refuses."""

    sessions: list[str] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    raises: Exception | None = None

    def session_url(self, service: Service, tool: str) -> str:
        self._maybe()
        self.sessions.append(f"{service.id}/{tool}")
        return f"https://{service.hostname}:2083/session?tool={tool}"

    def set_password(self, service: Service, password: str) -> None:
        self._maybe()
        self.passwords.append(password)

    def create_mailbox(self, service: Service, address: str, password: str) -> None:
        self._maybe()
        self.passwords.append(f"{address} {password}")

    def _maybe(self) -> None:
        if self.raises is not None:
            raise self.raises


@pytest.fixture
def panel(desk_on_sqlite: TestDesk) -> Panels:
    panels = Panels()
    around = desk_on_sqlite.app.around
    desk_on_sqlite.app.around = replace(around, systems=replace(around.systems, panel=panels))
    return panels


@pytest.fixture
def browser(desk_on_sqlite: TestDesk, panel: Panels) -> Iterator[Browser]:
    door = WebDoor(desk_on_sqlite.app.around, Web(listen="127.0.0.1:0"))
    loop = asyncio.new_event_loop()
    task: list[asyncio.Task[None]] = []

    async def main() -> None:
        task.append(asyncio.current_task())  # type: ignore[arg-type]
        await door.serve()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(main())

    thread = Thread(target=serve, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(_until(door.started), loop).result(10)
    yield Browser(f"http://127.0.0.1:{door.port}")
    loop.call_soon_threadsafe(task[0].cancel)
    thread.join(60)


async def _until(started: asyncio.Event) -> None:
    await started.wait()


def link(desk: TestDesk, kind: str, lifetime: timedelta = timedelta(hours=1), **about: str) -> str:
    """The path of a new link of Alice's."""
    with desk.app.sessions.begin() as session:
        url = Links(session, ALICE, desk.clock, desk.app.around.desk.url).to(kind, lifetime, **about)
    return url.removeprefix(desk.app.around.desk.url)


def test_a_scanner_that_visits_a_link_leaves_it_for_the_person(
    desk_on_sqlite: TestDesk, browser: Browser, panel: Panels
) -> None:
    path = link(desk_on_sqlite, "panel", service=SERVICE, tool="email_accounts")
    for method in ("GET", "HEAD", "GET"):
        assert browser.get(path, method).status == 200
    assert panel.sessions == []
    opened = browser.post(path)
    assert (opened.status, opened.location) == (303, "https://saturn.desk.example:2083/session?tool=email_accounts")
    assert panel.sessions == ["501/email_accounts"]


def test_the_button_works_once(desk_on_sqlite: TestDesk, browser: Browser, panel: Panels) -> None:
    path = link(desk_on_sqlite, "panel_password", service=SERVICE)
    first, second = browser.post(path), browser.post(path)
    assert first.status == 200
    assert panel.passwords[0] in first.text
    assert second.status == 410
    assert browser.get(path).status == 410
    assert len(panel.passwords) == 1


def test_two_that_press_at_once_get_one_password(desk_on_sqlite: TestDesk, browser: Browser, panel: Panels) -> None:
    path = link(desk_on_sqlite, "panel_password", service=SERVICE)
    answers: list[int] = []
    presses = [Thread(target=lambda: answers.append(browser.post(path).status)) for _ in range(6)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert sorted(answers) == [200, 410, 410, 410, 410, 410]
    assert len(panel.passwords) == 1


def test_a_link_ends_after_its_time(desk_on_sqlite: TestDesk, browser: Browser) -> None:
    path = link(desk_on_sqlite, "panel", timedelta(hours=1), service=SERVICE, tool="")
    desk_on_sqlite.clock.advance(hours=1, seconds=1)
    assert browser.get(path).status == 410
    assert browser.post(path).status == 410


def test_a_link_that_never_was_looks_like_one_that_is_over(desk_on_sqlite: TestDesk, browser: Browser) -> None:
    path = link(desk_on_sqlite, "sign_in")
    used = link(desk_on_sqlite, "panel_password", service=SERVICE)
    browser.post(used)
    never = browser.get("/once/" + "x" * 32)
    assert (never.status, never.text) == (410, browser.get(used).text)
    assert browser.get(path[:-1]).status == 410


def test_a_panel_that_is_away_leaves_the_link_good(desk_on_sqlite: TestDesk, browser: Browser, panel: Panels) -> None:
    path = link(desk_on_sqlite, "panel", service=SERVICE, tool="")
    panel.raises = Unavailable("connection refused")
    away = browser.post(path)
    assert away.status == 503
    assert "connection refused" not in away.text
    panel.raises = None
    assert browser.post(path).status == 303


def test_a_refusal_is_told_and_the_link_stays(desk_on_sqlite: TestDesk, browser: Browser, panel: Panels) -> None:
    path = link(desk_on_sqlite, "mailbox", service=SERVICE, address="orders@bakery.example")
    panel.raises = Rejected("there is a mailbox orders@bakery.example already")
    refused = browser.post(path)
    assert refused.status == 422
    assert "there is a mailbox orders@bakery.example already" in refused.text
    panel.raises = None
    assert browser.post(path).status == 200


def test_a_service_that_left_the_account_is_not_opened(desk_on_sqlite: TestDesk, browser: Browser) -> None:
    path = link(desk_on_sqlite, "panel", service="601", tool="")
    assert browser.post(path).status == 422


def test_the_new_password_must_be_typed_twice_alike(desk_on_sqlite: TestDesk, browser: Browser) -> None:
    path = link(desk_on_sqlite, "password")
    page = browser.get(path)
    assert page.text.count('type="password"') == 2
    different = browser.post(path, password="seven small boats at sea", again="seven small boats on land")
    assert different.status == 422
    assert "not the same" in different.text
    assert "seven small boats" not in different.text


def test_nothing_of_a_link_or_a_password_is_stored(desk_on_sqlite: TestDesk, browser: Browser, panel: Panels) -> None:
    path = link(desk_on_sqlite, "panel_password", service=SERVICE)
    browser.post(path)
    with desk_on_sqlite.app.sessions() as session:
        stored = repr([vars(row) for row in session.scalars(select(OneTimeLink))])
        audit = [(row.action, row.client_id) for row in session.scalars(select(Audit))]
    assert path.rpartition("/")[2] not in stored
    assert panel.passwords[0] not in stored
    assert ("opened.panel_password", "1001") in audit


def test_no_page_can_be_framed_cached_indexed_or_made_to_load_anything(
    desk_on_sqlite: TestDesk, browser: Browser
) -> None:
    for answer in (browser.get(link(desk_on_sqlite, "sign_in")), browser.get("/once/none"), browser.get("/nothing")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not re.search(r'(?:src|href)="', answer.text)


def test_who_watches_the_desk_gets_a_word(browser: Browser) -> None:
    assert (browser.get("/healthz").status, browser.get("/healthz").text) == (200, "ok\n")


@pytest.mark.parametrize("text", ["Send me a sign-in link", "Open cpanel for bakery.example", "Reset my password"])
def test_what_the_systems_behind_the_desk_do_not_take_is_a_ticket_and_no_link(
    desk_on_sqlite: TestDesk, text: str
) -> None:
    """As an operator starts: only files are opened, and nobody is told of a password that no server knows."""
    desk_on_sqlite.app.around = replace(desk_on_sqlite.app.around, opens=frozenset(Web().opens))
    letters = desk_on_sqlite.says("alice", text)
    assert all("/once/" not in mail for mail in letters)
    assert any("The desk leaves this to you" in mail for mail in letters.of_kind("notification"))


@pytest.mark.parametrize("settings", [{"web": Web(opens=("downloads",))}, {"notices": Notices(kinds=("invoices",))}])
def test_a_mistyped_kind_stops_the_start_and_says_which_there_are(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="may name"):
        make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", **settings)


@pytest.mark.parametrize(("kind", "about"), [("sign_in", {}), ("panel", {"service": SERVICE, "tool": ""})])
def test_a_page_promises_to_open_what_it_opens_and_no_session(
    desk_on_sqlite: TestDesk, browser: Browser, panel: Panels, kind: str, about: dict[str, str]
) -> None:
    """Whether a session comes with the address is a matter of the system behind it; the local one has none."""
    page = browser.get(link(desk_on_sqlite, kind, **about)).text
    assert "The button opens" in page and "If it asks you to sign in" in page
    assert "signs you in" not in page
