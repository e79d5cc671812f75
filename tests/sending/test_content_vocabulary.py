"""The small HTML of reply templates: what it means, and that everything else is refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from core.content import (
    Actions,
    Bold,
    Button,
    Code,
    Content,
    ContentError,
    Fact,
    Facts,
    Heading,
    Items,
    LineBreak,
    Link,
    Paragraph,
    Pre,
    Quote,
    Secret,
    Table,
    Text,
    amount_columns,
    parse,
    plain,
)


def blocks(markup: str) -> tuple[object, ...]:
    return parse(f"<title>t</title>{markup}").blocks


def test_every_tag_becomes_its_block() -> None:
    content = parse("""
        <title>Your domain</title>
        <p>Hello <b>Alice</b>, write <code>help</code>,<br>
           or read <a href="https://desk.example/?a=1&amp;b=2">this</a>.</p>
        <h2>Facts</h2>
        <dl><dt>Code</dt><dd><mark>Xq7</mark></dd></dl>
        <table><tr><th>No</th><th>Open</th></tr><tr><td>7</td><td>12.00</td></tr></table>
        <ul><li>one</li><li>two</li></ul>
        <blockquote>
Hi,
  there
</blockquote>
        <pre>
a  b
 c</pre>
        <menu><button says="pay invoice 7">Pay</button></menu>
    """)
    assert content == Content(
        "Your domain",
        (
            Paragraph(
                (
                    Text("Hello "),
                    Bold("Alice"),
                    Text(", write "),
                    Code("help"),
                    Text(","),
                    LineBreak(),
                    Text("or read "),
                    Link("this", "https://desk.example/?a=1&b=2"),
                    Text("."),
                )
            ),
            Heading("Facts"),
            Facts((Fact("Code", (Secret("Xq7"),)),)),
            Table(("No", "Open"), (((Text("7"),), (Text("12.00"),)),)),
            Items(((Text("one"),), (Text("two"),))),
            Quote((Text("Hi,"), LineBreak(), Text("  there"))),
            Pre("a  b\n c"),
            Actions((Button("Pay", "pay invoice 7"),)),
        ),
    )


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<div>x</div>", "<div> is not known"),
        ("<script>x</script>", "<script> is not known"),
        ("<p>a<img src=x></p>", "<img> is not known"),
        ("<p class=x>a</p>", "attribute class"),
        ("<p onclick=x>a</p>", "attribute onclick"),
        ("<p><a href='https://x.example/' target=_blank>a</a></p>", "attribute target"),
        ("<p>a", "<p> is not closed"),
        ("<p>a</b></p>", "</b> closes nothing"),
        ("<p><b>a</p>", "</p> closes nothing; open is <b>"),
        ("<p><b><code>a</code></b></p>", "<code> can't stand in <b>"),
        ("<p><ul><li>a</li></ul></p>", "<ul> can't stand in <p>"),
        ("<li>a</li>", "<li> can't stand by itself"),
        ("<b>a</b>", "<b> can't stand by itself"),
        ("stray", "text outside of a block: 'stray'"),
        ("<ul>stray</ul>", "text in <ul>"),
        ("<p", "outside of a block"),
        ("<!-- x -->", "comment"),
        ("<!DOCTYPE html>", "DOCTYPE"),
        ("<?php x ?>", "php"),
        ("<![CDATA[x]]>", "CDATA"),
        ("<p/>", "closes itself"),
        ("<title>again</title>", "<title> stands twice"),
        ("<dl><dt>a</dt></dl>", "<dt> and <dd> in turn"),
        ("<dl><dd>a</dd><dt>b</dt></dl>", "<dt> and <dd> in turn"),
        ("<table><tr><td>a</td></tr><tr><td>a</td><td>b</td></tr></table>", "different width"),
        ("<table><tr><td>a</td></tr><tr><th>a</th></tr></table>", "<tr> wants <td>"),
        ("<menu><button>Pay</button></menu>", "<button> wants one says"),
        ("<menu><button says='pay'></button></menu>", "<button> is empty"),
        ("<p><a>x</a></p>", "<a> wants one href"),
    ],
)
def test_what_is_not_of_the_vocabulary_is_an_error_that_names_it(markup: str, complaint: str) -> None:
    with pytest.raises(ContentError) as raised:
        blocks(markup)
    assert complaint in str(raised.value)


def test_an_error_tells_the_line() -> None:
    with pytest.raises(ContentError, match="^line 3: <div>"):
        parse("<title>t</title>\n<p>a</p>\n<div>")


@pytest.mark.parametrize("markup", ["", "<p>a</p>", "<p>a</p><title>t</title>"])
def test_the_title_comes_first(markup: str) -> None:
    with pytest.raises(ContentError, match="<title>"):
        parse(markup)


@pytest.mark.parametrize("target", ["http://x.example", "https://x.example:8443/a?b#c", "mailto:bob@bakery.example"])
def test_links_to_the_web_and_to_mail_are_taken(target: str) -> None:
    assert blocks(f'<p><a href="{target}">x</a></p>') == (Paragraph((Link("x", target),)),)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "/relative",
        "https:///no-host",
        "https:evil.example",
        "http://[broken",
        "https://x.example:99999/",
        "https://x.example/a b",
        "https://x.example\\@evil.example",
        "mailto:",
        "ftp://x.example",
    ],
)
def test_other_links_are_refused(target: str) -> None:
    with pytest.raises(ContentError, match="href"):
        blocks(f'<p><a href="{target}">x</a></p>')


def test_a_mark_anywhere_makes_the_content_secret() -> None:
    for markup in (
        "<p>a <mark>x</mark></p>",
        "<dl><dt>a</dt><dd><mark>x</mark></dd></dl>",
        "<table><tr><td>a</td><td><mark>x</mark></td></tr></table>",
        "<ul><li><mark>x</mark></li></ul>",
        "<blockquote><mark>x</mark></blockquote>",
    ):
        assert parse(f"<title>t</title>{markup}").secret
    assert not parse("<title>t</title><p>a <b>x</b></p>").secret


def test_blocks_that_came_out_empty_are_left_out() -> None:
    empty = "<p> </p><h2></h2><dl></dl><ul><li></li></ul><table></table><blockquote> </blockquote><pre>\n</pre>"
    empty += "<menu></menu>"
    assert blocks(empty + "<table><tr><th>only a head</th></tr></table><p><b></b></p><p><br></p>") == ()


def test_hard_spaces_stay_and_soft_ones_collapse() -> None:
    assert blocks("<p> a \n  <b> b </b>\t12,00\u00a0€ </p>") == (
        Paragraph((Text("a "), Bold("b"), Text(" 12,00\u00a0€"))),
    )


def test_columns_of_amounts_are_recognised() -> None:
    rows = [
        ("EH-1", "EUR 12.00", "€\u00a01.234,50", "1 Mar 2026", "-3.5 %", "ABC-12", "US$5"),
        ("EH-2", "USD 1,200.00", "12,00\u00a0€", "2 Apr 2026", "10 %", "ABC-13", "-$7.10"),
    ]
    table = Table((), tuple(tuple((Text(cell),) for cell in row) for row in rows))
    assert amount_columns(table) == (False, True, True, False, True, False, True)


@settings(deadline=None)  # a busy machine is no error
@given(st.text())
def test_what_a_stranger_wrote_stays_text(written: str) -> None:
    """Whatever a value holds, once escaped it makes no block, no button and no link."""
    content = parse(
        f"<title>{escape(written)}</title><p>x{escape(written)}x</p><blockquote>.{escape(written)}.</blockquote>"
    )
    paragraph, quote = content.blocks
    assert isinstance(paragraph, Paragraph) and isinstance(quote, Quote)
    assert {type(span) for span in paragraph.spans} == {Text}
    assert {type(span) for span in quote.spans} <= {Text, LineBreak}
    printable = "".join(sign for sign in written if sign.isalnum())
    assert "".join(sign for sign in plain(paragraph.spans) if sign.isalnum()) == f"x{printable}x"


def test_controls_and_signs_that_reorder_text_are_dropped() -> None:
    assert blocks("<p>a\x00\x1b\u202eb\ud800\x85c</p>") == (Paragraph((Text("abc"),)),)
