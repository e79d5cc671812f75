"""Everything that the mail door says, besides its greeting and its list of extensions.

One fixed list, with RFC 3463 codes: a reply never repeats what the peer said, and never tells what went wrong inside.
"""

from __future__ import annotations

OK = "250 2.0.0 OK"
SENDER_OK = "250 2.1.0 OK"
RECIPIENT_OK = "250 2.1.5 OK"
GO_ON = "354 End data with <CR><LF>.<CR><LF>"
STORED = "250 2.0.0 OK, stored"
NOT_STORED = "451 4.3.0 Temporary failure, try again later"
BUSY = "451 4.3.2 Too much mail waiting, try again later"
NO_SPACE = "452 4.3.1 Not enough disk space, try again later"
TOO_BIG = "552 5.3.4 Message too big"
NO_MAILBOX = "550 5.1.1 No such mailbox here"
NO_RELAY = "550 5.7.1 No relaying"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients"
BAD_ADDRESS = "553 5.1.3 Malformed address"
BAD_SEQUENCE = "503 5.5.1 Bad sequence of commands"
BAD_ARGUMENT = "501 5.5.4 Syntax error in arguments"
NOT_IMPLEMENTED = "502 5.5.1 Command not implemented"
NO_ANSWER = "252 2.1.5 Cannot verify, but will take mail for mailboxes of ours"
HELP = "214 2.0.0 See RFC 5321"
SHUTTING_DOWN = "421 4.3.2 Shutting down, try again later"
TIMEOUT = "421 4.4.2 Timeout"
TOO_MANY_CONNECTIONS = "421 4.7.0 Too many connections"
TOO_MANY_ERRORS = "421 4.7.0 Too many errors"

_STOCK = (
    ("250 OK", OK),
    ("220 Ready", "220 2.0.0 Ready to start TLS"),
    ("221 ", "221 2.0.0 Bye"),
    ("454 ", "454 4.7.0 TLS not available"),
    ("500 Command line too long", "500 5.5.6 Line too long"),
    ("500 Error: command", "500 5.5.1 Command not recognized"),
    ("500 ", "500 5.5.2 Syntax error"),
    ("501 ", BAD_ARGUMENT),
    ("502 5.5.1 Too many", TOO_MANY_ERRORS),
    ("502 ", NOT_IMPLEMENTED),
    ("503 ", BAD_SEQUENCE),
    ("552 ", TOO_BIG),
    ("553 ", BAD_ADDRESS),
    ("555 ", "555 5.5.4 Parameter not recognized"),
)
"""aiosmtpd's own replies, some of which repeat the peer's words, and what is said instead."""


def fixed(reply: str) -> str:
    return next((ours for stock, ours in _STOCK if reply.startswith(stock)), reply)
