"""The things people name in a text: domains, invoices, services, tickets."""

from __future__ import annotations

import re
from collections.abc import Mapping

DOMAIN = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:www\.)?((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59}))(?![\w-]|\.\w)",
    re.IGNORECASE,
)
INVOICE = re.compile(
    r"\b((?:inv(?:oice)?[-\s]?)(?:number|no\.?|nr\.?)?\s*#?\s*\d[\d/-]{0,15}|rechnung\s+#?\d[\d/-]*)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\d[\d/-]*")
_HOSTS = ("ns", "mail", "smtp", "imap", "ftp", "webmail", "cpanel")


def domains(text: str) -> tuple[str, ...]:
    """Domain names in the order they stand in the text, lower case, without www, scheme or path; each once."""
    found = [match.group(1).lower().rstrip(".") for match in DOMAIN.finditer(text)]
    return tuple(dict.fromkeys(name for name in found if not _is_host(name)))


def _is_host(name: str) -> bool:
    """Name servers and mail hosts are not the domains people mean."""
    first = name.partition(".")[0].rstrip("0123456789")
    return first in _HOSTS and name.count(".") >= 2


def invoices(text: str) -> tuple[str, ...]:
    """Invoice numbers, digits as written ("INV-9001" gives "9001")."""
    found = (_NUMBER.search(match.group(1)) for match in INVOICE.finditer(text))
    return tuple(dict.fromkeys(match.group(0) for match in found if match))


def named(text: str) -> Mapping[str, tuple[str, ...]]:
    """Everything the text names, by the slot that it can fill."""
    names = domains(text)
    return {"domain": names, "invoice": invoices(text), "service": names}


def without_names(text: str) -> str:
    """The text with each thing it names replaced by a placeholder word, so that phrases match whatever is named."""
    text = DOMAIN.sub(" _domain_ ", text)
    return INVOICE.sub(" _invoice_ ", text)
