"""A structured fuzzer: mails of the corpus cut, crossed and damaged, until the minutes are over.

    python -m tests.reading.fuzz [MINUTES] [SEED]

Prints and exits 1 on the first mail that raises, takes more than two seconds or gives something that is no document;
the mail is left in the working directory as `fuzz-find.eml`.
"""

# ruff: noqa: E501

from __future__ import annotations

import json
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot.channels.reading.document import as_document
from bot.channels.reading.mail import Mail, read
from tests.reading import corpus

_SECONDS = 2.0
_SNIPPETS = (
    b"\r\n", b"\n\n", b"\r", b"\0", b"--", b"=?utf-8?q?", b"?=", b"=?gb2312?B?", b'"', b"<", b">", b"(", b")", b":", b";", b",", b"@",
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"--b--\n", b"Content-Type: text/html; charset=utf-7\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Type: message/rfc822\n\n", b"Content-Type: application/ms-tnef\n",
    b"\x78\x9f\x3e\x22\1\0", b"<blockquote>", b"<div class=gmail_quote>", b"</div>", b"<!--", b"-->", b"&#x110000;", b"&#55296;",
    b"\xed\xa0\x80", b"\xff\xfe", b"\x1b$B", b"\x1b(B", b"~{", b"+AAA-", b"\xf0\x9f\x8d\x9e", b"begin 644 a\n", b"end\n", b"=ybegin name=a\n",
    b"On 1/1/26 a@b.example wrote:\n", b"From: ", b"Sent: ", b"-----Original Message-----\n", b"-- \n", b"> ", b"Final-Recipient: rfc822;",
    b"filename*0*=utf-8''%", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:", b"charset=undefined\n", b"charset=\0", b"Date: 99999",
)  # fmt: skip


def mails(random_: random.Random, seeds: list[bytes]) -> Iterator[bytes]:
    """Damaged mails without end."""
    while True:
        raw = bytearray(random_.choice(seeds)[:50_000])
        for _ in range(random_.randint(1, 12)):
            _damage(raw, random_, seeds)
        yield bytes(raw)


def _damage(raw: bytearray, random_: random.Random, seeds: list[bytes]) -> None:
    at = random_.randint(0, len(raw))
    act = random_.randint(0, 6)
    if act == 0:
        raw[at:at] = random_.choice(_SNIPPETS) * random_.choice((1, 1, 1, 2, 50))
    elif act == 1:
        del raw[at : at + random_.randint(1, 200)]
    elif act == 2 and raw:
        raw[min(at, len(raw) - 1)] = random_.randint(0, 255)
    elif act == 3:
        other = random_.choice(seeds)
        begin = random_.randint(0, len(other))
        raw[at:] = other[begin : begin + 20_000]
    elif act == 4:
        piece = raw[at : at + random_.randint(1, 300)]
        raw[at:at] = piece * random_.choice((1, 2, 20))
    elif act == 5:
        raw[at:at] = random_.randbytes(random_.randint(1, 30))
    else:
        other = random_.choice(seeds)
        begin = random_.randint(0, len(other))
        raw[at:at] = other[begin : begin + random_.randint(1, 500)]


class _Hangs(BaseException):
    """Passes through handlers of Exception."""


def _stop(*_: object) -> None:
    raise _Hangs


def complaint(raw: bytes) -> str:
    """What is wrong with how a mail is read, "" if nothing."""
    started = time.process_time()
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 10 * _SECONDS)
    try:
        mail = read(raw)
        json.dumps(as_document(mail), ensure_ascii=False).encode("utf-8")
    except _Hangs:
        return "hangs"
    except Exception as error:
        return f"raised {error!r}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    if time.process_time() - started > _SECONDS:
        return f"took {time.process_time() - started:.1f} s"
    return _broken_promise(mail)


def _broken_promise(mail: Mail) -> str:
    if any(defect.startswith("could not be read") for defect in mail.defects):
        return f"gave up: {mail.defects[-1]}"
    if "\0" in mail.text + mail.reply + mail.subject + mail.html:
        return "a NUL came through"
    if any("/" in part.filename or not part.filename for part in mail.attachments):
        return "an unsafe or empty file name"
    if "\n" in mail.subject or any("\n" in box.address + box.name for box in mail.to):
        return "a line end in a header"
    return ""


def main(minutes: float, seed: int) -> int:
    random_ = random.Random(seed)
    seeds = [corpus.mail(name) for name in corpus.names()]
    until = time.monotonic() + minutes * 60
    for count, raw in enumerate(mails(random_, seeds)):
        if said := complaint(raw):
            Path("fuzz-find.eml").write_bytes(raw)
            print(f"mail {count} of seed {seed}: {said}; written to fuzz-find.eml")
            return 1
        if time.monotonic() > until:
            print(f"{count + 1} mails of seed {seed}: nothing found")
            return 0
    return 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(
        main(float(arguments[0]) if arguments else 1.0, int(arguments[1]) if len(arguments) > 1 else time.time_ns())
    )
