"""What the button of a one-time page does, for each kind of link: a session, a new password, a file.

Everything is made when the button is pressed, and nothing of it is stored. A link that failed because a system behind
us was away can be used again.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core import onetime
from core.errors import Rejected, Unavailable, Unsupported
from core.ids import new_id
from core.models import Audit, OneTimeLink
from core.ports import Service
from core.surroundings import Surroundings

_ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
PASSWORD_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """What the visitor gets: an address to go to, or a secret to read once, or neither after a change."""

    go_to: str = ""
    secret: str = ""
    about: str = ""


class Gone(Exception):
    """The link was used, is too old, or never was; which of these is nobody's business."""


@dataclass(frozen=True, slots=True)
class Found:
    """A link that can still be used, as its page shows it."""

    kind: str
    about: Mapping[str, str]
    language: str


def look(around: Surroundings, secret: str) -> Found:
    """What a visit shows; changes nothing. Raises Gone."""
    with around.sessions() as session:
        link = onetime.find(session, secret, around.clock())
        if link is None:
            raise Gone
        kind, about, client_id = link.kind, dict(link.about), link.client_id
    if "language" in about:  # Of somebody who may be nobody's client.
        return Found(kind, about, about["language"])
    client = around.billing.client(client_id)
    return Found(kind, about, client.language or around.desk.language)


def press(around: Surroundings, secret: str, entered: str = "") -> Opened:
    """The button; `entered` is the new password of a page that asks for one.

    Raises Gone, Rejected (with what to do better; the link stays good), Unavailable and Unsupported.
    """
    with around.sessions.begin() as session:
        link = onetime.find(session, secret, around.clock())
        if link is None or link.kind not in _ACTS or not onetime.use(session, link, around.clock()):
            raise Gone
        session.expunge(link)
    try:
        opened = _ACTS[link.kind](around, link, entered)
    except (Rejected, Unavailable, Unsupported):
        _give_back(around, link)
        raise
    _record(around, link)
    return opened


def _give_back(around: Surroundings, link: OneTimeLink) -> None:
    """Nothing happened behind us: the visitor may try again."""
    with around.sessions.begin() as session:
        row = session.get(OneTimeLink, link.id)
        if row is not None:
            row.used_at = None


def _record(around: Surroundings, link: OneTimeLink) -> None:
    with around.sessions.begin() as session:
        session.add(
            Audit(
                id=new_id(),
                at=around.clock(),
                who=f"contact {link.contact_id}" if link.contact_id else "owner",
                action=f"opened.{link.kind}",
                about="/".join(str(value) for value in link.about.values())[:200],
                client_id=link.client_id,
                detail={},
            )
        )


def _sign_in(around: Surroundings, link: OneTimeLink, _: str) -> Opened:
    return Opened(go_to=around.systems.profiles.sign_in_url(link.client_id))


def _password(around: Surroundings, link: OneTimeLink, entered: str) -> Opened:
    around.systems.profiles.set_password(link.client_id, link.contact_id, entered)
    return Opened()


def _panel(around: Surroundings, link: OneTimeLink, _: str) -> Opened:
    return Opened(go_to=around.systems.panel.session_url(_service(around, link), link.about.get("tool", "")))


def _panel_password(around: Surroundings, link: OneTimeLink, _: str) -> Opened:
    service, password = _service(around, link), new_password()
    around.systems.panel.set_password(service, password)
    return Opened(secret=password, about=service.username or service.domain)


def _mailbox(around: Surroundings, link: OneTimeLink, _: str) -> Opened:
    password = new_password()
    around.systems.panel.create_mailbox(_service(around, link), link.about["address"], password)
    return Opened(secret=password, about=link.about["address"])


def _download(around: Surroundings, link: OneTimeLink, _: str) -> Opened:
    wanted = link.about["download"]
    found = next((one for one in around.systems.library.downloads() if one.id == wanted), None)
    if found is None:
        raise Gone
    return Opened(go_to=found.url)


_ACTS: Mapping[str, Callable[[Surroundings, OneTimeLink, str], Opened]] = {
    "sign_in": _sign_in,
    "password": _password,
    "panel": _panel,
    "panel_password": _panel_password,
    "mailbox": _mailbox,
    "download": _download,
}


def _service(around: Surroundings, link: OneTimeLink) -> Service:
    """The service that the link is for, if it still is the client's. Raises Rejected."""
    for service in around.billing.services(link.client_id):
        if service.id == link.about["service"]:
            return service
    raise Rejected("this service is not in your account any more")


def new_password() -> str:
    """About 116 bits, without the letters that are mistaken for others."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(PASSWORD_LENGTH))
