"""Rows 54 to 75: oversized, odd and hostile input, as far as doors and reader have not dealt with it already."""

from __future__ import annotations

import ast
import html
import io
import logging
import random
import re
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import select

from bot import logs
from bot.channels.authentication import SenderProof
from bot.channels.mail import MailTranslator
from bot.channels.resolver import ZoneFile
from core.models import TicketAttachment
from core.redaction import CARD_REMOVED, PASSWORD_REMOVED
from tests.authentication.signing import Troubled
from tests.desk import CAST, ELSEWHERE, HOME, TestDesk
from tests.secrets_told import TOLD
from tests.trust import thief
from tests.trust.thief import Watched

ROOT = Path(__file__).parents[2]
TROUBLE = "My site shows an error since this morning."

# ---------------------------------------- 63 files

NAMES = (
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/cron.d/x",
    "C:\\windows\\x.dll",
    ".htaccess",
    "x.php",
    "x.pht",
    "x.jsp",
    "a/b/c.txt",
    "x\x00.txt",
    "CON",
    "aux.txt",
    "a" * 400,
    ".",
    "..",
    "",
    " ",
    "\u202egpj.sj",
    "x.txt\r\nX-A: 1",
    "~root",
    "$(id).txt",
    "`id`",
    "a;b.txt",
    "a|b",
    "-rf",
    "nul\x7f",
    "=1+1.csv",
    "ﬁle.txt",
    "e\u0301.txt",
    "%2e%2e%2fx",
)


def test_a_hundred_file_names_name_no_place_on_any_disk(desk_on_sqlite: TestDesk, tmp_path: Path) -> None:
    """A file is a row under the hash of its content; its name is only something to show."""
    desk, draw = desk_on_sqlite, random.Random(63)
    names = [*NAMES, *(draw.choice(NAMES)[:9] + draw.choice(NAMES)[-9:] for _ in range(70))]
    assert not desk_on_sqlite.tickets()  # opens the database, and with it the files beside it
    files_before = sorted(path.name for path in tmp_path.rglob("*"))
    for batch in range(0, 100, 20):
        parts = b"".join(
            b"--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''"
            + "".join(f"%{byte:02x}" for byte in name.encode("utf-8", "replace")).encode()
            + b"\r\n\r\n"
            + f"file {batch + place}".encode()
            + b"\r\n"
            for place, name in enumerate(names[batch : batch + 20])
        )
        raw = (
            f"From: victor@hale.example\r\nTo: support@desk.example\r\nMessage-ID: <{batch}@hale.example>\r\n"
            'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee the files.\r\n'
        ).encode() + parts + b"--b--\r\n"  # fmt: skip
        mails = desk.receives(raw, ["support@desk.example"], mail_from="victor@hale.example")
        for sent in mails.to("sam").message.iter_attachments():
            name = sent.get_filename() or "unnamed"
            assert not re.search(r"[/\\\x00-\x1f\x7f\u202a-\u202e]", name) and name not in (".", "..")
            assert sent.get_content_disposition() == "attachment"
    with desk.app.sessions() as session:
        rows = session.scalars(select(TicketAttachment)).all()
    assert len(rows) >= 80 and all(re.fullmatch("[0-9a-f]{64}", row.sha256) for row in rows)
    assert sorted(path.name for path in tmp_path.rglob("*")) == files_before


# ---------------------------------------- 64, 65, 67 what a mail would have us run or fetch

MARKUP = """<html><body onload="alert(1)">
<style>@import url(http://evil.example/x.css); p{background:url(//evil.example/a)}</style>
<script src="http://evil.example/x.js">steal()</script><img src="http://evil.example/pixel.gif?id=1" onerror=x()>
<svg onload=alert(2)><math><mtext></mtext></math></svg><iframe src="//evil.example"></iframe><object data=x></object>
<form action="http://evil.example"><input name=password></form><a href="javascript:alert(3)">click</a>
<a href="data:text/html,<script>x</script>">data</a><base href="http://evil.example/">
<meta http-equiv=refresh content="0"><video poster=//evil.example/p></video>
<scr<script>ipt>alert(4)</scr</script>ipt><link rel=stylesheet href=//evil.example/y.css>
<p style="background:url(http://evil.example/b)">My site is broken {{ 7*7 }} {% include '/etc/passwd' %} %1000000s</p>
</body></html>"""


RUNS = re.compile(r"(?i)<(script|img|svg|math|iframe|object|form|input|base|link|video)")
REACHES = re.compile(r"(?i)\son\w+\s*=|javascript:|data:|url\(|evil\.example")


def html_mail() -> bytes:
    return (
        b"From: Nina <nina@stone.example>\r\nTo: support@desk.example\r\nSubject: {{ 7*7 }} <b>x</b> %n\r\n"
        b"Message-ID: <markup@stone.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    ) + MARKUP.replace("\n", "\r\n").encode()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to leave this process is refused and noted."""
    tried: list[object] = []

    def refuse(*arguments: Any, **_: Any) -> NoReturn:
        tried.append(arguments[1:] if isinstance(arguments[0], socket.socket) else arguments)
        raise OSError("the network is not for what a mail says")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    return tried


def test_markup_of_a_stranger_runs_nothing_and_loads_nothing_at_whoever_reads_it(desk_on_sqlite: TestDesk) -> None:
    mails = desk_on_sqlite.receives(html_mail(), ["support@desk.example"], mail_from="nina@stone.example")
    asked = desk_on_sqlite.says("sam", "#original", reply_to=mails.to("sam"))
    answer = desk_on_sqlite.says("sam", "{{ 8*8 }} {staff.__class__} %s", reply_to=mails.to("sam")).to("nina")
    for mail in (*mails, *asked, answer):
        page = re.sub(r"&lt;.*?&gt;", "", mail.html, flags=re.DOTALL)
        tags = re.findall(r"<[a-zA-Z!][^>]*>", page)
        assert not [tag for tag in tags if RUNS.match(tag) or REACHES.search(tag)]
        assert not re.search(r"\b(49|64)\b", mail.text)
    assert "{{ 8*8 }} {staff.__class__} %s" in answer
    assert "{{ 7*7 }}" in mails.to("sam").subject
    (original,) = asked.to("sam").message.iter_attachments()
    assert original.get_content_type() in ("message/rfc822", "application/octet-stream")
    assert original.get_content_disposition() == "attachment"


def test_no_address_in_a_mail_is_ever_fetched(desk_on_sqlite: TestDesk, no_network: list[object]) -> None:
    desk = desk_on_sqlite
    mails = desk.receives(html_mail(), ["support@desk.example"], mail_from="nina@stone.example")
    headers = {
        "List-Unsubscribe": "<https://evil.example/u>",
        "Disposition-Notification-To": "drop@evil.example",
        "Return-Receipt-To": "drop@evil.example",
        "Content-Location": "http://169.254.169.254/latest/",
    }
    desk.says("alice", "see http://169.254.169.254/ and file:///etc/passwd and https://evil.example/x", headers=headers)
    desk.says("sam", "Looked at http://evil.example", reply_to=mails.to("sam"))
    assert no_network == [] and len(desk.tickets()) == 2
    assert "drop@evil.example" not in {mail.to for mail in desk.letters()}


# ---------------------------------------- 69 SQL and shells

FILES = sorted(path for area in ("bot", "core") for path in (ROOT / area).rglob("*.py"))
FORBIDDEN = ("eval", "exec", "compile", "system", "popen", "spawnl", "spawnv", "getoutput")
DESERIALISES = ("pickle", "marshal", "shelve", "dill", "yaml")


def test_no_code_hands_text_to_a_shell_an_interpreter_or_a_database_as_a_statement() -> None:
    wrong = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
                wrong += [f"{place} {name}" for name in names if name.partition(".")[0] in DESERIALISES]
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            plain = owner is None or (isinstance(owner, ast.Name) and owner.id in ("os", "subprocess", "commands"))
            if name in FORBIDDEN and plain:
                wrong.append(f"{place} {name}()")
            if any(
                k.arg == "shell" and not (isinstance(k.value, ast.Constant) and not k.value.value)
                for k in node.keywords
            ):
                wrong.append(f"{place} shell=")
            built = node.args and isinstance(node.args[0], (ast.JoinedStr, ast.BinOp))
            drawn = name == "text" and isinstance(owner, ast.Name) and owner.id == "axes"  # Words on a chart.
            if (
                name in ("text", "exec_driver_sql", "execute", "literal_column")
                and built
                and not drawn
                and "database.py" not in place
                and "core/migrations" not in place  # Nobody's words are there when a schema is made.
            ):
                wrong.append(f"{place} {name}(text built at run time)")
    assert wrong == []


INJECTIONS = (
    "'; DROP TABLE ticket; --",
    "x' OR '1'='1",
    'show invoice INV-9002" OR 1=1',
    "show bakery'.example; DELETE FROM domain",
    "$(rm -rf /)",
    "`id`",
    "| cat /etc/passwd",
    "show invoice INV-%",
    "show _akery.example",
    "EPP code for %.example",
)


def test_quotes_and_semicolons_are_words_like_others(watched: Watched) -> None:
    desk, before = watched.desk, watched.possessions()
    for number, text in enumerate(INJECTIONS):
        for who in ("victor", "mallory"):
            mails = desk.says(who, text, subject=text)
            assert not mails.of_kind("secret") and not mails.all_to("alice")
            assert not [
                w for mail in mails.all_to(who) for w in thief.leaks(mail, (text,)) if w.startswith(("bakery", "demo"))
            ]
        desk.clock.advance(hours=2)
        assert len(desk.tickets()) == 2 * (number + 1)
    assert watched.possessions() == before


# ---------------------------------------- 70 secrets that clients send

CARDS = (
    "4242424242424242",
    "４２４２４２４２４２４２４２４２",
    "4242 4242 4242 4242",
    "5555-5555-5555-4444",
    "378282246310005",
    "6011111111111117",
)
SAID = (
    "My card is {0}, please charge it.",
    "{0}",
    "card:{0} cvc 123",
    "> {0}\n\nthis one",
    "Karte Nr. {0}.",
    "({0})",
    "old {0}\nnew {0}",
    "{0} 123 and 12 34 {0}",
    "no. {0}\n\n-- \nAlice Martin\n{0}",
    "charge\t{0}\ttoday",
    "Visa {0} 12/28",
)


def test_fifty_card_numbers_reach_neither_ticket_nor_letter_nor_log(
    debug_log: io.StringIO, desk_on_sqlite: TestDesk
) -> None:
    desk = desk_on_sqlite
    sayings = [(said, card) for said in SAID for card in CARDS]
    assert len(sayings) >= 50
    told = thief.sampled(sayings, 5)  # so taken each saying and each card comes
    for said, card in told:
        desk.says("alice", said.format(card), subject=f"card {card}")
        desk.clock.advance(hours=1)
    stored = thief.everything_stored(desk, but=("blob", "inbox"))
    outgoing = "".join(mail.message.as_string() + mail.text + mail.html for mail in desk.letters())
    for card in (*CARDS, *(re.sub(r"\D", "", card) for card in CARDS)):
        assert card not in stored and card not in outgoing and card not in debug_log.getvalue(), card
    assert stored.count(CARD_REMOVED) >= len(told)


def test_fifty_passwords_and_codes_reach_neither_ticket_nor_letter_nor_log(
    debug_log: io.StringIO, desk_on_sqlite: TestDesk
) -> None:
    """In the text, in the subject and in the HTML; from clients, strangers and staff."""
    desk, secrets = desk_on_sqlite, []
    for number, told in thief.sampled(list(enumerate(TOLD)), 5):
        before, _, rest = told.partition("«")
        secret, _, after = rest.partition("»")
        who = ("alice", "victor", "nina")[number % 3]
        secrets += [secret] if len(secret) > 6 else []
        written = before + secret + after
        mails = desk.says(who, f"{written}\n\nPlease look at my site.", subject=written.replace("\n", " "))
        for told_of in mails.all_to("sam")[: number % 2]:
            desk.says("sam", f"#note\n{written}", reply_to=told_of)
        page = f"<html><body><p>{html.escape(before)}<b>{html.escape(secret)}</b>{html.escape(after)}</p></body></html>"
        header = {"Content-Type": "text/html; charset=utf-8", "Content-Transfer-Encoding": "8bit"}
        raw = thief.written(desk, who, page, subject="Trouble", headers={"MIME-Version": "1.0", **header})
        desk.receives(raw, [thief.DESK], mail_from=CAST[who][1])
        desk.clock.advance(hours=1)
    stored = thief.everything_stored(desk, but=("blob", "inbox"))
    outgoing = "".join(mail.message.as_string() + mail.text + mail.html for mail in desk.letters())
    found = [secret for secret in secrets if secret in stored or secret in outgoing or secret in debug_log.getvalue()]
    assert found == [] and len(secrets) >= len(thief.sampled(range(35), 5))
    assert stored.count(PASSWORD_REMOVED) >= 100


def test_forty_planted_secrets_are_in_no_line_of_the_log_at_its_most_talkative(
    debug_log: io.StringIO, desk_on_sqlite: TestDesk
) -> None:
    """Texts, names, subjects, codes, tokens, addresses and transfer codes of an eventful afternoon."""
    watched = thief.watch(desk_on_sqlite)
    desk, marks = watched.desk, [f"planted{number:02d}secret" for number in range(40)]
    watched.registrar.instead["auth_code"] = lambda _domain: marks[39]
    for number, mark in enumerate(marks[:30]):
        desk.says(("alice", "nina", "victor")[number % 3], f"password: {mark}, please help", subject=mark)
        desk.clock.advance(minutes=30)
    for mark in marks[30:35]:
        desk.receives(
            f"From: {mark}@evil.example\r\nSubject: {mark}\r\n\r\n{mark}".encode(), [thief.DESK], peer=ELSEWHERE
        )
    for mark in marks[35:39]:
        desk.says("sam", f"#{mark}\n{mark}", reply_to=desk.letters().all_to("sam")[0], proved=False)
    desk.clock.advance(hours=3)
    desk.says("alice", "EPP code for bakery-shop.example")
    question = desk.says("alice", "Please unlock bakery.example").to("alice")
    desk.says("alice", thief.code_in(question), reply_to=question)
    desk.sends()
    logged = debug_log.getvalue()
    assert "message=" in logged, "the log is not empty"
    hidden = [*marks, thief.code_in(question), question.reply_to.partition("@")[0].partition("+")[2], CAST["alice"][1]]
    assert [secret for secret in hidden if secret in logged] == []


@pytest.fixture
def debug_log() -> Any:
    """The service's own log at its DEBUG level, in memory; in force before the desk is built."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in ("sqlalchemy", "mail.log", "imapclient", "alembic")}
    logs.set_up(logging.DEBUG)
    stream = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    # Other tests of the process may have left a logger of ours quiet, or take root's handlers away for a while.
    logging.disable(logging.NOTSET)
    ours = [logging.getLogger(name) for name in ("helpdesk", "helpdesk.walk", "helpdesk.loops")]
    for logger in ours:
        logger.disabled = False
        logger.setLevel(logging.DEBUG)
    ours[0].addHandler(handler)
    yield stream
    ours[0].removeHandler(handler)
    for logger in ours:
        logger.setLevel(logging.NOTSET)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


# ---------------------------------------- 71, 72 copies and ids


def test_a_message_id_of_hers_that_he_used_first_suppresses_nothing_of_hers(watched: Watched) -> None:
    desk = watched.desk
    stolen = {"Message-ID": "<coming-soon@bakery.example>"}
    thief.forged(desk, "alice", "This one is his.", headers=stolen)
    desk.says("mallory", "This one as well.", headers=stolen)
    desk.clock.advance(minutes=1)
    mails = desk.says("alice", TROUBLE, headers=stolen)
    assert TROUBLE in mails.to("sam") and not mails.all_to("mallory")
    assert desk.results().count("duplicate") == 0


# ---------------------------------------- 75 DNS lies and fails


def with_dns_trouble(desk: TestDesk, part: str) -> Troubled:
    """From now on, names with that part get no answer."""
    resolver = Troubled(part, ZoneFile.parse(thief.ZONE))
    around = desk.app.around
    translator = around.translators["email"]
    assert isinstance(translator, MailTranslator)
    proof = SenderProof(desk.app.settings.email.authentication, resolver, around.desk.owns)
    desk.app.around = replace(around, translators={"email": replace(translator, proof=proof)})
    return resolver


def test_while_dns_does_not_answer_nobody_is_believed_and_nobody_is_asked(watched: Watched) -> None:
    desk = watched.desk
    resolver = with_dns_trouble(desk, "bakery")
    assert len(desk.says("alice", "Which domains do I have?")) == 0 and watched.looks == []
    resolver.part = "no name has this"
    desk.clock.advance(minutes=2)
    before = len(desk.letters())
    desk.walks()
    assert "bakery-shop.example" in desk.letters().mails[before], "DNS came back within a minute: she is answered"


def test_where_dns_never_answers_a_forged_mail_ends_in_one_question_to_the_address_on_file(watched: Watched) -> None:
    desk = watched.desk
    with_dns_trouble(desk, "bakery")
    assert len(thief.forged(desk, "alice", "Which domains do I have?")) == 0
    for _ in range(4):
        desk.clock.advance(minutes=6)
        desk.walks()
    assert [(mail.to, mail.kind) for mail in desk.letters()] == [(CAST["alice"][1], "ask-back")]
    assert watched.looks == []


def test_a_record_of_his_own_zone_speaks_for_his_zone_only(watched: Watched) -> None:
    """evil.example says that everybody may send for it, redirects and includes: bakery.example has not said so."""
    for mail_from in ("alice@evil.example", "alice%bakery.example@evil.example", "bakery.example@evil.example", ""):
        raw = thief.written(watched.desk, text="Which domains do I have?")
        mails = watched.desk.receives(raw, [thief.DESK], mail_from=mail_from, peer=HOME)
        assert not [mail for mail in mails if "bakery-shop.example" in mail]
        watched.desk.clock.advance(hours=25)
    assert watched.looks == []
