"""Files of a mail: names that are safe to write anywhere, and types that the content does not contradict."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass

from bot.channels.reading import limits, tnef, uuencode
from bot.channels.reading.encoded_words import decode
from bot.channels.reading.headers import clean
from bot.channels.reading.parameters import parse_parameters
from bot.channels.reading.structure import Entity, header_of


@dataclass(frozen=True, slots=True)
class Part:
    filename: str
    media_type: str
    content: bytes
    inline: bool = False
    content_id: str = ""
    unpacked: tuple[Part, ...] = ()
    """What a winmail.dat held."""


_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_UNSAFE = re.compile(r'[/\\:*?"<>|]')
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"), (b"\x1f\x8b", "application/gzip"), (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"), (b"Rar!\x1a", "application/vnd.rar"), (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"BM", "image/bmp"), (b"II*\0", "image/tiff"), (b"MM\0*", "image/tiff"), (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"), (b"ID3", "audio/mpeg"), (b"OggS", "audio/ogg"), (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"), (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
)  # fmt: skip
_ACTIVE = re.compile(rb"\s*(?:<!doctype html|<html|<script|<svg|<\?php|#!/)", re.I)
_EXTENSIONS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "message/rfc822": ".eml", "image/jpeg": ".jpg",
    "application/pdf": ".pdf", "image/png": ".png", "image/gif": ".gif", "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt", "text/rfc822-headers": ".txt", "message/feedback-report": ".txt",
    "application/pgp-signature": ".asc", "application/pgp-encrypted": ".txt", "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m", "text/vcard": ".vcf", "text/csv": ".csv",
}  # fmt: skip


def declared_name(entity: Entity) -> str:
    """The name that the part gives itself, decoded but not yet safe; "" if it has none."""
    _, disposition = parse_parameters(entity.get("content-disposition"))
    name = disposition.get("filename") or entity.parameters.get("name") or disposition.get("name") or ""
    return clean(decode(name)) if name else ""


def safe_name(name: str) -> str:
    """A file name without places, controls, reserved words and excess; "" if nothing is left.

    A path keeps its last component; a stray slash ("1/2 report.pdf") becomes an underscore.
    """
    name = clean(name)
    if re.match(r"(?:[A-Za-z]:|~|\.{0,2})[/\\]", name) or ".." in re.split(r"[/\\]", name):
        name = re.split(r"[/\\]", name)[-1]
    name = _UNSAFE.sub("_", name).strip(" .") if not name.startswith(".") else "_" + _UNSAFE.sub("_", name).rstrip(" .")
    if name.strip("_. ") == "":
        return ""
    if _RESERVED.fullmatch(name):
        name = "_" + name
    if len(name) > limits.FILENAME_CHARACTERS or len(name.encode("utf-8", "replace")) > limits.FILENAME_CHARACTERS + 60:
        name = _shortened(name)
    return name


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 15:
        stem, extension = name, ""
    kept = stem.encode("utf-8", "replace")[: limits.FILENAME_CHARACTERS].decode("utf-8", "ignore").rstrip()
    return f"{kept}.{extension}" if extension else kept


def part_of(entity: Entity, number: int, defects: list[str], *, inline: bool) -> Part:
    """The file that a leaf of the tree is; `number` counts for names that have to be made up."""
    if _is_uuencoded(entity):
        content, remark = uuencode.decoded(entity.body), ""
    else:
        content, remark = entity.content()
    if remark:
        defects.append(remark)
    name = safe_name(declared_name(entity))
    media_type = _type(entity, content, name, defects)
    is_tnef = media_type in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat"
    unpacked = _unpacked(content) if is_tnef and number <= limits.UNPACKED_FILES else ()
    return Part(
        name or _made_up_name(entity, content, media_type, number),
        media_type,
        content,
        inline,
        clean(entity.get("content-id")).strip("<>").strip()[:500],
        unpacked,
    )


def from_block(name: bytes, content: bytes, number: int) -> Part:
    """A file that stood in a text (uuencode, yEnc)."""
    said = safe_name(decode(name.decode("utf-8", "surrogateescape")))
    media_type = mimetypes.guess_type(said)[0] or _by_magic(content) or "application/octet-stream"
    return Part(said or f"attachment-{number}", media_type, content)


def _is_uuencoded(entity: Entity) -> bool:
    from bot.channels.reading.transfer import is_uuencoded

    return is_uuencoded(entity.get("content-transfer-encoding"))


def _by_magic(content: bytes) -> str:
    head = content[:16]
    if head[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for magic, media_type in _MAGIC if head.startswith(magic)), "")


def _type(entity: Entity, content: bytes, name: str, defects: list[str]) -> str:
    """The label, unless there is none or the content is a program or a page that calls itself a picture."""
    seen = _by_magic(content)
    if not entity.labelled:
        if entity.media_type == "message/rfc822" or not (seen or name):
            return entity.media_type
        return seen or mimetypes.guess_type(name)[0] or "application/octet-stream"
    label = entity.media_type
    if label.startswith(("image/", "audio/", "video/", "application/pdf")) and label != "image/svg+xml":
        actual = seen if seen in ("application/x-msdownload", "application/x-executable") else ""
        actual = actual or ("text/html" if _ACTIVE.match(content[:256]) else "")
        if actual:
            defects.append(f"attachment labelled {label} is {actual}")
            return actual
    return label


def _made_up_name(entity: Entity, content: bytes, media_type: str, number: int) -> str:
    if media_type == "message/rfc822":
        subject = safe_name(clean(header_of(content[: limits.HEADER_BYTES]).get("subject"))[:100])
        return f"{subject or 'message'}.eml"
    if media_type == "text/calendar":
        return "invite.ics"
    if media_type in ("application/pgp-signature", "application/pkcs7-signature", "application/pkcs7-mime"):
        return {"s": "signature.asc", "7": "smime.p7s", "m": "smime.p7m"}[
            "s" if "pgp" in media_type else "7" if "signature" in media_type else "m"
        ]
    extension = _EXTENSIONS.get(media_type) or mimetypes.guess_extension(media_type) or ""
    return f"attachment-{number}{extension}"


def _unpacked(content: bytes) -> tuple[Part, ...]:
    found = tnef.opened(content)
    if found is None:
        return ()
    return tuple(
        Part(
            safe_name(file.name) or f"attachment-{number}",
            file.media_type
            or mimetypes.guess_type(file.name)[0]
            or _by_magic(file.content)
            or "application/octet-stream",
            file.content,
            bool(file.content_id),
            clean(file.content_id)[:500],
        )
        for number, file in enumerate(found.files, 1)
        if file.name or file.content
    )
