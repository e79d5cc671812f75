"""What a phone, a mail program or a hurry makes of a staff mail: it does what its writer means, or it is held."""

from __future__ import annotations

import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.settings import SettingsError, Telegram
from bot.settings.work import ConditionSettings, TriggerSettings
from core.models import Letter, Participant, Ticket
from tests import desk as desks
from tests.desk import Mails, Read, TestDesk

TROUBLE = "My site shows an error since this morning."
LOGO = b"\x89PNG\r\n\x1a\n" + b"l" * 200


@pytest.fixture
def desk(desk_on_sqlite: TestDesk) -> TestDesk:
    return desk_on_sqlite


@pytest.fixture
def notice(desk: TestDesk) -> Read:
    """What Sam reads of Alice's new ticket."""
    return desk.says("alice", TROUBLE, subject="Site broken").to("sam")


def held(mails: Mails, who: str = "sam") -> Read:
    assert len(mails) == 1 and "NOT sent" in mails.to(who)
    return mails.to(who)


def other(desk: TestDesk, number: str) -> str:
    (found,) = [ticket["number"] for ticket in desk.tickets() if ticket["number"] != number]
    return str(found)


def readers(desk: TestDesk, number: str) -> set[str]:
    return {one["address"] for one in desk.ticket(number)["participants"] if one["role"] in ("requester", "cc")}


def written(notice: Read, plain: str, page: str = "") -> EmailMessage:
    """A mail of Sam's that answers a notice; with a page, the logo of his signature stands in it."""
    message = EmailMessage()
    message["From"], message["To"] = "Sam Lee <sam@desk.example>", notice.reply_to
    message["Subject"], message["Message-ID"] = f"Re: {notice.subject}", "<review@desk.example>"
    message["In-Reply-To"] = notice.message_id
    message.set_content(plain)
    if page:
        message.add_alternative(page, subtype="html")
        alternative = message.get_payload()[1]  # type: ignore[index]
        alternative.add_related(LOGO, "image", "png", cid="<logo@sam>", filename="logo.png", disposition="inline")  # type: ignore[union-attr]
    return message


def comes(desk: TestDesk, message: EmailMessage, notice: Read) -> Mails:
    raw = message.as_bytes(policy=email.policy.SMTP)
    return desk.receives(raw, [notice.reply_to], mail_from="sam@desk.example")


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


# ------------------------------------------------- what phones and mail programs make of a command


@pytest.mark.parametrize(
    "line", ["#Close.", "#close,", "#  close", "\u200e#close", "\u00ad#close", "#close\ufe0f", "#close!"]
)
def test_a_command_that_a_phone_has_dotted_or_spaced_is_done(desk: TestDesk, notice: Read, line: str) -> None:
    assert len(desk.says("sam", line, reply_to=notice)) == 0
    assert desk.ticket()["status"] == "Closed"


@pytest.mark.parametrize("line", ["#note.", "#Note, ", "#note… she is a fool", "\u2066#note\u2069"])
def test_a_note_that_a_phone_has_dotted_stays_inside(desk: TestDesk, notice: Read, line: str) -> None:
    assert not desk.says("sam", f"{line}\nShe is a fool.", reply_to=notice).all_to("alice")
    assert desk.ticket()["messages"][-1]["kind"] == "note"


@pytest.mark.parametrize(
    "line",
    [
        "“#note”",
        "*#note*",
        "# note she is a fool",
        "# Note: look",
        "#note—look",
        "[#note]",
        "#note👍",
        "# nte",
        "#note/she is",
    ],
)
def test_a_note_in_quotes_or_bold_or_spaced_is_held_and_not_sent(desk: TestDesk, notice: Read, line: str) -> None:
    assert "#note" in held(desk.says("sam", f"{line}\nShe is a fool.", reply_to=notice))


@pytest.mark.parametrize(
    "link", ["bob@bakery.example<mailto:bob@bakery.example>", "bob@bakery.example.", "<bob@bakery.example>"]
)
def test_an_address_is_read_as_mail_programs_write_it(desk: TestDesk, notice: Read, link: str) -> None:
    desk.says("sam", f"#cc {link}\nHello both", reply_to=notice)
    assert readers(desk, desk.ticket()["number"]) == {"alice@bakery.example", "bob@bakery.example"}


@pytest.mark.parametrize(
    "below", ["Sam Lee\nSupport Engineer\n+49 30 123456", "Best regards,\nSam", "Mit freundlichen Grüßen\nSam Lee"]
)
def test_a_signature_that_nothing_marks_is_not_sent_below_a_command(desk: TestDesk, notice: Read, below: str) -> None:
    assert len(desk.says("sam", f"#close\n\n{below}", reply_to=notice)) == 0
    assert desk.ticket()["status"] == "Closed" and desk.ticket()["assignee"] is None


def test_the_logo_of_a_signature_is_not_sent_below_a_command(desk: TestDesk, notice: Read) -> None:
    message = written(notice, "#close\n\nSam Lee", '<p>#close</p><p>Sam Lee<br><img src="cid:logo@sam"></p>')
    assert len(comes(desk, message, notice)) == 0 and desk.ticket()["status"] == "Closed"


def test_a_picture_pasted_into_a_note_is_kept(desk: TestDesk, notice: Read) -> None:
    comes(desk, written(notice, "#note", '<p>#note</p><p><img src="cid:logo@sam"></p>'), notice)
    assert desk.ticket()["messages"][-1]["kind"] == "note"


@pytest.mark.parametrize("headers", [{"Precedence": "bulk"}, {"List-Id": "<staff.desk.example>"}])
def test_what_a_list_sends_in_my_name_does_nothing(desk: TestDesk, notice: Read, headers: dict[str, str]) -> None:
    assert len(desk.says("sam", "#close\nHello", reply_to=notice, headers=headers)) == 0
    assert desk.ticket()["status"] == "Open" and desk.ticket()["messages"][-1]["kind"] == "refused"


@pytest.mark.parametrize("line", ["#reply #close", "#note #close", "#reply: #assign dana", "#take #note"])
def test_two_commands_on_a_line_are_none(desk: TestDesk, notice: Read, line: str) -> None:
    held(desk.says("sam", f"{line}\nHello Alice", reply_to=notice))
    assert (desk.ticket()["status"], desk.ticket()["assignee"]) == ("Open", None)


# ------------------------------------------------- our own letters never go on to the client


def test_a_notice_that_stands_bare_below_the_answer_is_held(desk: TestDesk, notice: Read) -> None:
    mails = comes(desk, written(notice, f"Hello Alice, it works.\n\n{notice.text}"), notice)
    assert "letters to staff is in it" in " ".join(held(mails).text.split())


def test_the_notice_attached_whole_is_held(desk: TestDesk, notice: Read) -> None:
    message = written(notice, "Hello Alice, it works.")
    message.add_attachment(notice.message)
    assert "letters to staff is in it" in " ".join(held(comes(desk, message, notice)).text.split())


def test_an_answer_between_our_own_lines_is_held_and_one_between_the_client_s_is_sent(
    desk: TestDesk, notice: Read
) -> None:
    facts = "".join(notice.text.partition("Ticket:")[1:]).partition("Your reply")[0]
    between = f"> {TROUBLE}\n\nWhich page?\n\n{quoted(facts)}\nI see your VPS.\n"
    mail = held(comes(desk, written(notice, between), notice))
    assert desk.says("sam", "#send", reply_to=mail).all_to("alice") == []
    desk.says("sam", "#cancel", reply_to=mail)
    fine = f"Hello Alice,\n\n> {TROUBLE}\n\nWhich page?\n"
    assert "Which page?" in desk.says("sam", fine, reply_to=notice).to("alice")


def test_a_picture_of_a_note_that_is_quoted_does_not_go_to_the_client(desk: TestDesk, notice: Read) -> None:
    note = written(
        notice,
        "#assign dana\n#note\nLook at this",
        '<p>#assign dana<br>#note<br>Look at this <img src="cid:logo@sam"></p>',
    )
    dana = comes(desk, note, notice).to("dana")
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = "dana@desk.example", dana.reply_to, "Re: Site broken"
    answer["Message-ID"], answer["In-Reply-To"] = "<dana@desk.example>", dana.message_id
    answer.set_content("#reply\nHello Alice.")
    answer.add_alternative('<p>#reply</p><p>Hello Alice.</p><img src="cid:logo@sam">', subtype="html")
    answer.get_payload()[1].add_related(LOGO, "image", "png", cid="<logo@sam>", disposition="inline")  # type: ignore[index, union-attr]
    raw = answer.as_bytes(policy=email.policy.SMTP)
    mail = desk.receives(raw, [dana.reply_to], mail_from="dana@desk.example").to("alice")
    assert "Hello Alice." in mail and not list(mail.message.iter_attachments())


# ------------------------------------------------- drafts


def test_send_means_the_draft_that_the_letter_told_of(desk: TestDesk, notice: Read) -> None:
    first = held(desk.says("sam", "#clsoe\nHello Alice.", reply_to=notice))
    held(desk.says("sam", "#clsoe\nShe is a fool.", reply_to=notice))
    answer = desk.says("sam", "#send", reply_to=first).to("alice")
    assert "Hello Alice." in answer and "fool" not in answer


def test_what_would_have_stayed_inside_stays_there_whatever_send_is_an_answer_to(desk: TestDesk, notice: Read) -> None:
    dana = desk.says("sam", "#assign dana\n#note\nPlease look", reply_to=notice).to("dana")
    held(desk.says("dana", "#ntoe\nShe is a fool.", reply_to=dana), "dana")
    public = desk.says("alice", "Is anybody there? The shop is down too.", reply_to=desk.letters().all_to("alice")[0])
    assert not desk.says("dana", "#send", reply_to=public.to("dana")).all_to("alice")
    assert desk.ticket()["messages"][-1]["kind"] == "note"


def test_send_after_a_merge_finds_the_draft(desk: TestDesk, notice: Read) -> None:
    first = desk.ticket()["number"]
    again = desk.says("alice", "And the shop is down.", subject="Shop").to("sam")
    draft = held(desk.says("sam", "#clsoe\nThe shop works.", reply_to=again))
    desk.says("sam", f"#merge {first}", reply_to=again)
    assert "The shop works." in desk.says("sam", "#send", reply_to=draft).to("alice")


# ------------------------------------------------- states that contradict themselves


@pytest.mark.parametrize("line", ["#dept Sales", "#assign none", "#assign Billing"])
def test_who_gives_a_ticket_away_with_a_word_to_the_client_does_not_keep_it(
    desk: TestDesk, notice: Read, line: str
) -> None:
    assert desk.says("sam", f"{line}\nHello Alice, a colleague will answer.", reply_to=notice).all_to("alice")
    assert desk.ticket()["assignee"] is None


def test_a_closed_ticket_that_is_snoozed_comes_back(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#close", reply_to=notice)
    desk.says("sam", "#snooze 3d", reply_to=notice)
    desk.clock.advance(days=4)
    desk.rings()
    assert (desk.ticket()["status"], desk.ticket()["wakes"]) == ("Open", None)


@pytest.mark.parametrize("line", ["#snooze 3 months", "#snooze 2 moons", "#pending 3 decades"])
def test_a_span_that_we_do_not_know_is_no_other(desk: TestDesk, notice: Read, line: str) -> None:
    held(desk.says("sam", line, reply_to=notice))


@pytest.mark.parametrize(
    "line", ["#snooze 90 minutes", "#snooze 2 hrs", "#snooze 3 days", "#snooze 2 weeks", "#snooze 3d."]
)
def test_a_span_may_be_spelled_out(desk: TestDesk, notice: Read, line: str) -> None:
    desk.says("sam", line, reply_to=notice)
    assert desk.ticket()["wakes"] is not None


@pytest.mark.parametrize("state", ["#hold", "#pending 3d", "#snooze 3d", "#close"])
def test_a_client_who_waits_still_waits_on_the_ticket_that_theirs_was_put_into(
    desk: TestDesk, notice: Read, state: str
) -> None:
    first = desk.ticket()["number"]
    desk.says("sam", f"Which page?\n{state}", reply_to=notice)
    again = desk.says("alice", "And the shop is down.", subject="Shop").to("sam")
    desk.says("sam", f"#merge {first}", reply_to=again)
    assert (desk.ticket(first)["status"], desk.ticket(first)["wakes"]) == ("Customer-Reply", None)


def test_who_is_taken_off_together_with_a_merge_reads_no_more(desk: TestDesk, notice: Read) -> None:
    first = desk.ticket()["number"]
    again = desk.says("alice", "And the shop is down.", subject="Shop", cc="nina@stone.example").to("sam")
    desk.says("sam", f"#merge {first}\n#uncc nina@stone.example\nOnly for Alice.", reply_to=again)
    assert readers(desk, first) == {"alice@bakery.example"}
    assert not desk.letters().of_kind("reply")[-1].to.startswith("nina")


def test_an_answer_to_a_question_of_a_merged_ticket_comes_to_where_that_went(desk: TestDesk, notice: Read) -> None:
    first = desk.ticket()["number"]
    question = desk.says("alice", "Please cancel orders.bakery.example at the end of its period.", subject="Cancel").to(
        "alice"
    )
    assert question.kind == "question"
    second = other(desk, first)
    more = desk.says("alice", "Wait, why is it so slow? Can somebody call me about it please?", reply_to=question)
    desk.says("sam", f"#merge {first}", reply_to=more.to("sam"))
    mails = desk.says("alice", "Hello? The VPS is slow, is anybody there?", reply_to=question)
    assert mails.all_to("sam") and "is anybody there" in desk.ticket(first)["messages"][-1]["text"]
    assert (desk.ticket(second)["status"], desk.ticket(second)["messages"]) == ("Closed", [])


def test_a_stranger_s_message_is_split_off_as_a_stranger_s(desk: TestDesk) -> None:
    mails = desk.says("alice", TROUBLE, subject="Site broken")
    first = desk.ticket()["number"]
    desk.says("mallory", "It is me, Alice: send me the codes to this address.", reply_to=mails.to("alice"))
    answers = desk.says("sam", "#split The codes\nWho are you?", reply_to=mails.to("sam"))
    assert [mail.to for mail in answers] == ["mallory@evil.example"]
    assert desk.ticket(other(desk, first))["client"] is None and readers(desk, other(desk, first)) == {
        "mallory@evil.example"
    }


def test_who_was_taken_off_brings_nobody_in(desk: TestDesk, notice: Read) -> None:
    desk.says("sam", "#cc nina@stone.example", reply_to=notice)
    copy = desk.says("sam", "It is the disk.", reply_to=notice).to("nina")
    desk.says("sam", "#uncc nina@stone.example", reply_to=notice)
    assert desk.says("nina", "And what of my own site?", reply_to=copy, cc="mallory@evil.example").all_to("alice") == []
    assert [mail.to for mail in desk.says("sam", "Only for Alice.", reply_to=notice)] == ["alice@bakery.example"]


def test_what_nobody_would_read_is_held(desk: TestDesk, notice: Read) -> None:
    with desk.app.sessions.begin() as session:
        for person in session.query(Participant).filter_by(role="requester"):
            person.role = "former"
    assert "nobody is left" in held(desk.says("sam", "Hello Alice", reply_to=notice))


def test_spam_that_is_opened_is_none(desk: TestDesk) -> None:
    notice = desk.says("nina", "Cheap watches for you!", subject="Watches").to("sam")
    desk.says("sam", "#spam", reply_to=notice)
    desk.says("sam", "#open", reply_to=notice)
    with desk.app.sessions() as session:
        assert [ticket.spam for ticket in session.query(Ticket)] == [False]


# ------------------------------------------------- what colleagues read


@pytest.mark.parametrize("line", ["#status", "#help", "#original", "#find shop", "#clsoe"])
def test_every_answer_to_staff_says_what_a_reply_to_it_does(desk: TestDesk, notice: Read, line: str) -> None:
    assert "Your reply goes to the client" in desk.says("sam", line, reply_to=notice).to("sam")
    dana = desk.says("sam", "#assign dana\n#note\nPlease look", reply_to=notice).to("dana")
    mail = desk.says("dana", line, reply_to=dana).to("dana")
    assert "Your reply stays inside" in mail
    assert not desk.says("dana", "She is a fool.", reply_to=mail).all_to("alice")


@pytest.mark.parametrize("line", ["#assign dana", "#dept Sales"])
def test_who_is_given_a_ticket_reads_whose_words_those_are(desk: TestDesk, notice: Read, line: str) -> None:
    mail = desk.says("sam", line, reply_to=notice).to("dana")
    assert "alice@bakery.example (Alice Martin)" in mail and "Proved to be Alice Martin" in mail
    assert "sam@desk.example" not in mail and "Has:" in mail.text


def test_somebody_who_is_away_is_told_of_what_they_are_given_and_nobody_else_is(desk: TestDesk, notice: Read) -> None:
    dana = desk.says("sam", "#assign dana", reply_to=notice).to("dana")
    desk.says("dana", "#away\n#assign sam", reply_to=dana)
    assert desk.says("sam", "#assign dana", reply_to=notice).kinds() == [("dana@desk.example", "notification")]


def test_a_canned_reply_that_is_spoiled_while_the_desk_runs_is_left_out(tmp_path: Path, sqlite_filled: Path) -> None:
    (tmp_path / "canned").mkdir()
    (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
    desk = desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", canned="canned")
    notice = desk.says("alice", TROUBLE, subject="Site broken").to("sam")
    (tmp_path / "canned" / "hello.txt").write_text("#ntoe\nShe is a fool.")
    desk.app.around.desk.canned._until = 0.0  # type: ignore[attr-defined]
    assert "no canned repl" in held(desk.says("sam", "#macro hello", reply_to=notice))


def test_what_a_stranger_sends_to_a_leaver_s_reply_address_is_no_word_of_the_client(
    desk: TestDesk, notice: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = type(desk.app.around.desk).staff_member
    with monkeypatch.context() as patch:
        patch.setattr(type(desk.app.around.desk), "staff_member", lambda self, address: None)
        assert len(desk.says("sam", "Dear Alice, pay here.", reply_to=notice)) == 0
    assert type(desk.app.around.desk).staff_member is staff
    assert "pay here" not in desk.says("sam", "#assign dana", reply_to=notice).to("dana")


@pytest.mark.parametrize("line", ["#take", "#assign me", "#release"])
def test_a_trigger_is_nobody_who_could_take_or_vouch(tmp_path: Path, sqlite_filled: Path, line: str) -> None:
    (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
    trigger = TriggerSettings("t", "opened", ConditionSettings(), (line,))
    with pytest.raises(SettingsError, match="is for people"):
        desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", triggers=(trigger,))


@pytest.fixture
def with_group(tmp_path: Path, sqlite_filled: Path) -> Callable[[], TestDesk]:
    """A desk whose staff have a group in Telegram."""

    def made() -> TestDesk:
        (tmp_path / "desk.db").write_bytes(sqlite_filled.read_bytes())
        own = Telegram(token="4711:secret", staff_group="-1001")  # noqa: S106
        return desks.make(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", telegram=own)

    return made


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Site broken", "I was at https://desk.example/once/abc and it did nothing."),
        ("https://x.example/once/abc", TROUBLE),
    ],
)
def test_a_mail_that_names_a_one_time_page_is_told_in_the_room_without_it(
    with_group: Callable[[], TestDesk], subject: str, text: str
) -> None:
    desk = with_group()
    desk.says("alice", text, subject=subject)
    assert desk.results() == ["ticket"]
    with desk.app.sessions() as session:
        letters = session.query(Letter).filter_by(channel="telegram").all()
    assert [letter.kind for letter in letters] == ["card", "thread"]
    assert not any("/once/" in letter.text for letter in letters)
