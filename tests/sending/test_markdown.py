"""An operator's Markdown, in the HTML of a mail and in its text."""

from __future__ import annotations

import pytest

from bot import markdown
from bot.channels.mailhtml import html
from bot.channels.plain import WIDTH, text
from core.content import Content, Table, parse, plain


def read(words: str) -> Content:
    return parse(f"<title>t</title>{markdown.blocks(words)}")


STEPS = """\
1. Open the panel, which lists all the mailboxes that you have in it at the moment.
2. Enter:
   - **server**: `mail.bakery.example`
   - port
     1. 993 with TLS
     2. 143 without
   - password
3. Run:

   ```
   openssl s_client
       -quiet
   ```

4. Done.

   It takes a minute.
"""

STEPS_AS_TEXT = """\
1. Open the panel, which lists all the mailboxes that you have in it at
   the moment.
2. Enter:
   - server: mail.bakery.example
   - port
     1. 993 with TLS
     2. 143 without
   - password
3. Run:

    openssl s_client
        -quiet

4. Done.

   It takes a minute.
"""


def test_numbered_and_nested_lists_keep_their_numbers_and_depth_as_text() -> None:
    assert text(read(STEPS)) == STEPS_AS_TEXT


def test_numbered_and_nested_lists_are_lists_within_items_as_html() -> None:
    document = html(read(STEPS), desk_name="d")
    tags = [part.split(">")[0].split(" style")[0].split(" dir")[0] for part in document.split("<")]
    kept = [tag for tag in tags if tag.split(" ")[0] in ("ol", "ul", "li", "/ol", "/ul", "/li", "pre")]
    inner = ["ol", "li", "/li", "li", "/li", "/ol"]
    below = ["ul", "li", "/li", "li", *inner, "/li", "li", "/li", "/ul"]
    assert kept == [
        "ol",
        "li",
        "/li",
        "li",
        *below,
        "/li",
        "li",
        "/li",
        "/ol",
        'pre class="pre"',
        'ol start="4"',
        "li",
        "/li",
        "/ol",
    ]
    assert "\u00a0" not in document


def test_a_list_is_one_list() -> None:
    assert (
        text(read("Enter:\n\n- one\n- two\n\n7. seven\n8. eight")) == "Enter:\n\n* one\n* two\n\n7. seven\n8. eight\n"
    )


TABLE = """\
| Protocol | Server | Port | Remark |
|----------|:------:|-----:|--------|
| **IMAP** | `mail.bakery.example` | 993 | [All devices](https://desk.example/kb/5) see the same, as it stays with us |
| POP3 | `mail.bakery.example` | 995 | |
"""

TABLE_AS_TEXT = """\
Protocol  Server               Port  Remark
--------  -------------------  ----  -------------------------------
IMAP      mail.bakery.example   993  All devices see the same, as it
                                     stays with us
POP3      mail.bakery.example   995

IMAP, All devices: https://desk.example/kb/5
"""


def test_a_table_is_a_table_with_aligned_columns() -> None:
    content = read(TABLE)
    assert text(content) == TABLE_AS_TEXT
    (table,) = content.blocks
    assert isinstance(table, Table)
    assert table.header == ("Protocol", "Server", "Port", "Remark")
    assert [plain(row[0]) for row in table.rows] == ["IMAP", "POP3"]
    assert '<th class="label head" align="right" scope="col"' in html(content, desk_name="d")


def test_a_table_of_nothing_but_its_header_is_not_lost() -> None:
    assert text(read("| A | B |\n|---|---|")) == "A  B\n"


@pytest.mark.parametrize(
    ("written", "markup"),
    [
        ("**three `quick` steps**", "<p><b>three</b> <code>quick</code> <b>steps</b></p>"),
        ("*a* **[b](https://x.test)** _c_", '<p><b>a</b> <a href="https://x.test">b</a> <b>c</b></p>'),
        ("[a **b** `c`](mailto:a@x.test)", '<p><a href="mailto:a@x.test">a b c</a></p>'),
        ("![A *picture*](https://x.test/a.png)", '<p><a href="https://x.test/a.png">A picture</a></p>'),
        ("![A picture](a.png)", "<p>A picture</p>"),
        ("[x](ftp://x.test) <i>y</i>", "<p>x &lt;i&gt;y&lt;/i&gt;</p>"),
        ("one\ntwo  \nthree", "<p>one two<br>three</p>"),
        ("> one\n> two\n>\n> three", "<blockquote>one two<br><br>three</blockquote>"),
        ("> - one", "<ul><li>one</li></ul>"),
        ("Title `x`\n===", "<h2>Title x</h2>"),
        ("    code <b>\n      deeper", "<pre>code &lt;b&gt;\n  deeper\n</pre>"),
    ],
)
def test_words_keep_what_the_small_html_knows(written: str, markup: str) -> None:
    assert markdown.blocks(written) == markup


def test_every_line_fits() -> None:
    lines = text(read(f"{STEPS}\n\n{TABLE}\n\n{'word ' * 60}\n\n> {'word ' * 60}")).splitlines()
    assert max(map(len, lines)) <= WIDTH
