"""Which department a message belongs to: by the address it was sent to, then by what it says."""

from __future__ import annotations

from core.desk import Department, Desk
from core.messages import InboundMessage


def route(desk: Desk, message: InboundMessage, by_content: str) -> Department:
    """The department addressed in the envelope, else one named in To or Cc, else `by_content`, if there is such one."""
    addresses = [message.recipient, *(address.value for address in (*message.to, *message.cc))]
    for address in addresses:
        department = desk.department_at(address)
        if department is not None:
            return department
    return next((one for one in desk.departments if one.name == by_content), desk.default)
