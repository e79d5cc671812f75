"""Samples of reminders that clients ask for, of a locked account, and of transfers and troubles that are told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from core.followups import FollowUp
from core.ports import NetworkIssue
from tests.samples.cast import DOMAIN, ENDING, PLAIN_SERVICE, SERVICE, TICKET, WHO
from tests.samples.tickets import CLOSED, OPEN

_DAY, _LATEST = date(2026, 11, 30), date(2027, 5, 24)
_REMINDER = FollowUp("46057485", "Site broken", _DAY)
_ARRIVED = replace(DOMAIN, transferred=date(2026, 11, 24))
_FAILED = replace(DOMAIN, status="Cancelled", transfer_requested=date(2026, 11, 20))
_TROUBLE = NetworkIssue(
    "2",
    "Slow webmail",
    "Investigating",
    "jupiter",
    datetime(2026, 11, 25, 7, 40, tzinfo=UTC),
    None,
    "Webmail answers slowly.\nMail is delivered.",
)

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "follow_up_set": [{"ticket": OPEN, "day": _DAY}],
    "follow_up_when": [{"ticket": OPEN}],
    "follow_up_not_then": [{"ticket": OPEN, "day": date(2026, 11, 1), "latest": _LATEST}],
    "follow_up_closed": [{"ticket": CLOSED}],
    "follow_up_cancelled": [
        {"reminders": [_REMINDER], "ticket": OPEN},
        {"reminders": [], "ticket": OPEN},
        {"reminders": [], "ticket": None},
    ],
    "follow_up_due": [{"ticket": TICKET, "asked": date(2026, 11, 25)}],
    "account_lock_question": [{"domains": [DOMAIN, ENDING], "before": False}, {"domains": [], "before": True}],
    "account_locked": [
        {"before": False, "locked": [DOMAIN], "refused": [ENDING], "number": "46057489"},
        {"before": True, "locked": [], "refused": [], "number": ""},
    ],
    "account_lock_notice": [{"who": WHO, "locked": [DOMAIN]}, {"who": WHO, "locked": []}],
    "notice_transferred": [
        {"domain": _ARRIVED},
        {"domain": replace(_ARRIVED, auto_renew=False, expires=None, nameservers=())},
    ],
    "notice_transfer_failed": [{"domain": _FAILED}],
    "notice_trouble": [
        {"issue": _TROUBLE, "services": [SERVICE, PLAIN_SERVICE]},
        {"issue": replace(_TROUBLE, body=""), "services": [SERVICE]},
    ],
}
