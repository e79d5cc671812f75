"""Bytes and the label they came with, to text: what real mail means by a label rather than what the label says.

Declared charset (or the superset that is commonly meant), then UTF-8, then a guess. The guess is charset-normalizer's
for text that is mostly not ASCII, and Windows-1252 for a few odd bytes in Latin text, where statistics know nothing.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "csgb2312": "gb18030",
    "euc-cn": "gb18030", "euccn": "gb18030", "cp936": "gb18030", "windows-936": "gb18030", "gb2312-80": "gb18030",
    "chinese": "gb18030", "gb-2312": "gb18030", "gb18030-2000": "gb18030", "hz-gb-2312": "hz",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ks_c_5601-1989": "cp949", "ksc_5601": "cp949",
    "ksc5601": "cp949", "ks_c-5601-1987": "cp949", "euc-kr": "cp949", "euckr": "cp949", "korean": "cp949",
    "iso-ir-149": "cp949", "windows-949": "cp949", "x-windows-949": "cp949", "cseuckr": "cp949", "uhc": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "csshiftjis": "cp932", "windows-31j": "cp932", "cswindows31j": "cp932", "x-ms-cp932": "cp932", "ms932": "cp932",
    "x-euc-jp": "euc-jp", "cp51932": "euc-jp", "eucjp-ms": "euc-jp", "x-euc": "euc-jp",
    "big5": "cp950", "x-x-big5": "cp950", "big5-hkscs": "big5hkscs", "cn-big5": "cp950", "csbig5": "cp950",
    "x-big5": "cp950", "big-5": "cp950", "big5-eten": "cp950", "windows-950": "cp950",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "l1": "cp1252", "8859-1": "cp1252", "iso-8859-1-windows-3.1-latin-1": "cp1252", "iso88591": "cp1252",
    "iso-8859": "cp1252", "iso8859_1": "cp1252", "x-ansi": "cp1252", "ansi": "cp1252",
    "iso-8859-9": "cp1254", "iso8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "tis620": "cp874", "windows-874": "cp874",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "logical": "iso-8859-8", "visual": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6", "iso-8859-6-e": "iso-8859-6",
    "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf-8mb4": "utf-8", "utf8mb4": "utf-8",
    "x-utf-8": "utf-8", "utf": "utf-8", "utf-8n": "utf-8", "utf-8-sig": "utf-8", "unicode": "utf-16",
    "x-user-defined": "cp1252", "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "x-macroman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish",
    "x-mac-ce": "mac_latin2", "x-mac-centraleurroman": "mac_latin2", "x-mac-icelandic": "mac_iceland",
    "koi8-ru": "koi8-u", "koi": "koi8-r", "x-koi8-r": "koi8-r", "x-cp1251": "cp1251", "x-cp1252": "cp1252",
    "x-cp1250": "cp1250", "win-1251": "cp1251", "win-1252": "cp1252", "win-1250": "cp1250", "win1251": "cp1251",
    "ibm-850": "cp850", "ibm-1252": "cp1252", "viscii": "cp1258", "armscii-8": "cp1252",
}  # fmt: skip
_ASCII_LABELS = frozenset(
    {
        "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "us", "7bit", "8bit", "binary", "default", "unknown",
        "x-unknown", "unknown-8bit", "none",
    }
)  # fmt: skip
# Codecs of Python that are no charset of mail, or that run at a price.
_NOT_FOR_MAIL = frozenset(
    ["idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "charmap", "palmos"]
)
# Where bytes that happen to be valid UTF-8 (with at least one multi-byte character) were meant as UTF-8: in these,
# a capital letter with accent followed by a sign of 0x80–0xBF, throughout the text, is no text anybody writes.
_MISTAKEN_FOR_UTF8 = frozenset(
    ["cp1252", "cp1250", "cp1251", "cp1254", "iso8859-2", "iso8859-15", "koi8-r", "koi8-u", "latin-1"]
)
_LABEL_INSIDE = re.compile(
    r"utf-?8|iso-?8859-\d{1,2}|windows-\d{3,4}|cp-?\d{3,4}|koi8-[ru]|iso-2022-(?:jp|kr)|euc-(?:jp|kr)|shift_jis|gb2312|gbk|big5"
)
_ESCAPED_JAPANESE = re.compile(rb"\x1b\$[@B(]")
_GUESSES = [
    "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256", "cp1250",
    "cp1252",
]  # fmt: skip
_GUESS_BYTES = 4_096
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(data: bytes, label: str = "") -> tuple[str, str]:
    """The text, and a remark when it could not be read as labelled ("" if it could). Never raises."""
    if data.isascii() and b"\x1b" not in data and b"~{" not in data and b"+" not in data and b"\0" not in data:
        return data.decode("ascii"), ""  # stateful charsets (ISO-2022, HZ, UTF-7, UTF-16) cannot hide in here
    codec = _codec(label)
    text, remark = _decode_as(data, codec, label)
    return (text if text.isascii() else _SURROGATES.sub("\ufffd", text)), remark


def readable(text: str) -> str:
    """A header value as the parser left it (raw bytes as surrogates) with those bytes decoded by guess."""
    if text.isascii():
        return text
    return decode(text.encode("utf-8", "surrogateescape"), "")[0] if _SURROGATES.search(text) else text


def _codec(label: str) -> str:
    """Python's name for what a label means; "" for none, "ascii" for labels that say nothing."""
    label = label.strip().strip("\"'").strip().lower()
    if not label:
        return ""
    if label in _ASCII_LABELS:
        return "ascii"
    if "iso-2022-jp" in label or label in ("csiso2022jp", "iso2022-jp", "iso2022jp", "cp50220", "cp50221"):
        return "iso-2022-jp"
    meant = _SUPERSETS.get(label, label)
    try:
        return _known(meant)
    except LookupError:
        inside = _LABEL_INSIDE.search(label)
        if inside and inside.group() != label:
            return _codec(inside.group())
        return ""


def _known(name: str) -> str:
    try:
        info = codecs.lookup(re.sub(r"^(?:x-)?windows-|^cp-|^ibm-?", "cp", name))
    except (ValueError, UnicodeError) as absurd:  # a NUL or a lone surrogate in the label
        raise LookupError(name) from absurd
    if not getattr(info, "_is_text_encoding", True) or info.name.replace("-", "_") in _NOT_FOR_MAIL:
        raise LookupError(name)
    return info.name


def _decode_as(data: bytes, codec: str, label: str) -> tuple[str, str]:
    if codec in ("", "ascii"):
        text = _unlabelled(data)
        return text, "" if codec == "ascii" or not label else f"unknown charset {label[:40]!r}"
    if codec == "iso-2022-jp":
        return _iso_2022_jp(data), ""
    if codec in _MISTAKEN_FOR_UTF8:
        as_utf8 = _strict(data, "utf-8")
        if as_utf8 is not None and not data.isascii():
            return as_utf8, f"labelled {label[:40]} but is utf-8"
    if codec == "utf-8":
        return _utf8(data)
    if codec == "utf-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    text_or_none = _strict(data, codec)
    if text_or_none is not None:
        return text_or_none, ""
    return _damaged(data, codec, label)


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return None


def _damaged(data: bytes, codec: str, label: str) -> tuple[str, str]:
    remark = f"bytes that are not {label[:40]}"
    if (as_utf8 := _strict(data, "utf-8")) is not None:
        return as_utf8, remark
    if codec == "cp1252":  # five bytes have no meaning there
        return data.decode("latin-1"), ""
    wider = {"cp950": "big5hkscs", "euc_jp": "euc_jis_2004", "cp932": "shift_jis_2004", "iso8859-8": "cp1255"}.get(
        codec
    )
    if wider and (text := _strict(data, wider)) is not None:
        return text, ""
    try:
        return data.decode(codec, "replace"), remark
    except (UnicodeError, ValueError, LookupError):
        return data.decode("latin-1"), remark


def _utf8(data: bytes) -> tuple[str, str]:
    """UTF-8 with islands of Windows-1252 in it (footers of gateways); text that is hardly UTF-8 at all is guessed."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    text = _strict(data, "utf-8")
    if text is not None:
        return text, ""
    text = data.decode("utf-8", "helpdesk.islands")
    wrong = len(data) - len(data.decode("utf-8", "ignore").encode())
    odd = sum(map(data.count, range(0x80, 0x100))) if len(data) < 65_536 else wrong * 4
    if wrong <= max(3, odd // 3):
        return text, "bytes that are not utf-8"
    return _unlabelled(data), "bytes that are not utf-8"


def _island(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("helpdesk.islands", _island)


def _unlabelled(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and (text := _strict(data, "utf-16")) is not None:
        return text
    if _ESCAPED_JAPANESE.search(data):
        return _iso_2022_jp(data)
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    text = _strict(data, "utf-8")
    return text if text is not None else _guess(data)


def _guess(data: bytes) -> str:
    sample = data[:_GUESS_BYTES]
    odd = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    letters = len(sample.translate(None, bytes(range(0x41))))
    if odd * 3 > letters:
        try:
            best = from_bytes(sample, cp_isolation=_GUESSES, steps=4, chunk_size=512).best()
        except Exception:  # a guess is never worth a crash
            best = None
        if best is not None:
            return data.decode(best.encoding, "replace")
    text = _strict(data, "cp1252")
    return text if text is not None else data.decode("latin-1")


def _iso_2022_jp(data: bytes) -> str:
    """ISO-2022-JP as mail programs write it: with the signs of cp932, half-width katakana and without closing escapes.

    Python's codecs know each of the standards, and none that holds them all.
    """
    if not data.isascii():
        return data.decode("cp932", "replace") if b"\x1b" not in data else _segments(data)
    return _segments(data)


def _segments(data: bytes) -> str:
    out = []
    for index, piece in enumerate(data.split(b"\x1b")):
        if index == 0:
            out.append(piece.decode("cp932", "replace"))
        elif piece[:2] in (b"$B", b"$@"):
            out.append(_double(piece[2:]))
        elif piece[:3] in (b"$(D", b"$(B", b"$(@"):
            body = piece[3:]
            out.append(_double(body) if piece[2:3] != b"D" else _supplement(body))
        elif piece[:2] == b"(I":
            out.append(bytes(b | 0x80 if 0x20 < b < 0x60 else b for b in piece[2:]).decode("cp932", "replace"))
        else:
            out.append(piece[2:].decode("cp932", "replace") if piece[:1] == b"(" else piece.decode("cp932", "replace"))
    return "".join(out)


def _double(body: bytes) -> str:
    """Pairs of JIS X 0208 through their Shift_JIS form, since cp932 has the rows that the standard left free."""
    out = bytearray()
    at = 0
    while at < len(body):
        first = body[at] & 0x7F
        if first < 0x21 or at + 1 >= len(body):
            out.append(first)  # a line end ends the mode in practice; lone bytes are passed on
            at += 1
            continue
        second = body[at + 1] & 0x7F
        row, odd = (first + 1) >> 1, first & 1
        out.append(row + (0x70 if first < 0x5F else 0xB0))
        out.append(second + ((0x20 if second > 0x5F else 0x1F) if odd else 0x7E))
        at += 2
    return out.decode("cp932", "replace")


def _supplement(body: bytes) -> str:
    """Pairs of JIS X 0212, which EUC-JP marks with 0x8F."""
    out = bytearray()
    for at in range(0, len(body) - 1, 2):
        if body[at] < 0x21:
            out += body[at : at + 2]
        else:
            out += bytes((0x8F, body[at] | 0x80, body[at + 1] | 0x80))
    return out.decode("euc_jp", "replace")
