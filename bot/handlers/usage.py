"""How full a service is."""

from __future__ import annotations

from core.context import Context
from core.errors import Refusal
from core.intents import intent
from core.messages import Reply, say
from core.people import Permission, Risk
from core.ports import Service


@intent(
    "service.usage",
    says=(
        "disk use of {service}",
        "how much disk space does {service} use",
        "how full is the hosting of {service}",
        "bandwidth of {service}",
        "how much traffic does {service} use",
        "how full is the web space of {service}",
        "how full is my web space",
        "wie viel speicherplatz belegt {service}",
        "cuánto espacio usa {service}",
        "quanto spazio usa {service}",
        "hoeveel schijfruimte gebruikt {service}",
    ),
    risk=Risk.READ,
    permission=Permission.PRODUCTS,
    rows=("X16",),
)
def show_usage(ctx: Context, service: Service) -> Reply:
    """How much disk space and traffic a service uses, of how much."""
    if service.status in ("Cancelled", "Terminated", "Fraud", "Completed"):
        raise Refusal("service_ended", service=service)
    return say("service_usage", service=service)
