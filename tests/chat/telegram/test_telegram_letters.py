"""Letters as they are read in Telegram: every template is taken by the stand-in, and nothing is lost or let in."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.channels.ports import Outbound
from bot.channels.telegram.composer import TelegramComposer
from bot.channels.telegram.pacing import Pacing
from bot.channels.telegram.runs import Run, Style, harmless, html
from bot.channels.telegram.splitting import fits, split
from bot.templating import Templates
from core.messages import Attachment, say
from tests import samples
from tests.chat.telegram.entities import parse
from tests.chat.telegram.kit import ALICE, MARKER, SHARED, FakeTime, composed, draft, letter, played, sending
from tests.chat.telegram.standin import FakeTelegram, Sent

SAMPLES = samples.collect()


def shown(markup: str, **more: Any) -> list[Sent]:
    """The messages that a reader has of it."""
    sent: list[Sent] = []

    async def test(fake: FakeTelegram) -> None:
        fake.chat(ALICE)
        sender = sending(fake)
        assert await sender.send([letter(1, markup, **more)]) == [None]
        await sender.close()
        sent.extend(fake.sent)

    played(test)
    return sent


def test_every_reply_of_the_desk_is_taken_as_it_is() -> None:
    """One sample of each template through the real library: one refusal, one fallback, and this fails."""

    async def test(fake: FakeTelegram) -> None:
        composer = TelegramComposer(Templates(), lambda: SHARED)
        clock = FakeTime()
        sender = sending(fake, clock)
        for number, (name, contexts) in enumerate(SAMPLES.items(), 1):
            made = composer.compose(draft(say(name, **contexts[number % len(contexts)])))
            fake.chat(number)
            calls = len(fake.calls)
            clock.now += 1
            assert await sender.send([Outbound(number, str(number), "", made.payload)]) == [None], name
            assert len(fake.calls) - calls == len(json.loads(made.payload)), f"{name} was sent in another form"
            assert made.secret == fake.sent[-1].protected and made.secret == (made.text == "")
        await sender.close()
        assert len(fake.sent) >= len(SAMPLES)
        assert not any(sent.preview for sent in fake.sent if sent.method == "sendMessage")

    played(test)


def test_every_sample_of_every_reply_is_readable_html_within_the_limits() -> None:
    composer = TelegramComposer(Templates(), lambda: SHARED)
    everything = [(name, context) for name, contexts in SAMPLES.items() for context in contexts]
    for number, (name, context) in enumerate(everything):
        language = i18n.LANGUAGES[number % len(i18n.LANGUAGES)]
        for call in json.loads(composer.compose(draft(say(name, **context), language=language)).payload):
            shown = parse(call["text"])
            assert 0 < len(shown.text) <= 4096 and len(shown.entities) <= 100, name
            assert len(call["plain"]) <= 4096 and all(line.strip() or not line for line in shown.text.split("\n")), name
            data = [data for row in call["keyboard"] for _, data in row]
            assert all(1 <= len(one.encode()) <= 64 for one in data) and len(data) <= 100, name


def test_a_letter_on_a_ticket_says_below_who_writes_and_on_which() -> None:
    more = {"subject": "Re: Site is down", "tag": "[#12345678]", "from_name": "Example Hosting Support"}
    (sent,) = shown("<title>Answer</title><p>It works.</p>", **more)
    assert sent.text == "It works.\n\nExample Hosting Support · Site is down · [#12345678]"
    (sent,) = shown("<title>-</title><p>It works.</p>")
    assert sent.text == "It works."


def test_what_people_wrote_lets_no_tag_no_link_and_no_mention_in() -> None:
    typed = "&lt;a href='https://evil.example'&gt;x&lt;/a&gt; &amp;lt; @mallory me@bakery.example"
    (sent,) = shown(f"<title>T</title><p>{typed}</p>")
    assert "<a href='https://evil.example'>x</a> &lt; @\u2060mallory me@bakery.example" in sent.text
    assert not sent.texts("a")


def test_facts_lists_quotes_and_links_keep_their_form() -> None:
    (sent,) = shown(
        "<title>T</title><dl><dt>Expires</dt><dd>3 March</dd></dl><ul><li>one <b>two</b></li><li>three</li></ul>"
        "<blockquote>hello\nworld</blockquote><pre>a &lt; b</pre>"
        '<p><a href="https://desk.example/?a=1&amp;b=2">pay</a> or <a href="mailto:help@desk.example">write</a></p>'
    )
    assert "Expires: 3 March" in sent.text and "• one two\n• three" in sent.text
    assert sent.texts("blockquote") == ["hello\nworld"] and sent.texts("pre") == ["a < b"]
    assert [(entity.text, entity.url) for entity in sent.entities if entity.kind == "a"] == [
        ("pay", "https://desk.example/?a=1&b=2")
    ]
    assert "write (help@desk.example)" in sent.text


def test_a_narrow_table_is_aligned_and_a_wide_one_becomes_lines() -> None:
    narrow = "<title>T</title><table><tr><th>Nr</th><th>Sum</th></tr><tr><td>1</td><td>5.00</td></tr></table>"
    (sent,) = shown(narrow)
    assert sent.texts("pre") == ["Nr   Sum\n1   5.00"]
    (sent,) = shown(narrow.replace("<td>1</td>", "<td>an invoice with a very long name indeed</td>"))
    assert not sent.texts("pre") and sent.text.endswith("\n\nan invoice with a very long name indeed: 5.00")
    head = "<tr><th>Domain</th><th>Expires</th><th>Note</th><th>Price</th></tr>"
    row = "<tr><td>bakery.example<br>Business</td><td>3 March 2027</td><td>–</td><td>12.00<br>a year</td></tr>"
    (sent,) = shown(f"<title>T</title><table>{head}{row}</table>")
    assert sent.text == "T\n\nbakery.example, Business\nExpires: 3 March 2027 · Price: 12.00, a year"


def test_a_table_with_links_is_never_fixed_text_so_that_they_can_be_pressed() -> None:
    link = '<a href="https://desk.example/1">1</a>'
    (sent,) = shown(f"<title>T</title><table><tr><td>{link}</td><td>5.00</td></tr></table>")
    assert sent.texts("a") == ["1"] and not sent.texts("pre")


def test_buttons_carry_the_marker_and_what_is_too_long_is_said_in_words() -> None:
    long = "ü" * 16
    sent = shown(
        f'<title>T</title><menu><button says="{"x" * 31}">Fits</button><button says="{long}">Too long</button></menu>'
    )[-1]
    assert sent.buttons == {"Fits": f"{MARKER}|{'x' * 31}"}
    assert sent.texts("code") == [long] and f"{long} (Too long)" in sent.text


def test_a_secret_is_hidden_protected_and_not_in_the_ticket() -> None:
    markup = "<title>Code</title><p>Your code: <mark>K7MQ-29TX</mark></p>"
    (sent,) = shown(markup)
    assert sent.protected and sent.texts("tg-spoiler") == ["K7MQ-29TX"]
    assert composed(markup).text == "" and composed(markup).secret


LONG = (
    "<title>Long</title>"
    + "".join(f"<p>Paragraph {n}. {'word ' * 90}</p>" for n in range(30))
    + ('<menu><button says="YES">Yes</button></menu>')
)


def test_a_long_answer_is_several_messages_and_the_buttons_are_under_the_last() -> None:
    sent = shown(LONG)
    assert len(sent) == 4 and all(len(one.text) <= 4096 for one in sent)
    assert [one.text[-5:] for one in sent] == ["(1/4)", "(2/4)", "(3/4)", "(4/4)"]
    assert [bool(one.keyboard) for one in sent] == [False, False, False, True]
    whole = "\n\n".join(one.text[:-7] for one in sent)
    assert all(f"Paragraph {n}." in whole for n in range(30)) and whole.count("word") == 2700
    assert not any(one.text.startswith("word") for one in sent), "a paragraph was cut although it need not be"


def test_lengths_are_code_points_after_parsing() -> None:
    """4,096 of anything fit: signs that are five in HTML, and such that are two units in UTF-16."""
    for sign in ("&lt;", "🥐"):
        (sent,) = shown(f"<title>T</title><p>{sign * 4093}</p>")
        assert len(sent.text) == 4096
        assert len(shown(f"<title>T</title><p>{sign * 4094}</p>")) == 2


def test_more_than_a_hundred_entities_are_several_messages() -> None:
    sent = shown("<title>T</title><ul>" + "".join(f"<li><b>{n}</b></li>" for n in range(250)) + "</ul>")
    assert len(sent) >= 3 and sum(len(one.texts("b")) for one in sent) == 251


PDF = Attachment("invoice-1042.pdf", "application/pdf", b"%PDF-1.7")
PNG = Attachment("page.png", "image/png", b"\x89PNG")


def test_a_short_text_is_the_caption_of_its_file_and_keeps_its_buttons() -> None:
    (sent,) = shown(
        '<title>Invoice</title><p>Here.</p><menu><button says="PAY">Pay</button></menu>', attachments=(PDF,)
    )
    assert (sent.method, sent.filename, sent.content) == ("sendDocument", "invoice-1042.pdf", b"%PDF-1.7")
    assert sent.text == "Invoice\n\nHere." and sent.buttons == {"Pay": f"{MARKER}|PAY"}


def test_a_text_too_long_for_a_caption_comes_before_its_files() -> None:
    sent = shown(f"<title>T</title><p>{'word ' * 300}</p>", attachments=(PDF, PNG))
    assert [one.method for one in sent] == ["sendMessage", "sendDocument", "sendPhoto"]
    assert len(shown(f"<title>T</title><p>{'x' * 1021}</p>", attachments=(PDF,))) == 1
    assert len(shown(f"<title>T</title><p>{'x' * 1022}</p>", attachments=(PDF,))) == 2


def test_a_file_that_telegram_does_not_take_is_told() -> None:
    big = Attachment("backup.zip", "application/zip", bytes(50_000_001))
    (sent,) = shown("<title>T</title><p>Here.</p>", attachments=(big,))
    assert sent.method == "sendMessage" and "backup.zip is too large for Telegram" in sent.text


RUNS = st.builds(
    Run,
    text=st.text(min_size=1, max_size=60),
    style=st.sampled_from([Style.PLAIN, Style.BOLD, Style.CODE, Style.SPOILER, Style.LINK]),
    target=st.just("https://desk.example/?a&b"),
    quoted=st.booleans(),
)


@given(st.lists(st.lists(RUNS, min_size=1, max_size=6).map(tuple), min_size=1, max_size=6), st.integers(30, 200))
def test_splitting_loses_no_letter_and_each_part_is_readable(blocks: list[tuple[Run, ...]], limit: int) -> None:
    parts = split(blocks, limit)
    for part in parts:
        assert fits(part, limit)
        assert parse(html(part)).text == "".join(run.text for run in part).strip()
    if len(parts) == 1:
        kept = "".join(run.text for run in parts[0])
    else:
        kept = "".join(run.text for part in parts for run in part[:-1])
    wanted = "".join(run.text for block in blocks for run in block)
    assert "".join(kept.split()) == "".join(wanted.split())


@given(st.text())
def test_harmless_words_mention_nobody(text: str) -> None:
    parsed = parse(html((Run(harmless(text)),))).text
    assert "\x00" not in parsed and not any(word.startswith("@") and word[1:2].isalnum() for word in parsed.split())


def test_no_minute_has_more_than_twenty_messages_to_a_group_and_no_second_more_than_thirty_in_all() -> None:
    pacing, now, at = Pacing(), 0.0, []
    while now < 300:
        now += pacing.wait(-5, now)
        pacing.take(-5, now)
        at.append(now)
    assert max(sum(start <= other < start + 60 for other in at) for start in at) <= 20
    pacing, now, at = Pacing(), 1000.0, []
    for chat in range(1, 200):
        now += pacing.wait(chat, now)
        pacing.take(chat, now)
        at.append(now)
    assert max(sum(start <= other < start + 1 for other in at) for start in at) <= 30
