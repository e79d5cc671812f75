"""Mail: the doors it comes in by, how its sender is proved, and how it goes out."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Listener:
    listen: str = "127.0.0.1:8025"
    protocol: str = "smtp"
    max_message_size: int = 26_214_400
    tls_certificate: str = ""
    tls_key: str = ""
    max_connections: int = 200
    max_connections_per_peer: int = 20
    max_recipients: int = 100
    timeout: float = 300.0
    """Seconds a session may be silent, and a DATA may take."""
    trusted_peers: tuple[str, ...] = ("127.0.0.1", "::1")
    """Relays of our own that may open any number of connections; not a statement about who wrote a mail."""


@dataclass(frozen=True, slots=True)
class Authentication:
    verify: bool = True
    trusted_authserv_ids: tuple[str, ...] = ()
    dns: str | dict[str, str] = "system"
    shared_outbound: tuple[str, ...] = ()
    """Networks of relays that send for many: SPF from there proves nothing, nor do signatures that came through."""
    enforces_sender: tuple[str, ...] = ()
    """Those of them that refuse a From which is not the tenant's own: signatures that came through them count."""
    shared_selectors: tuple[str, ...] = ()
    """Names of the keys that relays which do not enforce the sender sign with, for whatever domain."""
    trusted_arc_sealers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imap:
    host: str = ""
    port: int = 993
    tls: str = "implicit"
    """implicit, starttls or none."""
    ca_file: str = ""
    user: str = ""
    password: str = ""
    oauth_token: str = ""
    folder: str = "INBOX"
    done_folder: str = "Done"
    idle: bool = True
    poll_seconds: float = 60.0
    import_existing: bool = False
    """Take what was in the mailbox before the first connect as well."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    host: str = "127.0.0.1"
    port: int = 25
    tls: str = "none"
    """none, starttls or implicit; with TLS a failure waits for the next try, never falls back to plain text."""
    ca_file: str = ""
    user: str = ""
    password: str = ""
    from_domain: str = ""
    """Domain of our Message-IDs and bounce addresses; the domain of the desk's address if empty."""
    dkim_key: str = ""
    """Path of a PEM private key (RSA or Ed25519)."""
    dkim_selector: str = ""
    connections: int = 2
    give_up_after_hours: float = 120.0


DANGEROUS = ("exe", "scr", "com", "pif", "bat", "cmd", "vbs", "js", "jse", "wsf", "hta", "lnk", "msi", "jar", "ps1")


@dataclass(frozen=True, slots=True)
class Attachments:
    """What is kept on a ticket; the sender is told what was not, and how to send it instead."""

    max_size: int = 15_728_640
    """Bytes of one file."""
    max_count: int = 40
    refused_endings: tuple[str, ...] = DANGEROUS


@dataclass(frozen=True, slots=True)
class Email:
    listener: Listener = field(default_factory=Listener)
    authentication: Authentication = field(default_factory=Authentication)
    imap: Imap = field(default_factory=Imap)
    outgoing: Outgoing = field(default_factory=Outgoing)
    attachments: Attachments = field(default_factory=Attachments)
