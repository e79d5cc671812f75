"""Samples of what the desk asks its staff about mails that they forward."""

from __future__ import annotations

from typing import Any

from core.staff.held import Problem
from tests.samples.cast import TICKET

_TEXT = "My site is down."
_NAMES = ["alice@bakery.example", "bob@bakery.example"]
_FORWARDED = (
    Problem("no_sender", about={"names": []}),
    Problem("several_senders", about={"names": _NAMES}),
    Problem("desk_sender", about={"sender": "support@desk.example", "names": _NAMES[:1]}),
    Problem("staff_sender", about={"sender": "dana@desk.example", "names": []}),
    Problem("robot_sender", about={"sender": "noreply@bakery.example", "names": _NAMES}),
    Problem("note_or_reply"),
)
_BEGUN = (
    Problem("slip", "#cleint alice@bakery.example", {"near": "#client"}),
    Problem("slip", "#client alice@bakery.example", {"near": ""}),
    Problem("no_address", "#client alice"),
    Problem("no_reader", "#client dana@desk.example"),
    Problem("nothing_said"),
    Problem("not_your_department", about={"department": "Sales"}),
)

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "staff_onbehalf_ask": [
        *({"ticket": TICKET, "problem": problem, "text": _TEXT, "forwards": True} for problem in _FORWARDED),
        *({"ticket": TICKET, "problem": problem, "text": _TEXT, "forwards": False} for problem in _BEGUN),
    ],
    "staff_onbehalf_note": [{"ticket": TICKET}],
}
