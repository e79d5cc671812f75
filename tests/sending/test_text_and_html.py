"""Content as text and as the HTML of mails: what readers see, and that nothing of a stranger's becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from bot.channels.mailhtml import TRAILER, html
from bot.channels.plain import WIDTH, text
from core.content import Content, Paragraph, Text, parse

MAIL = parse("""<title>Your open invoices</title>
<p>Hello <b>Alice</b>,</p>
<p>there are two invoices open. Please pay the first one before 8 March, so that your websites stay online.</p>
<table><tr><th>Invoice</th><th>For</th><th>Open</th></tr>
<tr><td>EH-1</td><td>Hosting</td><td>€89.00</td></tr>
<tr><td>EH-2</td><td>bäckerei.example</td><td>€1,114.20</td></tr></table>
<menu><button says="pay invoice EH-1">Pay EH-1</button><button says="talk to billing">Talk to Billing</button></menu>
<h2>Your domain</h2>
<dl><dt>Domain</dt><dd>bakery.example</dd><dt>Name servers</dt><dd><code>ns1.desk.example</code><br>ns2</dd></dl>
<ul><li>read <a href="https://desk.example/help">how it works</a></li><li>write to
<a href="mailto:help@desk.example?subject=x">help@desk.example</a> or see
<a href="https://desk.example/">desk.example</a></li></ul>
<blockquote>Hi,

  thanks
Sam</blockquote>
<pre>$ dig
1  2</pre>
<p>Code: <mark>Xq7-9</mark></p>""")

AS_TEXT = """\
Hello Alice,

there are two invoices open. Please pay the first one before 8 March, so
that your websites stay online.

Invoice  For                    Open
-------  ----------------  ---------
EH-1     Hosting              €89.00
EH-2     bäckerei.example  €1,114.20

To choose, reply with one of these lines:
    pay invoice EH-1   (Pay EH-1)
    talk to billing

Your domain
-----------

Domain:        bakery.example
Name servers:  ns1.desk.example
               ns2

* read how it works <https://desk.example/help>
* write to help@desk.example or see https://desk.example/

> Hi,
>
>   thanks
> Sam

    $ dig
    1  2

Code: Xq7-9

Example Hosting
"""


def test_a_mail_as_text() -> None:
    assert text(MAIL, footer=("Example Hosting",)) == AS_TEXT


def test_lines_are_wrapped_but_words_never_cut() -> None:
    link = "https://desk.example/" + "a" * 100
    content = parse(
        f"<title>t</title><p>{'word ' * 40}<a href='{link}'>{link}</a></p><blockquote>{'x ' * 60}</blockquote>"
    )
    lines = text(content).splitlines()
    assert link in lines
    assert all(len(line) <= WIDTH for line in lines if line != link)
    assert {line[:2] for line in lines[-2:]} == {"> "}


def test_wide_signs_are_counted_as_wide() -> None:
    content = parse("<title>t</title><dl><dt>名前</dt><dd>a</dd><dt>ab</dt><dd>b</dd></dl>")
    assert text(content) == "名前:  a\nab:    b\n"


def test_a_table_too_wide_for_lines_is_written_row_by_row() -> None:
    content = parse(
        f"<title>t</title><table><tr><th>A</th><th>B</th></tr>"
        f"<tr><td>{'a' * 50}</td><td>{'b' * 50}</td></tr><tr><td>c</td><td></td></tr></table>"
    )
    assert text(content) == f"A: {'a' * 50}\nB: {'b' * 50}\n\nA: c\n"


NARROWED = """\
For                                                              Amount
---------------------------------------------------------------  ------
hosting hosting hosting hosting hosting hosting hosting hosting   €1.00
  hosting hosting hosting hosting
Tax                                                              €10.20
"""


def test_a_column_of_words_becomes_narrower_before_a_table_is_given_up() -> None:
    content = parse(
        f"<title>t</title><table><tr><th>For</th><th>Amount</th></tr>"
        f"<tr><td>{'hosting ' * 12}</td><td>€1.00</td></tr><tr><td>Tax</td><td>€10.20</td></tr></table>"
    )
    assert text(content) == NARROWED


def test_where_the_links_of_a_table_lead_stands_under_it() -> None:
    """An address within would push the columns apart."""
    content = parse(
        "<title>t</title><table><tr><th>Invoice</th><th>Owed</th><th></th></tr>"
        "<tr><td><a href='https://desk.example/1'>EH-1</a></td><td>€1.00</td><td>–</td></tr>"
        "<tr><td>EH-2</td><td>€2.00</td><td><a href='https://desk.example/2'>Pay</a></td></tr>"
        "<tr><td>EH-3</td><td>€3.00</td><td><a href='https://desk.example/3'>desk.example/3</a></td></tr></table>"
    )
    assert text(content).partition("\n\n")[2] == "EH-1: https://desk.example/1\nEH-2, Pay: https://desk.example/2\n"
    assert "EH-3     €3.00  desk.example/3" in text(content)


def test_fixed_words_are_translated() -> None:
    german = {"To choose, reply with one of these lines:": "Zur Auswahl antworten Sie mit einer dieser Zeilen:"}
    assert "Zur Auswahl" in text(MAIL, gettext=lambda message: german[message])
    assert "Zur Auswahl" in html(MAIL, desk_name="x", gettext=lambda message: german.get(message, message))


class Seen(HTMLParser):
    """The tags, links and words of an HTML document; complains of tags left open."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_html_says_what_the_content_says_and_fetches_nothing() -> None:
    seen = Seen(html(MAIL, desk_name="Example Hosting", footer=("Baker Street 1",), reply_to="help+t1@desk.example"))
    for words in ("Example Hosting", "Your open invoices", "€1,114.20", "ns1.desk.example", "Xq7-9", "Baker Street 1"):
        assert words in seen.words
    assert not {"img", "link", "script", "iframe", "form"} & set(seen.tags)
    assert seen.links == [
        "mailto:help+t1@desk.example?subject=Re%3A%20Your%20open%20invoices&body=pay%20invoice%20EH-1",
        "mailto:help+t1@desk.example?subject=Re%3A%20Your%20open%20invoices&body=talk%20to%20billing",
        "https://desk.example/help",
        "mailto:help@desk.example?subject=x",
        "https://desk.example/",
    ]


def test_without_an_address_to_answer_to_the_words_are_shown_instead_of_buttons() -> None:
    seen = Seen(html(MAIL, desk_name="Example Hosting"))
    assert "pay invoice EH-1" in seen.words and "talk to billing" in seen.words
    assert not any("body=" in link for link in seen.links)


def test_a_secret_that_is_an_address_can_be_pressed() -> None:
    content = parse("<title>t</title><p><mark>https://desk.example/once/abc</mark> <mark>Xq7-9</mark></p>")
    assert content.secret
    assert Seen(html(content, desk_name="x")).links == ["https://desk.example/once/abc"]


def test_the_document_has_one_place_for_what_the_composer_adds() -> None:
    assert html(MAIL, desk_name="Example Hosting").count(TRAILER) == 1


@pytest.mark.parametrize("evil", ["<script>x</script>", '"><img src=x>', TRAILER, "</td></table></body>", "{{ 7*7 }}"])
def test_what_a_stranger_wrote_becomes_no_markup(evil: str) -> None:
    shown = escape(evil)
    content = parse(
        f"<title>{shown}</title><p>{shown}<b>{shown}</b></p><h2>{shown}</h2><dl><dt>{shown}</dt><dd>{shown}</dd></dl>"
        f"<table><tr><th>{shown}</th></tr><tr><td>{shown}</td></tr></table><ul><li>{shown}</li></ul><pre>{shown}</pre>"
        f'<menu><button says="{shown}">{shown}</button></menu><blockquote>{shown}</blockquote>'
    )
    document = html(content, desk_name=evil, footer=(evil,), reply_to="help@desk.example")
    seen = Seen(document)
    assert not {"script", "img"} & set(seen.tags)
    assert seen.words.count(evil) >= 12
    assert document.count(TRAILER) == 1


@settings(deadline=None)  # a busy machine is no error
@given(st.text())
def test_any_text_can_be_written(written: str) -> None:
    """No text breaks a renderer, and neither loses a letter or digit of it."""
    content = Content(written, (Paragraph((Text(written),)),))
    kept = [sign for sign in written if sign.isalnum()]
    assert [sign for sign in text(content) if sign.isalnum()] == kept
    document = html(content, desk_name="d").partition("<p ")[2].partition(">")[2].partition("</p>")[0]
    assert [sign for sign in Seen(f"<p>{document}</p>").words if sign.isalnum()] == kept
