"""Mails as mail programs write them, byte for byte: how they split them into parts, encode, quote, forward and sign.

Each program is one function from a draft to the MIME entity it makes of it. They differ in what matters to whoever
reads commands out of a mail: lines in paragraphs, in `div`s or broken by `br`, empty lines that are elements, the
quote below in a blockquote or unmarked below a line, signatures that nothing marks, phones that write capitals and
blanks of their own accord.
"""

from __future__ import annotations

import base64
import html
import quopri
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, parseaddr, parsedate_to_datetime

from tests.desk import Read

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
_NOVEMBER = {"en": "November", "de": "November", "fr": "novembre"}
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_LOGO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A mail that is quoted or passed on. `sender` and `to` are a name and an address."""

    sender: tuple[str, str]
    to: tuple[str, str]
    sent: datetime
    subject: str
    text: str
    page: str
    """The inside of its HTML body."""
    id: str = ""

    @property
    def shown_sender(self) -> str:
        return f"{self.sender[0]} <{self.sender[1]}>"

    @property
    def shown_to(self) -> str:
        return f"{self.to[0]} <{self.to[1]}>"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody types, line by line, above the mail that they answer or forward, or in a new one."""

    lines: Sequence[str]
    sender: tuple[str, str]
    signature: Sequence[str] = ()
    answers: Earlier | None = None
    forwards: Earlier | None = None
    page_alone: bool = False
    """The HTML without the text beside it: some gateways drop what they think nobody reads."""

    @property
    def quoted(self) -> Earlier | None:
        return self.answers or self.forwards


@dataclass(frozen=True, slots=True)
class Program:
    """`write` makes the MIME entity: its headers and body. `answer` and `forward` stand before subjects."""

    name: str
    write: Callable[[Draft], bytes]
    answer: str = "Re: "
    forward: str = "Fwd: "
    headers: Mapping[str, str] = field(default_factory=dict)
    phone: bool = False
    """It begins lines with capitals of its own accord."""
    one_part: bool = False
    """It writes HTML or text, never both."""
    shows_signature: tuple[str, ...] = ()
    """In which part, text or page, nothing tells the signature from what was typed."""

    def mail(self, draft: Draft, *, to: tuple[str, str], subject: str, id: str, sent: datetime) -> bytes:
        """A whole mail. `subject` is a new mail's; an answer and a forward take theirs from what they quote."""
        if draft.answers is not None:
            subject = f"{self.answer}{draft.answers.subject}"
        elif draft.forwards is not None:
            subject = f"{self.forward}{draft.forwards.subject}"
        head = {
            "From": f"{draft.sender[0]} <{draft.sender[1]}>",
            "To": f"{to[0]} <{to[1]}>" if to[0] else to[1],
            "Subject": Header(subject, "utf-8", header_name="Subject").encode() if not subject.isascii() else subject,
            "Date": format_datetime(sent),
            "Message-ID": f"<{id}>",
            **self.headers,
        }
        if draft.answers is not None and draft.answers.id:
            head |= {"In-Reply-To": draft.answers.id, "References": draft.answers.id}
        lines = [f"{name}: {value}" for name, value in head.items()]
        return "\r\n".join([*lines, "MIME-Version: 1.0", ""]).encode() + self.write(draft)


def letter(mail: Read) -> Earlier:
    """A letter of the desk as it is quoted by whoever answers it."""
    return Earlier(
        sender=parseaddr(str(mail.message["From"])),
        to=parseaddr(str(mail.message["To"])),
        sent=parsedate_to_datetime(str(mail.message["Date"])),
        subject=mail.subject,
        text=mail.text.strip(),
        page=_inside(mail.html),
        id=mail.message_id,
    )


def plain_letter(sender: tuple[str, str], to: tuple[str, str], sent: datetime, subject: str, text: str) -> Earlier:
    """Somebody's mail that is passed on."""
    page = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.splitlines())
    return Earlier(sender, to, sent, subject, text, page)


def _unquoted(text: str) -> str:
    """Outlook makes the text from the HTML, and marks nothing."""
    return re.sub(r"(?m)^> ?", "", text)


def _inside(page: str) -> str:
    found = re.search(r"<body[^>]*>(.*)</body>", page, re.DOTALL)
    return found[1].strip() if found else page


def _encoded(text: str, charset: str, encoding: str) -> bytes:
    raw = text.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset, "xmlcharrefreplace")
    if encoding == "base64":
        return base64.encodebytes(raw).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return raw


def _part(kind: str, text: str, encoding: str, charset: str = "utf-8", parameters: str = "") -> bytes:
    head = f"Content-Type: {kind}; charset={charset}{parameters}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + _encoded(text, charset.strip('"'), encoding) + b"\r\n"


def _multipart(kind: str, boundary: str, *parts: bytes) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    mark = f"--{boundary}\r\n".encode()
    return head + b"".join(mark + part for part in parts) + f"--{boundary}--\r\n".encode()


def _alternative(draft: Draft, boundary: str, plain: bytes, page: bytes) -> bytes:
    return page if draft.page_alone else _multipart("alternative", boundary, plain, page)


def _marked(text: str, width: int = 0) -> str:
    """Every line with a mark before it; `width` breaks long ones anew, as programs do that make the text from HTML."""
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, width) if width else [line]) or [""]]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _typed(line: str, *, link: bool = True) -> str:
    """A line in HTML; an address becomes a link while it is typed."""
    escaped = html.escape(line, quote=False)
    return _ADDRESS.sub(lambda found: f'<a href="mailto:{found[0]}">{found[0]}</a>', escaped) if link else escaped


def _blocks(lines: Sequence[str], opening: str = "<div>", empty: str = "<br>", end: str = "</div>") -> str:
    return "".join(f"{opening}{_typed(line) if line else empty}{end}" for line in lines)


def _capital(line: str) -> str:
    """A phone begins every line with a capital, also behind a mark, and puts a blank behind the word it completed."""
    found = re.match(r"([#!/]?)([a-z])(.*)", line, re.DOTALL)
    line = f"{found[1]}{found[2].upper()}{found[3]}" if found else line
    return f"{line}\xa0" if re.fullmatch(r"#\w+", line) else line


def _day(moment: datetime, language: str) -> str:
    return _DAYS[language][moment.weekday()]


_OUTLOOK = {
    "de": ("Von", "Gesendet", "An", "Betreff", "{day}, {at:%d}. {month} {at:%Y %H:%M}"),
    "fr": ("De", "Envoyé", "À", "Objet", "{day} {at:%d} {month} {at:%Y %H:%M}"),
    "en": ("From", "Sent", "To", "Subject", "{day}, {month} {at:%d}, {at:%Y} {at:%I:%M %p}"),
}


def _outlook_fields(quoted: Earlier, language: str) -> list[tuple[str, str]]:
    sender, sent, to, subject, moment = _OUTLOOK[language]
    at = moment.format(day=_day(quoted.sent, language), month=_NOVEMBER[language], at=quoted.sent)
    return [(sender, quoted.shown_sender), (sent, at), (to, quoted.shown_to), (subject, quoted.subject)]


def outlook_for_windows(draft: Draft) -> bytes:
    """In German: paragraphs made by Word, a signature with a logo that nothing marks, a line above the quote."""
    blank = "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
    own = "".join(
        f'<p class=MsoNormal><span lang=DE style=\'mso-fareast-language:EN-US\'>{_typed(line)}<o:p></o:p></span></p>\n'
        if line else blank
        for line in draft.lines
    )  # fmt: skip
    cells = "<br>".join(html.escape(line) for line in draft.signature)
    signature = (
        f"{blank}<table class=MsoNormalTable border=0 cellspacing=0 cellpadding=0><tr><td width=60>"
        '<p class=MsoNormal><img width=48 height=48 alt="Example Hosting" '
        'src="cid:image001.png@01DC5E00.2C1B0F40"><o:p></o:p></p></td>'
        f"<td><p class=MsoNormal><span style='font-size:9.0pt'>{cells}<o:p></o:p></span></p></td></tr></table>"
        if draft.signature else ""
    )  # fmt: skip
    logo = ["[cid:image001.png@01DC5E00.2C1B0F40]"] if draft.signature else []
    plain = "\n".join([*(_outlook_plain(line) for line in draft.lines), "", *logo, *draft.signature])
    below = ""
    if (quoted := draft.quoted) is not None:
        fields = _outlook_fields(quoted, "de")
        shown = "<br>".join(f"<b>{name}:</b> {html.escape(value)}" for name, value in fields)
        below = (
            "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
            f"<p class=MsoNormal>{shown}<o:p></o:p></p></div></div>{blank}{quoted.page}"
        )
        plain += "\n\n" + "\n".join(f"{name}: {value}" for name, value in fields) + f"\n\n{_unquoted(quoted.text)}\n"
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--\n'
        "p.MsoNormal {margin:0cm;}\n--></style>"
        f"</head><body lang=DE link=\"#0563C1\" style='word-wrap:break-word'><div class=WordSection1>{own}{signature}"
        f"{blank}{below}</div></body></html>"
    )
    body = _alternative(
        draft, "----=_NextPart_001_0025_01DC5E01.1A2B3C40",
        _part("text/plain", plain, "quoted-printable", '"iso-8859-1"'),
        _part("text/html", page, "quoted-printable", '"iso-8859-1"'),
    )  # fmt: skip
    if not draft.signature:
        return body
    picture = (
        b'Content-Type: image/png; name="image001.png"\r\nContent-Description: image001.png\r\n'
        b'Content-Disposition: inline; filename="image001.png"; size=70\r\n'
        b"Content-ID: <image001.png@01DC5E00.2C1B0F40>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(_LOGO).replace(b"\n", b"\r\n")
    )
    return _multipart("related", "----=_NextPart_000_0024_01DC5E01.1A2B3C40", body, picture)


def _outlook_plain(line: str) -> str:
    return _ADDRESS.sub(lambda found: f"{found[0]}<mailto:{found[0]}>", line)


def outlook_in_plain_text(draft: Draft) -> bytes:
    """For a desk that writes plain text only: the old line of dashes, nothing marked below it."""
    below = ""
    if (quoted := draft.quoted) is not None:
        fields = "\n".join(f"{name}: {value}" for name, value in _outlook_fields(quoted, "en"))
        below = f"\n\n-----Original Message-----\n{fields}\n\n{quoted.text}\n"
    own = "\n".join([*draft.lines, "", *draft.signature])
    return _part("text/plain", f"{own}{below}", "quoted-printable", '"utf-8"')


def outlook_on_the_web(draft: Draft) -> bytes:
    """In French: a `div` for a line and for no line, its signature in a `div` of a known id."""
    style = (
        'class="elementToProof" style="font-family: Aptos, Calibri, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"'
    )
    own = _blocks(draft.lines, f"<div {style}>", "<br>")
    signed = f'<div id="Signature"><div {style}>{"<br>".join(draft.signature)}</div></div>' if draft.signature else ""
    plain, below = "\n".join([*draft.lines, "", *draft.signature]), ""
    if (quoted := draft.quoted) is not None:
        fields = _outlook_fields(quoted, "fr")
        shown = "<br>\n".join(f"<b>{name} :</b> {html.escape(value)}" for name, value in fields)
        below = (
            '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
            f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" color="#000000">{shown}</font>'
            f'<div>&nbsp;</div></div><div class="BodyFragment">{quoted.page}</div>'
        )
        rest = "\n".join(f"{name} : {value}" for name, value in fields)
        plain += f"\n\n________________________________\n{rest}\n\n{quoted.text}\n"
    body = f"{own}<div {style}><br></div>{signed}{below}"
    page = f'<html><head><meta charset="utf-8"></head><body dir="ltr">{body}</body></html>'
    return _alternative(
        draft, "_000_AM0PR01MB1234EURPRD01PROD_",
        _part("text/plain", plain, "base64", '"utf-8"'), _part("text/html", page, "base64", '"utf-8"'),
    )  # fmt: skip


def gmail_in_the_browser(draft: Draft) -> bytes:
    """The first line stands bare in the outer `div`, the text beside it is broken after 72 characters."""
    first, *others = draft.lines
    own = f"{_typed(first)}{_blocks(others)}"
    signed = (
        '<br clear="all"></div><div><br></div><span class="gmail_signature_prefix">-- </span><br>'
        f'<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">{"<br>".join(draft.signature)}</div>'
        if draft.signature else "</div>"
    )  # fmt: skip
    lines = [part for line in draft.lines for part in textwrap.wrap(line, 72) or [""]]
    plain = "\n".join([*lines, *(("", "-- ", *draft.signature) if draft.signature else ())])
    below = ""
    if (quoted := draft.quoted) is not None:
        below, rest = _gmail_quote(draft, quoted, "On {at:%a, %b %d, %Y} at {at:%H:%M}\u202fAM {who} wrote:")
        plain += rest
    page = f'<div dir="ltr">{own}{signed}{below}'
    return _alternative_of_gmail(draft, plain, page, "quoted-printable")


def gmail_on_android(draft: Draft) -> bytes:
    """In French, typed with the thumb: capitals, a hard blank behind a completed word, no signature."""
    lines = [_capital(line) for line in draft.lines]
    own = "".join(f'<div dir="auto">{_typed(line) if line else "<br>"}</div>' for line in lines)
    plain, below = "\n".join(lines), ""
    if (quoted := draft.quoted) is not None:
        below, rest = _gmail_quote(draft, quoted, "Le mer. {at:%d} nov. {at:%Y}, {at:%H:%M}, {who} a écrit :")
        plain += rest
    return _alternative_of_gmail(draft, plain, f"{own}{below}", "base64")


def _gmail_quote(draft: Draft, quoted: Earlier, introduction: str) -> tuple[str, str]:
    """The quote, or the mail that is passed on, in HTML and as text."""
    name, address = quoted.sender
    link = f'&lt;<a href="mailto:{address}">{address}</a>&gt;'
    box = '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
    if draft.forwards is not None:
        date = f"{quoted.sent:%a, %b %d, %Y} at {quoted.sent:%H:%M}"
        top = "---------- Forwarded message ---------"
        shown = (
            f'{top}<br>From: <strong class="gmail_sendername" dir="auto">{name}</strong> <span dir="auto">{link}</span>'
            f"<br>Date: {date}<br>Subject: {html.escape(quoted.subject)}<br>To: {html.escape(quoted.shown_to)}<br>"
            "</div><br><br>"
        )
        fields = f"From: {quoted.shown_sender}\nDate: {date}\nSubject: {quoted.subject}\nTo: {quoted.shown_to}"
        return f"{box}{shown}{quoted.page}</div>", f"\n\n{top}\n{fields}\n\n\n{quoted.text}\n"
    intro = introduction.format(at=quoted.sent, who=f"{name} {link}")
    block = '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid #ccc">'
    plain = textwrap.fill(introduction.format(at=quoted.sent, who=quoted.shown_sender), 78, break_long_words=False)
    return (
        f"{box}{intro}<br></div>{block}{quoted.page}</blockquote></div>",
        f"\n\n{plain}\n\n{_marked(quoted.text, 76)}\n",
    )


def _alternative_of_gmail(draft: Draft, plain: str, page: str, encoding: str) -> bytes:
    return _alternative(
        draft, "0000000000004c1f2b0644a1b2c3",
        _part("text/plain", plain, encoding, '"UTF-8"'), _part("text/html", page, encoding, '"UTF-8"'),
    )  # fmt: skip


def apple_mail(draft: Draft) -> bytes:
    """In German on a Mac: lines broken by `br`, the introduction inside of the quote."""
    first, *others = draft.lines
    own = f"{_typed(first)}{_blocks(others)}"
    signed = "\n".join(("", "-- ", *draft.signature)) if draft.signature else ""
    signature = f'<br><div><meta charset="UTF-8"><div>--&nbsp;</div><div>{"<br>".join(draft.signature)}</div></div>'
    plain, below = "\n".join(draft.lines) + signed, ""
    if (quoted := draft.quoted) is not None:
        below, rest = _apple_quote(draft, quoted, "Am {at:%d.%m.%Y} um {at:%H:%M} schrieb {who}:", "de")
        plain += rest
    page = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
        f"{own}{signature if draft.signature else ''}{below}</body></html>"
    )
    return _alternative(
        draft, "Apple-Mail=_5A7F1C0B-2B0D-4C55-9A43-0C1D2E3F4A5B",
        _part("text/plain", plain, "quoted-printable", "utf-8"), _part("text/html", page, "quoted-printable", "utf-8"),
    )  # fmt: skip


def iphone_mail(draft: Draft) -> bytes:
    """One body broken by `br`, "Sent from my iPhone", a byte order mark at the beginning of what is quoted."""
    lines = [_capital(line).replace("'", "’") for line in draft.lines]
    own = f'<div dir="ltr">{_blocks(lines)}</div>'
    sent_from = (
        '<div dir="ltr"><br></div><br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div>'
    )
    plain, below = "\n".join([*lines, "", "Sent from my iPhone"]), ""
    if (quoted := draft.quoted) is not None:
        below, rest = _apple_quote(draft, quoted, "On {at:%b %d, %Y}, at {at:%H:%M}\u202fAM, {who} wrote:", "en")
        plain += rest
    page = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        f'<body dir="auto">{own}{sent_from}{below}</body></html>'
    )
    return _alternative(
        draft, "Apple-Mail-0B1C2D3E-4F50-4A61-8B72-93A4B5C6D7E8",
        _part("text/plain", plain, "base64", "utf-8"), _part("text/html", page, "base64", "utf-8"),
    )  # fmt: skip


_APPLE = {
    "de": (
        "Anfang der weitergeleiteten Nachricht:",
        "Von",
        "Betreff",
        "Datum",
        "An",
        "{at:%d.} November {at:%Y um %H:%M}",
    ),
    "en": ("Begin forwarded message:", "From", "Subject", "Date", "To", "{at:%B %d, %Y at %H:%M} AM GMT"),
}


def _apple_quote(draft: Draft, quoted: Earlier, introduction: str, language: str) -> tuple[str, str]:
    if draft.forwards is not None:
        top, sender, subject, date, to, moment = _APPLE[language]
        fields = [
            (sender, quoted.shown_sender), (subject, quoted.subject),
            (date, moment.format(at=quoted.sent)), (to, quoted.shown_to),
        ]  # fmt: skip
        shown = "".join(
            '<div style="margin: 0px;"><span style="font-family: -webkit-system-font;">'
            f"<b>{name}: </b></span><span>{html.escape(value)}<br></span></div>" for name, value in fields
        )  # fmt: skip
        page = (
            f'<div><br><blockquote type="cite"><div>{top}</div><br class="Apple-interchange-newline">{shown}<br>'
            f"<div>{quoted.page}</div></blockquote></div><br>"
        )
        rest = "\n".join(f"{name}: {value}" for name, value in fields)
        return page, "\n\n" + _marked(f"{top}\n\n{rest}\n\n{quoted.text}") + "\n"
    intro = introduction.format(at=quoted.sent, who=quoted.shown_sender)
    if language == "en":
        page = f'<div dir="ltr"><br><blockquote type="cite">{html.escape(intro)}<br><br></blockquote></div>'
        page += f'<blockquote type="cite"><div dir="ltr">\ufeff{quoted.page}</div></blockquote>'
        return page, "\n\n" + _marked(f"{intro}\n\n\ufeff{quoted.text}") + "\n"
    page = (
        f'<div><br><blockquote type="cite"><div>{html.escape(intro)}</div><br class="Apple-interchange-newline">'
        f"<div>{quoted.page}</div></blockquote></div><br>"
    )
    return page, "\n\n" + _marked(f"{intro}\n\n{quoted.text}") + "\n"


def thunderbird(draft: Draft) -> bytes:
    """In German, as text: format=flowed, lines that end with a blank go on, the signature below its delimiter."""
    lines = [part for line in draft.lines for part in _flowed(line)]
    signed = ["", "-- ", *draft.signature] if draft.signature else []
    if (quoted := draft.forwards) is not None:
        fields = f"Betreff: \t{quoted.subject}\nDatum: \t{format_datetime(quoted.sent)}\n"
        fields += f"Von: \t{quoted.shown_sender}\nAn: \t{quoted.shown_to}"
        lines += [*signed, "", "", "-------- Weitergeleitete Nachricht --------", fields, "", quoted.text]
    elif (quoted := draft.answers) is not None:
        introduction = f"Am {quoted.sent:%d.%m.%y} um {quoted.sent:%H:%M} schrieb {quoted.sender[0]}:"
        lines += ["", introduction, _marked(quoted.text), *signed]
    else:
        lines += signed
    return _part("text/plain", "\n".join(lines), "8bit", "UTF-8", "; format=flowed")


def thunderbird_below_the_quote(draft: Draft) -> bytes:
    """As it comes: what is typed stands below the quote, the signature below that, in HTML with the text beside it."""
    signed = [*((line for line in ("", "-- ", *draft.signature)) if draft.signature else ())]
    own = "".join(f"<p>{_typed(line) if line else '<br>'}</p>\n" for line in draft.lines)
    signature = f'<pre class="moz-signature" cols="72">-- \n{chr(10).join(draft.signature)}</pre>' if signed else ""
    if (quoted := draft.answers) is not None:
        introduction = f"On {quoted.sent:%d/%m/%Y %H:%M}, {quoted.sender[0]} wrote:"
        plain = "\n".join([introduction, _marked(quoted.text, 70), "", *draft.lines, *signed])
        page = f'<div class="moz-cite-prefix">{introduction}<br></div>\n'
        page += f'<blockquote type="cite" cite="mid:{quoted.id[1:-1]}">'
        page += f"{quoted.page}</blockquote>\n{own}{signature}"
    elif (quoted := draft.forwards) is not None:
        fields = [("Subject", quoted.subject), ("Date", format_datetime(quoted.sent)), ("From", quoted.shown_sender)]
        fields.append(("To", quoted.shown_to))
        rows = "".join(
            f'<tr><th valign="BASELINE" align="RIGHT" nowrap="nowrap">{name}: </th><td>{html.escape(value)}</td></tr>'
            for name, value in fields
        )
        top = "-------- Forwarded Message --------"
        shown = "\n".join(f"{name}: \t{value}" for name, value in fields)
        plain = "\n".join([*draft.lines, *signed, "", "", top, shown, "", quoted.text])
        page = (
            f'{own}{signature}<div class="moz-forward-container"><br><br>{top}<table class="moz-email-headers-table" '
        )
        page += f'cellspacing="0" cellpadding="0" border="0"><tbody>{rows}</tbody></table><br><br>{quoted.page}</div>'
    else:
        plain, page = "\n".join([*draft.lines, *signed]), f"{own}{signature}"
    page = f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="UTF-8">\n</head>\n<body>\n{page}\n</body>\n</html>\n'
    return _alternative(
        draft, "------------0Xy1Zz2Aa3Bb4Cc5",
        _part("text/plain", plain, "8bit", "UTF-8", "; format=flowed"), _part("text/html", page, "8bit", "UTF-8"),
    )  # fmt: skip


def outlook_on_a_phone(draft: Draft) -> bytes:
    """In French: known ids around its signature and above the quote."""
    lines = [_capital(line) for line in draft.lines]
    style = 'style="color: rgb(33, 33, 33); background-color: rgb(255, 255, 255);" dir="auto"'
    own = "".join(f"<div {style}>{_typed(line) if line else '<br>'}</div>" for line in lines)
    line = "Obtenir Outlook pour Android"
    signed = f'<div id="ms-outlook-mobile-signature" dir="auto"><a href="https://outlook.example/a">{line}</a></div>'
    plain, below = "\n".join([*lines, "", f"{line}<https://outlook.example/a>"]), ""
    if (quoted := draft.quoted) is not None:
        fields = _outlook_fields(quoted, "fr")
        shown = "<br>".join(f"<strong>{name} :</strong> {html.escape(value)}" for name, value in fields)
        below = (
            '<div id="ms-outlook-mobile-body-separator-line" dir="auto"><br></div>'
            '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
            f'<font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{shown}</font>'
            f"<div>&nbsp;</div></div>{quoted.page}"
        )
        rest = "\n".join(f"{name} : {value}" for name, value in fields)
        plain += f"\n________________________________\n{rest}\n\n{_unquoted(quoted.text)}\n"
    page = f'<html><head><meta charset="utf-8"></head><body>{own}{signed}{below}</body></html>'
    return _alternative(
        draft, "_000_PAXPR07MB8765432A1B2C3D4E_",
        _part("text/plain", plain, "quoted-printable", '"utf-8"'),
        _part("text/html", page, "quoted-printable", '"utf-8"'),
    )  # fmt: skip


def _flowed(line: str) -> list[str]:
    """RFC 3676: soft breaks after a blank; what begins with a blank, a > or "From " is stuffed."""
    parts = textwrap.wrap(line, 71) or [""]
    stuffed = [f" {part}" if part.startswith((" ", ">", "From ")) else part for part in parts]
    return [*(f"{part} " for part in stuffed[:-1]), stuffed[-1]]


def samsung_mail(draft: Draft) -> bytes:
    """HTML alone, typed with the thumb, and the mail below a line of dashes that nothing else marks."""
    lines = [_capital(line) for line in draft.lines]
    own = "".join(f'<div dir="auto">{_typed(line) if line else "<br>"}</div>' for line in lines)
    signed = (
        '<div dir="auto"><br></div><div id="composer_signature" dir="auto">'
        '<div style="font-size:12px;color:#575757" dir="auto">Sent from my Galaxy</div></div>'
    )
    below = ""
    if (quoted := draft.quoted) is not None:
        fields = (
            f"From: {quoted.shown_sender}", f"Date: {quoted.sent:%d/%m/%Y  %H:%M}  (GMT+00:00)",
            f"To: {quoted.shown_to}", f"Subject: {quoted.subject}",
        )  # fmt: skip
        shown = "".join(f"<div>{html.escape(field)} </div>" for field in fields)
        below = (
            '<div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000">'
            f"<div>-------- Original message --------</div>{shown}<div><br></div></div>{quoted.page}"
        )
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head>'
        f'<body dir="auto">{own}{signed}{below}</body></html>'
    )
    return _part("text/html", page, "base64", "utf-8")


PROGRAMS = (
    Program("Outlook for Windows", outlook_for_windows, "AW: ", "WG: ",
            {"X-Mailer": "Microsoft Outlook 16.0", "Content-Language": "de", "Thread-Index": "AQHcXgABzk1v5w=="},
            shows_signature=("text", "page")),
    Program("Outlook in plain text", outlook_in_plain_text, "RE: ", "FW: ",
            {"X-Mailer": "Microsoft Outlook 16.0"}, one_part=True, shows_signature=("text",)),
    Program("Outlook on the web", outlook_on_the_web, "RE: ", "TR: ",
            {"Accept-Language": "fr-FR, en-US", "X-MS-Has-Attach": "", "Thread-Topic": "Site"},
            shows_signature=("text",)),
    Program("Gmail in the browser", gmail_in_the_browser),
    Program("Gmail on Android", gmail_on_android, phone=True),
    Program("Apple Mail", apple_mail, "Aw: ", "Fwd: ", {"X-Mailer": "Apple Mail (2.3826.700.81)"}),
    Program("iPhone Mail", iphone_mail, phone=True, headers={"X-Mailer": "iPhone Mail (22B91)"}),
    Program("Thunderbird", thunderbird, one_part=True,
            headers={"User-Agent": "Mozilla Thunderbird", "Content-Language": "de-DE"}),
    Program("Thunderbird below the quote", thunderbird_below_the_quote, headers={"User-Agent": "Mozilla Thunderbird"}),
    Program("Outlook on a phone", outlook_on_a_phone, "RE: ", "TR: ", {"Accept-Language": "fr-FR"}, phone=True),
    Program("Samsung Mail", samsung_mail, phone=True, one_part=True, headers={"X-Mailer": "Samsung Mail"}),
)  # fmt: skip
