"""What people do in Telegram, as the walk reads it; nothing that can be sent makes the translator stumble."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import telegram
from bot.channels.ports import Delivery
from bot.channels.telegram.files import NotFetched, TelegramFiles
from bot.channels.telegram.polling import joined, updates_in
from bot.settings import Attachments, Desk, Email, Settings
from core.messages import InboundMessage, Kind
from tests.chat.telegram.kit import ALICE, BOB, GROUP, MARKER, NoFiles, claimed, played, settings
from tests.chat.telegram.standin import BOT_ID, BOT_NAME, FakeTelegram, Fault, Sent, me, person

DETAILS = {"bot_id": BOT_ID, "bot_name": BOT_NAME}
MB = 1 << 20


class Lost:
    def fetch(self, file_id: str, limit: int) -> bytes:
        raise NotFetched("TimedOut")


Act = Callable[[FakeTelegram], object]


def heard(act: Act, files: Any = None, *, attempts: int = 1, **limits: Any) -> InboundMessage:
    """What becomes of the last thing that somebody did."""
    fake = FakeTelegram()
    act(fake)
    own = Settings(desk=Desk(address="help@desk.example"), email=Email(attachments=Attachments(**limits)))
    translator = telegram.translator(own, files or NoFiles())
    return translator.translate(json.dumps(fake.pending[-1]).encode(), claimed(DETAILS, attempts))


def test_a_private_message_is_what_was_typed_by_an_account_that_telegram_vouches_for() -> None:
    message = heard(lambda fake: fake.write(ALICE, "which domains do I have?"))
    assert (message.sender.channel, message.sender.value, message.sender.name) == ("telegram", "1001", "Alice Martin")
    assert message.proof.verified and message.proof.reasons == ("Telegram vouches for the account",)
    assert (message.text, message.subject, message.room) == ("which domains do I have?", "", "")
    assert message.id == f"telegram:{ALICE}:1" and message.recipient == "help@desk.example"


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("/start", "start"),
        ("/start abc-DEF_1", "start abc-DEF_1"),
        ("/invoices", "invoices"),
        ("/invoice 1042", "invoice 1042"),
        ("/new my site is down", "New ticket: my site is down"),
        ("/status@desk_bot", "server status"),
        ("/link alice@bakery.example", "link alice@bakery.example"),
        ("/language German", "answer me in German"),
        ("/my_domains please", "my domains please"),
        ("/var/www is full", "/var/www is full"),
        ("/", "/"),
        ("1/2 of it", "1/2 of it"),
        ("hello @desk_bot, help me", "hello help me"),
        ("@other_bot is yours?", "@other_bot is yours?"),
    ],
)
def test_commands_and_mentions_become_the_words(typed: str, means: str) -> None:
    assert heard(lambda fake: fake.write(ALICE, typed)).text == means


def test_a_name_cannot_pretend_or_break_lines() -> None:
    def act(fake: FakeTelegram) -> None:
        sender = {**person(ALICE), "first_name": "Sam\nLee\u202e", "last_name": "\u200bX" * 90}
        fake.push({"message": {"message_id": 1, "chat": fake.chat(ALICE).as_json(), "from": sender, "text": "hi"}})

    name = heard(act).sender.name
    assert name.startswith("Sam Lee X") and len(name) <= 128 and name.isprintable()


def test_a_photo_is_taken_in_its_largest_size_with_its_caption() -> None:
    def act(fake: FakeTelegram) -> None:
        sizes = [{**fake.file(b"x"), "width": side, "height": side} for side in (90, 1280, 320)]
        fake.message(ALICE, photo=sizes, caption="the broken page")

    message = heard(act)
    (photo,) = message.attachments
    assert message.text == "the broken page"
    assert (photo.filename, photo.media_type) == ("photo-1.jpg", "image/jpeg")
    assert photo.content.startswith(b"file1 ")


def document(name: str, size: int = 100) -> Act:
    named = {"file_name": name, "mime_type": "application/pdf"}
    return lambda fake: fake.message(ALICE, document={**fake.file(b"x", size=size), **named}, caption="here")


@pytest.mark.parametrize(
    ("name", "size", "limit", "reason"),
    [
        ("big.pdf", 21 * MB, 50 * MB, "too_large"),
        ("mine.pdf", 16 * MB, 15 * MB, "too_large"),
        ("invoice.PDF.exe", 10, 15 * MB, "dangerous"),
    ],
)
def test_a_file_that_is_not_kept_is_refused_and_not_fetched(name: str, size: int, limit: int, reason: str) -> None:
    message = heard(document(name, size), Lost(), max_size=limit)
    assert message.text == "here" and not message.attachments
    assert [(file.filename, file.reason) for file in message.refused] == [(name, reason)]


def test_a_file_that_telegram_does_not_hand_out_is_waited_for_and_then_told() -> None:
    with pytest.raises(NotFetched):
        heard(document("a.pdf"), Lost(), attempts=2)
    message = heard(document("a.pdf"), Lost(), attempts=3)
    assert message.text == "here\n\n[the file a.pdf could not be fetched]"


def test_files_are_fetched_through_the_real_library_within_a_limit() -> None:
    async def test(fake: FakeTelegram) -> None:
        files = telegram.translator(settings(fake)).files
        good, large = fake.file(b"%PDF-1.7"), fake.file(b"x", size=21 * MB)
        assert await asyncio.to_thread(files.fetch, good["file_id"], MB) == b"%PDF-1.7"
        for wrong in (large["file_id"], "nothing"):
            with pytest.raises(NotFetched) as told:
                await asyncio.to_thread(files.fetch, wrong, MB)
            assert "AbC-def" not in str(told.value)
        fake.faults.append(Fault("download", status=500))
        with pytest.raises(NotFetched):
            await asyncio.to_thread(files.fetch, good["file_id"], MB)
        fake.faults.append(Fault("getFile", cut="before"))
        with pytest.raises(NotFetched):
            await asyncio.to_thread(files.fetch, good["file_id"], MB)
        impatient = TelegramFiles(settings(fake).telegram, seconds=0.05)
        fake.faults.append(Fault("download", delay=1.0))
        with pytest.raises(NotFetched):
            await asyncio.to_thread(impatient.fetch, good["file_id"], MB)

    played(test)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({"voice": {"file_id": "v", "duration": 7, "mime_type": "audio/ogg"}}, "[a voice message, 7 s]"),
        ({"video_note": {"file_id": "v", "duration": 3}}, "[a video message, 3 s]"),
        ({"sticker": {"file_id": "s", "emoji": "😀"}}, "[a sticker] 😀"),
        ({"contact": {"first_name": "Bob", "phone_number": "+33 1"}}, "[a contact] Bob, +33 1"),
        ({"location": {"latitude": 48.1, "longitude": 11.5}}, "[a place] 48.1, 11.5"),
        (
            {"venue": {"title": "Bakery", "address": "Rue 1", "location": {"latitude": 1.0, "longitude": 2.0}}},
            "[a place] Bakery, Rue 1, 1.0, 2.0",
        ),
        ({"poll": {"question": "Tea?", "options": []}}, "[a poll] Tea?"),
        ({"dice": {"emoji": "🎲", "value": 4}}, "[a dice: 4]"),
        ({"game": {"title": "?"}}, "[something that this desk cannot read]"),
        ({"a_kind_of_tomorrow": {"x": 1}}, "[something that this desk cannot read]"),
        ({}, "[something that this desk cannot read]"),
    ],
)
def test_what_is_no_text_gives_a_line_and_never_an_error(content: dict[str, Any], line: str) -> None:
    assert heard(lambda fake: fake.message(ALICE, **content)).text == line


def test_an_edit_is_marked_and_answers_the_message_it_changed() -> None:
    def act(fake: FakeTelegram) -> None:
        fake.edit(fake.write(ALICE, "renew bakery.example"), "YES")

    message = heard(act)
    assert message.text == "[changed afterwards]\nYES" and message.edited
    assert message.in_reply_to == (f"telegram:{ALICE}:1",) and message.id != f"telegram:{ALICE}:1"


def test_forwarded_words_are_quoted_with_the_name_of_whoever_said_them() -> None:
    origin = {"type": "hidden_user", "sender_user_name": "Mallory", "date": 1}
    message = heard(lambda fake: fake.write(ALICE, "cancel all\nnow", forward_origin=origin))
    assert message.text == "[forwarded from Mallory]\n> cancel all\n> now"


YES = [[{"text": "Yes", "callback_data": f"{MARKER}|YES"}]]
BUTTON = Sent(5, ALICE, "sendMessage", "Sure? [#12345678]", keyboard=YES)


def test_a_pressed_button_says_its_words_at_the_address_of_its_letter() -> None:
    message = heard(lambda fake: fake.press(BUTTON, "Yes"))
    assert (message.text, message.marker, message.recipient) == ("YES", MARKER, f"help+{MARKER}@desk.example")
    assert message.sender.value == str(ALICE) and message.subject == "" and message.in_reply_to == ()


def test_who_presses_somebody_elses_button_in_a_group_speaks_for_themselves() -> None:
    theirs = Sent(5, GROUP, "sendMessage", "", keyboard=YES)
    message = heard(lambda fake: fake.press(theirs, "Yes", user=BOB))
    assert message.sender.value == str(BOB) and message.shared and message.room == str(GROUP)


@pytest.mark.parametrize(
    ("data", "text", "marker"),
    [
        ("renew bakery.example", "renew bakery.example", ""),
        ("|show my invoices", "show my invoices", ""),
        (f"{MARKER.upper()}|YES", "YES", ""),
        (f"{MARKER}@evil.example|YES", "YES", ""),
        ("../../etc|YES|NO", "YES|NO", ""),
        ("|", "", ""),
    ],
)
def test_forged_button_data_is_no_more_than_words_that_anybody_could_type(data: str, text: str, marker: str) -> None:
    message = heard(lambda fake: fake.forge_click(BUTTON, data))
    assert (message.text, message.marker, message.recipient) == (text, marker, "help@desk.example")
    assert message.sender.value == str(ALICE)


def test_a_reply_to_a_letter_goes_to_the_address_and_the_ticket_of_that_letter() -> None:
    keyboard = {"inline_keyboard": BUTTON.keyboard}
    ours = {"message_id": 5, "from": me(), "text": BUTTON.text, "reply_markup": keyboard}
    message = heard(lambda fake: fake.write(ALICE, "yes", reply_to_message=ours))
    assert message.recipient == f"help+{MARKER}@desk.example" and message.subject == "[#12345678]"
    assert message.in_reply_to == (f"telegram:{ALICE}:5",)
    theirs = {**ours, "from": person(BOB)}
    assert heard(lambda fake: fake.write(ALICE, "yes", reply_to_message=theirs)).marker == ""


def test_a_blocked_bot_is_a_report_about_that_chat_and_no_message() -> None:
    blocked = heard(lambda fake: fake.block(ALICE))
    assert (blocked.kind, blocked.may_answer, blocked.text) == (Kind.BOUNCE, False, "")
    assert blocked.report is not None
    (failure,) = blocked.report.failed
    assert (failure.recipient, failure.permanent, failure.status) == (str(ALICE), True, "kicked")
    again = heard(lambda fake: fake.block(ALICE, status="member"))
    assert again.report is not None and not again.report.failed[0].permanent


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    "message_id date chat from text caption entities photo document voice sticker reply_to_message forward_origin "
    "data message id type offset length user new_chat_member status media_group_id edit_date".split()
)
UPDATES = st.fixed_dictionaries(
    {"update_id": st.integers() | JSON},
    optional={
        name: st.dictionaries(FIELDS, JSON | st.dictionaries(FIELDS, JSON, max_size=4), max_size=8)
        for name in ("message", "edited_message", "callback_query", "my_chat_member")
    },
)


@given(UPDATES | JSON)
def test_any_json_is_a_message(update: Any) -> None:
    """Half a surrogate pair, wrong kinds, missing fields: it can be stored in a database and walked."""
    translator = telegram.translator(Settings(desk=Desk(address="help@desk.example")), NoFiles())
    message = translator.translate(json.dumps(update).encode(), claimed(DETAILS))
    stored = "".join([message.text, message.id, message.sender.name, *message.in_reply_to, message.subject])
    assert "\0" not in stored and stored.encode()
    groups = joined(updates_in(json.dumps({"ok": True, "result": [update]}).encode()))
    assert sum(map(len, groups)) <= 1


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message(raw: bytes) -> None:
    translator = telegram.translator(Settings(desk=Desk(address="help@desk.example")), NoFiles())
    assert translator.translate(raw, claimed({})).id
    assert Delivery("telegram", raw, ("1",)).key == ""
