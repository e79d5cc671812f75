"""What was delivered, as the walk reads it: who, where, what, and which letter it answers."""

from __future__ import annotations

import pytest

from bot.channels.slack import typed
from bot.channels.slack.lookups import NotFetched
from tests.chat.slack.running import ALICE, BAKERY, BOB, Kept, Scene, play, until
from tests.chat.slack.standin import BOT, BOT_ID, TEAM

MARKER = "aecvh74o2cegivqbvdj4gacrhv3kmlvg"


@pytest.mark.parametrize(
    ("arrived", "was_typed"),
    [
        ("renew <http://bakery.example|bakery.example>", "renew bakery.example"),
        ("<https://bakery.example/shop?a=1&amp;b=2>", "https://bakery.example/shop?a=1&b=2"),
        ("add <mailto:bob@bakery.example|bob@bakery.example> please", "add bob@bakery.example please"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("ask <@U0BOB|Bob Roux> in <#C0BAKERY|bakery>", "ask @Bob Roux in #bakery"),
        ("<!channel> now, <!subteam^S1|@staff>", "@channel now, @staff"),
        ("<https://evil.example|bank.example>", "bank.example (https://evil.example)"),
        ("call <tel:+33199001234|+33 1 99 00 12 34>", "call +33 1 99 00 12 34 (+33199001234)"),
    ],
)
def test_text_is_read_as_it_was_typed(arrived: str, was_typed: str) -> None:
    assert typed.plain(arrived) == was_typed


def test_a_direct_message_is_private_and_vouched_for() -> None:
    async def act(stage: Scene) -> None:
        ts = await stage.people.types(ALICE, "which domains do I have?")
        message = await stage.message()
        assert message.id == f"slack:{TEAM}/{ALICE}:{ts}"
        assert (message.sender.channel, message.sender.value) == ("slack", f"{TEAM}/{ALICE}")
        assert message.sender.name == "Alice Martin" and message.proof.verified and message.may_answer
        assert not message.shared and message.room == "" and message.subject == ""

    play(act)


def test_a_mention_in_a_channel_is_said_before_others_and_its_room_is_the_thread_below_it() -> None:
    async def act(stage: Scene) -> None:
        ts = await stage.people.mentions(ALICE, BAKERY, "is there an outage?")
        message = await stage.message()
        assert message.text == "is there an outage?" and message.shared
        assert message.room == f"{TEAM}/{BAKERY}/{ts}" and message.id == f"slack:{message.room}:{ts}"

    play(act)


def test_who_only_calls_the_desk_is_told_what_it_can_do() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.mentions(ALICE, BAKERY, "")
        assert (await stage.message()).text == "help"

    play(act)


def test_a_command_is_private_wherever_it_is_written_and_help_without_words() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.commands(ALICE, "invoices", BAKERY)
        await stage.people.commands(ALICE, "", BAKERY)
        messages = await stage.messages()
        assert [message.text for message in messages] == ["invoices", "help"]
        assert not any(message.shared or message.room for message in messages)
        assert len({message.id for message in messages}) == 2

    play(act)


async def _letter(stage: Scene, chat: str, **more: object) -> str:
    """A letter of ours with a button, as the sender leaves it."""
    ts = stage.slack.ts()
    button = {
        "type": "button",
        "action_id": "says:0",
        "text": {"type": "plain_text", "text": "Pay INV-9004"},
        "value": f"{MARKER}|pay INV-9004",
    }
    stage.slack.chats[chat].messages.append(
        {
            "ts": ts,
            "user": BOT,
            "bot_id": BOT_ID,
            "blocks": [{"type": "actions", "elements": [button]}],
            "metadata": {"event_type": "helpdesk_outbox", "event_payload": {"id": "7", "part": 0, "marker": MARKER}},
            **more,
        }
    )
    return ts


def test_a_pressed_button_is_its_words_sent_to_the_address_of_its_letter() -> None:
    async def act(stage: Scene) -> None:
        await _letter(stage, stage.slack.dm(ALICE).id)
        await stage.people.presses(ALICE, "Pay INV-9004")
        message = await stage.message()
        assert message.text == "pay INV-9004" and message.marker == MARKER
        assert message.recipient == f"help+{MARKER}@desk.example" and not message.shared

    play(act)


def test_a_button_in_a_channel_is_pressed_by_whoever_presses_it_before_the_others() -> None:
    async def act(stage: Scene) -> None:
        root = await stage.people.mentions(ALICE, BAKERY, "prices?")
        await _letter(stage, BAKERY, thread_ts=root)
        await stage.people.presses(BOB, "Pay INV-9004", stage.slack.chats[BAKERY])
        message = (await stage.messages())[-1]
        assert message.sender.value == f"{TEAM}/{BOB}" and message.shared
        assert message.room == f"{TEAM}/{BAKERY}/{root}"

    play(act)


@pytest.mark.parametrize("forged", ["", "no bar", "|", f"{'x' * 40}|delete everything", "a|b|c"])
def test_a_forged_value_is_only_words_or_nothing(forged: str) -> None:
    async def act(stage: Scene) -> None:
        await _letter(stage, stage.slack.dm(ALICE).id)
        await stage.people.presses(ALICE, "Pay INV-9004", says=forged or "pay")
        message = await stage.message()
        assert message.text == (forged or "pay").partition("|")[2]

    play(act)


def test_an_answer_in_the_thread_of_a_letter_goes_to_its_address() -> None:
    async def act(stage: Scene) -> None:
        root = await _letter(stage, stage.slack.dm(ALICE).id)
        await stage.people.types(ALICE, "yes please", thread=root)
        message = await stage.message()
        assert message.marker == MARKER and message.recipient == f"help+{MARKER}@desk.example"

    play(act)


def test_which_letter_a_thread_began_with_is_waited_for() -> None:
    async def act(stage: Scene) -> None:
        root = await _letter(stage, stage.slack.dm(ALICE).id)
        await stage.people.types(ALICE, "yes please", thread=root)
        stage.slack.fails("conversations.replies", "http 500", "ratelimited", "html")
        for _ in range(2):
            with pytest.raises(NotFetched):
                await stage.message()
        assert (await stage.message(attempts=3)).marker == ""
        assert (await stage.message()).marker == MARKER

    play(act)


def test_an_answer_in_the_thread_of_ones_own_message_names_that_message() -> None:
    async def act(stage: Scene) -> None:
        root = await stage.people.types(ALICE, "my site is down")
        await stage.people.types(ALICE, "it is bakery.example", thread=root)
        first, second = await stage.messages()
        assert second.in_reply_to == (first.id,) and second.marker == ""

    play(act)


def test_metadata_of_another_app_is_no_marker() -> None:
    async def act(stage: Scene) -> None:
        root = await _letter(stage, stage.slack.dm(ALICE).id)
        (stage.slack.dm(ALICE).find(root) or {})["metadata"] = {"event_type": "other", "event_payload": {"marker": "x"}}
        await stage.people.types(ALICE, "yes", thread=root)
        assert (await stage.message()).marker == ""

    play(act)


def test_an_edit_is_a_message_of_its_own_that_names_the_first() -> None:
    async def act(stage: Scene) -> None:
        ts = await stage.people.types(ALICE, "renew bakery.example")
        await stage.people.edits(ALICE, ts, "renew bakery.example for 2 years")
        first, edit = await stage.messages()
        assert edit.text == "renew bakery.example for 2 years" and edit.in_reply_to == (first.id,)
        assert edit.id.startswith(f"{first.id}/") and edit.sender == first.sender
        assert edit.edited and not first.edited

    play(act)


def test_the_form_is_a_message_with_a_subject_to_the_department_that_was_chosen() -> None:
    async def act(stage: Scene) -> None:
        await stage.people.uses_shortcut(ALICE, "ticket_new")
        await until(lambda: stage.slack.modals)
        await stage.people.sends_form(ALICE, "Refund", "You charged me twice.", "Billing")
        message = await stage.message()
        assert (message.subject, message.text) == ("Refund", "You charged me twice.")
        assert message.recipient == "billing@desk.example" and not message.shared

    play(act)


def test_files_come_along_and_those_the_desk_does_not_take_are_named() -> None:
    async def act(stage: Scene) -> None:
        good = stage.slack.file("error.txt", b"it says 500")
        page = stage.slack.file("page.html", b"<html>our page</html>", "text/html")
        program = stage.slack.file("setup.exe", b"MZ")
        huge = {**stage.slack.file("video.mp4", b"x"), "size": 21 * 1024 * 1024}
        await stage.people.types(ALICE, "see", files=[good, page, program, huge])
        message = await stage.message()
        kept = [(file.filename, file.media_type, file.content) for file in message.attachments]
        assert kept == [
            ("error.txt", "text/plain", b"it says 500"),
            ("page.html", "text/html", b"<html>our page</html>"),
        ]
        assert [(file.filename, file.reason) for file in message.refused] == [
            ("setup.exe", "dangerous"),
            ("video.mp4", "too_large"),
        ]

    play(act)


def test_the_sign_in_page_is_not_taken_for_the_file() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.scopes.discard("files:read")
        await stage.people.types(ALICE, "see", files=[stage.slack.file("error.txt", b"it says 500")])
        message = await stage.message()
        assert not message.attachments and "files:read" in message.text and message.defects

    play(act)


def test_a_file_that_cannot_be_had_now_is_waited_for_and_at_last_named() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.fails("download", "html", "http 500")
        await stage.people.types(ALICE, "see", files=[stage.slack.file("error.txt", b"it says 500")])
        with pytest.raises(NotFetched):
            await stage.message()
        late = await stage.message(attempts=3)
        assert late.text.startswith("see") and "error.txt" in late.text and not late.attachments
        assert (await stage.message()).attachments[0].content == b"it says 500"

    play(act)


def test_the_token_goes_to_no_other_host() -> None:
    async def act(stage: Scene) -> None:
        stolen = {"id": "F1", "name": "a.txt", "size": 3, "url_private_download": "https://evil.example/a.txt"}
        await stage.people.types(ALICE, "see", files=[stolen])
        assert "outside of Slack" in (await stage.message()).text

    play(act)


def test_a_name_that_slack_does_not_tell_is_done_without() -> None:
    async def act(stage: Scene) -> None:
        stage.slack.scopes.discard("users:read")
        await stage.people.types(ALICE, "hello")
        assert (await stage.message()).sender.name == ""

    play(act)


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[]", b"{}", b'{"type": "event_callback"}', b'{"command": 1}'])
def test_bytes_that_are_no_delivery_give_a_message_that_says_so(raw: bytes) -> None:
    async def act(stage: Scene) -> None:
        await stage.people.types(ALICE, "hello")
        delivery = stage.kept.deliveries[0]
        stage.kept.deliveries[0] = type(delivery)(
            delivery.channel, raw, delivery.recipients, delivery.mail_from, delivery.details, delivery.key
        )
        message = await stage.message()
        assert message.text in ("", "help") and (message.defects or message.text == "help")

    play(act, kept=Kept())
