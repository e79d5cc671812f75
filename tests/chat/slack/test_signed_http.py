"""Mode http: requests that Slack signed are taken, others are not."""

from __future__ import annotations

import json

from tests.chat.slack.running import ALICE, Kept, Scene, play, until


def test_signed_requests_of_every_shape_are_stored_and_answered() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.types(ALICE, "which domains do I have?")
        status, text = await stage.people.commands(ALICE, "invoices")
        assert status == 200 and "direct message" in text
        await stage.people.opens_home(ALICE)
        await until(lambda: ALICE in stage.slack.homes)
        status, _ = await stage.people.presses_home(ALICE, "My domains")
        assert status == 200
        assert [one.details["kind"] for one in stage.kept.deliveries] == ["message", "command", "press"]
        assert [message.text for message in await stage.messages()] == [
            "which domains do I have?",
            "invoices",
            "domains",
        ]

    play(act, mode="http")


def test_a_wrong_old_or_missing_signature_is_refused() -> None:
    async def act(stage: Scene) -> None:
        body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": {"type": "message"}})
        assert (await stage.people.posts(body, "application/json", secret="another"))[0] == 401
        assert (await stage.people.posts(body, "application/json", age=600))[0] == 401
        assert not stage.kept.asked

    play(act, mode="http")


def test_the_address_is_confirmed_as_slack_asks_for_it() -> None:
    async def act(stage: Scene) -> None:
        body = json.dumps({"type": "url_verification", "challenge": "c1", "token": "x"})
        status, text = await stage.people.posts(body, "application/json")
        assert status == 200 and "c1" in text

    play(act, mode="http")


def test_what_cannot_be_stored_is_answered_with_an_error_so_that_it_comes_again() -> None:
    async def act(stage: Scene) -> None:
        event = {
            "type": "message",
            "user": ALICE,
            "text": "hi",
            "ts": "1.1",
            "channel": "D0ALICE",
            "channel_type": "im",
        }
        assert (await stage.people.event(event, event_id="Ev1"))[0] == 503
        assert (await stage.people.event(event, event_id="Ev1"))[0] == 200
        assert len(stage.kept.deliveries) == 1

    play(act, mode="http", kept=Kept(refuses=1))
