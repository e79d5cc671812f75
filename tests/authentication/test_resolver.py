"""DNS for the proof of sender: fixed zone files, the system's servers, and the bounds of one message."""

from __future__ import annotations

import json
from pathlib import Path

import dns.exception
import dns.message
import dns.rdata
import dns.resolver
import pytest

from bot.channels.resolver import OneMessage, ResolverTrouble, SystemResolver, ZoneFile, resolver
from bot.settings import SettingsError


def test_a_zone_file_answers_what_it_holds_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "zone.json").write_text(
        json.dumps(
            {
                "Bakery.test.": {"TXT": ["v=spf1 -all", "other"], "MX": ["10 mx.bakery.test"], "A": ["192.0.2.1"]},
                "alias.test": {"CNAME": ["bakery.test"]},
                "loop.test": {"CNAME": ["loop.test"]},
            }
        )
    )
    records = resolver({"zone": "zone.json"}, tmp_path)
    assert records.lookup("bakery.TEST.", "TXT") == ("v=spf1 -all", "other")
    assert records.lookup("bakery.test", "MX") == ("10 mx.bakery.test",)
    assert records.lookup("alias.test", "A") == ("192.0.2.1",)
    assert records.lookup("bakery.test", "AAAA") == ()
    assert records.lookup("nowhere.test", "A") == ()
    assert records.lookup("loop.test", "A") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not valid JSON"),
        ("[]", "wants an object of names"),
        ('{"bakery.test": []}', "bakery.test: wants an object of record types"),
        ('{"a..test": {}}', "a..test: is not a domain name"),
        ('{"bakery.test": {"TEXT": ["x"]}}', r"bakery.test.TEXT: unknown record type; there are TXT, MX"),
        ('{"bakery.test": {"TXT": "x"}}', "bakery.test.TXT: wants a list of texts"),
        ('{"bakery.test": {"TXT": []}}', "bakery.test.TXT: wants a list of texts"),
        ('{"bakery.test": {"TXT": ["x", 1]}}', r"bakery.test.TXT\[1\]: wants text, not 1"),
        (
            '{"bakery.test": {"MX": ["mx.bakery.test"]}}',
            r"bakery.test.MX\[0\]: 'mx.bakery.test' is not a record of type MX",
        ),
        ('{"bakery.test": {"A": ["192.0.2.300"]}}', r"bakery.test.A\[0\]: .* is not a record of type A"),
        ('{"bakery.test": {"AAAA": ["192.0.2.1"]}}', r"bakery.test.AAAA\[0\]"),
    ],
)
def test_a_wrong_zone_file_names_the_entry(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "zone.json").write_text(text)
    with pytest.raises(SettingsError, match=message) as caught:
        resolver({"zone": "zone.json"}, tmp_path)
    assert str(caught.value).startswith("email.authentication.dns: ")


def test_a_missing_zone_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="zone.json: cannot be read: No such file"):
        resolver({"zone": "zone.json"}, tmp_path)


def test_anything_else_than_system_or_a_zone_is_refused(tmp_path: Path) -> None:
    assert isinstance(resolver("system", tmp_path), SystemResolver)
    for wrong in ("google", {"file": "x"}, {"zone": "x", "more": "y"}):
        with pytest.raises(SettingsError, match='wants "system" or'):
            resolver(wrong, tmp_path)


@pytest.mark.parametrize(
    "error",
    [
        dns.resolver.NXDOMAIN(),
        dns.resolver.NoAnswer(response=dns.message.make_query("nowhere.test", "TXT")),
        dns.resolver.YXDOMAIN(),
    ],
)
def test_a_name_that_does_not_exist_has_no_records(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    assert _answering(monkeypatch, error).lookup("nowhere.test", "TXT") == ()


@pytest.mark.parametrize(
    "error", [dns.exception.Timeout(), dns.resolver.NoNameservers(), OSError(), dns.exception.FormError()]
)
def test_no_answer_is_trouble(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    with pytest.raises(ResolverTrouble):
        _answering(monkeypatch, error).lookup("bakery.test", "TXT")


def test_the_systems_answers_become_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    records = {
        "TXT": ('"v=DKIM1; " "p=AA"', "v=DKIM1; p=AA"),
        "MX": ("10 mx.bakery.test.", "10 mx.bakery.test"),
        "A": ("192.0.2.1", "192.0.2.1"),
        "PTR": ("mx.bakery.test.", "mx.bakery.test"),
    }
    for kind, (text, wanted) in records.items():
        answer = [dns.rdata.from_text("IN", kind, text)]
        assert _answering(monkeypatch, answer).lookup("bakery.test", kind) == (wanted,)


@pytest.mark.parametrize("name", ["a..test", "x" * 64 + ".test", "x." * 200 + "test", "\ud800.test"])
def test_an_impossible_name_has_no_records(name: str) -> None:
    assert SystemResolver().lookup(name, "TXT") == ()


def _answering(monkeypatch: pytest.MonkeyPatch, answer: object) -> SystemResolver:
    def resolve(self: object, *names: object, **options: object) -> object:
        assert options["lifetime"] == 3.0
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(dns.resolver.Resolver, "resolve", resolve)
    monkeypatch.setattr(dns.resolver.Resolver, "__init__", lambda self: None)
    return SystemResolver()


def test_one_message_gets_ten_seconds_and_a_hundred_questions() -> None:
    now = 0.0
    asked: list[str] = []

    class Slow:
        def lookup(self, name: str, record_type: str) -> tuple[str, ...]:
            nonlocal now
            now += 3.0
            asked.append(name)
            return ()

    slow = OneMessage(Slow(), clock=lambda: now)
    for number in range(10):
        try:
            slow.lookup(f"n{number}.test", "TXT")
        except ResolverTrouble:
            assert number == 3
            break
    assert now <= 10.0

    asked.clear()
    many = OneMessage(Slow(), clock=lambda: 0.0)
    for number in range(100):
        many.lookup(f"n{number}.test", "TXT")
    with pytest.raises(ResolverTrouble):
        many.lookup("one-more.test", "TXT")
    assert len(asked) == 100


def test_one_message_asks_no_question_twice() -> None:
    asked: list[str] = []

    class Counting:
        def lookup(self, name: str, record_type: str) -> tuple[str, ...]:
            asked.append(name)
            if name == "silent.test":
                raise ResolverTrouble(name)
            return ("x",)

    once = OneMessage(Counting())
    for name in ("bakery.test", "BAKERY.test.", "bakery.test"):
        assert once.lookup(name, "TXT") == ("x",)
    for _ in range(2):
        with pytest.raises(ResolverTrouble):
            once.lookup("silent.test", "TXT")
    assert asked == ["bakery.test", "silent.test"]
    assert ZoneFile({}).lookup("bakery.test", "TXT") == ()
