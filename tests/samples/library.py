"""Samples of what the provider tells everybody: news, articles, files, servers, and what can be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.ports import Announcement, Article, Download, NetworkIssue, Server
from tests.samples.cast import ALICE, WHO

NOW = datetime(2026, 11, 25, 9, 20, tzinfo=UTC)
NEWS = Announcement("1", date(2026, 11, 18), "PHP 8.4", "You can now choose *PHP 8.4*.\n\nNothing changes by itself.")
SHORT = Announcement("2", date(2026, 10, 20), "Write to us", "Answer any of our mails.")
ARTICLE = Article("5", "Email", "Set up your mailbox", "Enter:\n\n1. the **server**,\n2. port `993`.\n\n- Try it.")
PUBLIC_ARTICLE = replace(ARTICLE, url="https://desk.example/kb/5")
OTHER = Article("9", "Hosting", "SSL certificates", "They are free.")
GUIDE = Download("1", "Manuals", "Client area guide", "With pictures (PDF)", "https://desk.example/guide.pdf")
OWN = Download("2", "Manuals", "Mail settings", "To pin up (PDF)", "https://desk.example/mail.pdf", ("1", "2"))
SATURN = Server("1", "saturn", "saturn.desk.example", "online")
JUPITER = Server("2", "jupiter", "jupiter.desk.example", "offline")
MARS = Server("3", "mars", "mars.desk.example", "maintenance")
SLOW = NetworkIssue("2", "Slow webmail", "Investigating", "jupiter", NOW, None, "We look for the cause.")
PLANNED = NetworkIssue("1", "Kernel update", "Scheduled", "saturn", NOW, NOW + timedelta(hours=1), "Ten minutes.")
OPEN_END = replace(PLANNED, id="3", title="Move of the racks", ends=None)
STAGES = [replace(SLOW, id=status, status=status) for status in ("Reported", "In Progress", "Outage")]
SOLVED = replace(SLOW, status="Resolved")
HOME = ALICE.email

HELP = ("What you can ask this desk.", "list my domains")
SUBJECTS = ("domains", "hosting", "invoices", "orders", "account", "security", "tickets", "information")


def status(servers: list[Server], issues: list[NetworkIssue], *, own: bool, followed: list[str]) -> dict[str, Any]:
    return {"servers": servers, "issues": issues, "own": own, "followed": followed}


SAMPLES: dict[str, list[dict[str, Any]]] = {
    "announcements": [
        {
            "announcements": [(NEWS, "You can now choose *PHP 8.4*."), (SHORT, SHORT.body)],
            "longer": ["1"],
            "planned": [PLANNED, OPEN_END],
            "follows": True,
        },
        {"announcements": [], "longer": [], "planned": [], "follows": False},
    ],
    "announcement": [{"announcement": NEWS, "follows": follows} for follows in (True, False)],
    "news_subscribed": [{"before": before, "address": HOME} for before in (True, False)],
    "digest_subscribed": [{"before": before, "address": "alice@bakery.example"} for before in (True, False)],
    "digest_unsubscribed": [{"before": before} for before in (True, False)],
    "news_unsubscribed": [{"before": before} for before in (True, False)],
    "kb_articles": [{"categories": [("Email", [ARTICLE]), ("Hosting", [OTHER])]}, {"categories": []}],
    "acknowledgement_article": [{"article": ARTICLE}],
    "kb_article": [{"article": ARTICLE, "others": others} for others in ([], [OTHER])],
    "kb_voted": [{"article": ARTICLE, "helped": helped} for helped in (True, False)],
    "kb_comment_how": [{"article": ARTICLE}],
    "kb_commented": [{"article": ARTICLE}],
    "kb_link": [{"article": article, "portal": "https://portal.desk.example"} for article in (ARTICLE, PUBLIC_ARTICLE)],
    "downloads": [
        {"downloads": [GUIDE, OWN], "proved": True},
        {"downloads": [], "proved": False},
    ],
    "download": [
        {"download": GUIDE, "url": GUIDE.url, "once": False},
        {"download": OWN, "url": "https://desk.example/once/made-for-you", "once": True},
    ],
    "download_owners_only": [{"download": OWN, "products": ["Starter", "Business"]}],
    "server_status": [
        status([SATURN, JUPITER, MARS], [*STAGES, SLOW, PLANNED], own=False, followed=[]),
        status([SATURN], [SLOW], own=True, followed=["2"]),
        status([SATURN], [], own=True, followed=[]),
        status([SATURN, replace(SATURN, name="venus")], [PLANNED], own=False, followed=[]),
    ],
    "issue_followed": [
        {"issue": SLOW, "before": False, "address": HOME},
        {"issue": PLANNED, "before": True, "address": HOME},
    ],
    "issue_over": [{"issue": SOLVED}],
    "issue_none": [{}],
    "issue_unfollowed": [{"issues": issues} for issues in ([SLOW], [])],
    "help_subjects": [{"subjects": [(name, [HELP], n) for n, name in enumerate(SUBJECTS)], "who": WHO}],
    "help_subject": [{"subject": name, "abilities": [HELP] if n else []} for n, name in enumerate(SUBJECTS)],
}
