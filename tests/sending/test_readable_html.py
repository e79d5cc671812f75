"""The HTML of mails for eyes and for screen readers: contrast in light and dark, headers of tables, language."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from bot.channels.mailhtml import html
from core.content import parse

MAIL = parse("""<title>Your open invoices</title>
<p>Hello <b>Alice</b>, see <a href="https://desk.example/help">how it works</a>: <code>x</code> <mark>Xq7-9</mark></p>
<table><tr><th>Invoice</th><th>Open</th></tr><tr><td>EH-1</td><td>€89.00</td></tr></table>
<table><tr><td>a</td><td>b</td></tr></table>
<menu><button says="pay EH-1">Pay EH-1</button><button says="talk to billing">Talk to Billing</button></menu>
<h2>Your domain</h2>
<dl><dt>Domain</dt><dd>bakery.example</dd></dl>
<ul><li>one</li></ul>
<blockquote>Hi</blockquote>
<pre>$ dig</pre>""")
PAGE = html(
    MAIL, desk_name="Example Hosting", footer=("Baker Street 1",), reply_to="help@desk.example", language="de_AT"
)
ENOUGH = 4.5
"""WCAG 2.2, 1.4.3: the contrast of text that is not large."""


def luminance(color: str) -> float:
    """WCAG 2.2's relative luminance of #rrggbb."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def dark_rules() -> dict[str, dict[str, str]]:
    """Class → what the dark sheet sets for it."""
    sheet = PAGE.partition("prefers-color-scheme:dark){")[2].partition("</style>")[0]
    rules: dict[str, dict[str, str]] = {}
    for names, body in re.findall(r"([^{}]+)\{([^}]*)\}", sheet):
        said = dict(part.replace("!important", "").split(":") for part in body.split(";"))
        for name in names.split(","):
            rules.setdefault(name.lstrip("."), {}).update(said)
    return rules


class Painted(HTMLParser):
    """Every text with the colours that it stands in: (text, ink, ground)."""

    def __init__(self, rules: dict[str, dict[str, str]]) -> None:
        super().__init__()
        self.rules = rules
        self.stack: list[tuple[str, str, str]] = [("", "#000000", "#ffffff")]
        self.texts: list[tuple[str, str, str]] = []
        self.feed("<body" + PAGE.partition("<body")[2].partition("</html>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        style = dict(part.split(":", 1) for part in said.get("style", "").split(";") if ":" in part)
        for name in said.get("class", "").split():
            style |= self.rules.get(name, {})
        _, ink, ground = self.stack[-1]
        if tag not in ("br", "wbr"):
            self.stack.append((tag, style.get("color", ink), style.get("background-color", ground)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip("\u200b \n"):
            self.texts.append((data.strip(), *self.stack[-1][1:]))


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_stands_out_from_its_ground(dark: bool) -> None:
    texts = Painted(dark_rules() if dark else {}).texts
    assert {"Xq7-9", "Pay EH-1", "Baker Street 1", "$ dig", "Domain"} <= {text for text, _, _ in texts}
    weak = {(text, ink, ground) for text, ink, ground in texts if contrast(ink, ground) < ENOUGH}
    assert not weak


def test_in_the_dark_no_text_keeps_a_light_ground() -> None:
    assert all(luminance(ground) < 0.25 for _, _, ground in Painted(dark_rules()).texts)


def test_it_says_its_language_in_the_form_of_the_web() -> None:
    assert '<html lang="de-AT">' in PAGE


def test_tables_of_facts_have_headers_and_those_of_the_layout_have_no_role() -> None:
    assert re.search(r'<th [^>]*scope="col"[^>]*>Invoice</th>', PAGE)
    assert re.search(r'<th [^>]*scope="row"[^>]*>EH-1</th>', PAGE)
    assert re.search(r'<th [^>]*scope="row"[^>]*>Domain</th>', PAGE)
    assert re.search(r"<td [^>]*>a</td>", PAGE)
    tables = re.findall(r"<table [^>]*>", re.sub(r"<!--.*?-->", "", PAGE))
    assert [("presentation" in table) for table in tables] == [True, True, False, False, True, False]


def test_one_button_is_spoken_of_as_one() -> None:
    one = parse('<title>t</title><menu><button says="UNDO">Undo</button></menu>')
    assert "The button writes" in html(one, desk_name="d", reply_to="a@desk.example")
    assert "The buttons write" in PAGE


def test_small_screens_and_dark_colours_stand_in_sheets_of_their_own() -> None:
    """Gmail drops a sheet whole for one rule that it does not know, and reads 8192 characters of it."""
    sheets = re.findall(r"<style>(.*?)</style>", re.sub(r"<!--.*?-->", "", PAGE), re.DOTALL)
    assert ["prefers-color-scheme" in sheet for sheet in sheets] == [False, True]
    assert ["max-width" in sheet for sheet in sheets] == [True, False]
    assert all(len(sheet) < 8192 for sheet in sheets)
