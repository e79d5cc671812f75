"""Samples for the replies about DNS records, DNSSEC and nameservers of one's own."""

from __future__ import annotations

from typing import Any

from core.ports import DelegationSigner, Record
from tests.samples.cast import DOMAIN

A = Record("www", "A", "192.0.2.10")
MX = Record("@", "MX", "saturn.desk.example", 10)
TXT = Record("@", "TXT", "v=spf1 a mx -all")
SIGNER = DelegationSigner(12345, 13, 2, "49FD46E6" * 8)
HOST = "ns1.bakery.example"
SIGNED = [
    {"domain": DOMAIN, "add": [SIGNER], "remove": [], "off": False},
    {"domain": DOMAIN, "add": [], "remove": [SIGNER], "off": True},
]
ADDRESSES = [
    {"host": HOST, "before": before, "after": after}
    for before, after in (
        ((), ("192.0.2.53",)),
        (("192.0.2.53",), ("192.0.2.54", "2001:db8::53")),
        (("192.0.2.53",), ()),
    )
]
HOSTS = ("ns1.cloud.example", "ns2.cloud.example")
CHANGES = [
    {"domain": DOMAIN, "add": (MX,), "remove": (), "kept": [TXT, MX]},
    {"domain": DOMAIN, "add": (), "remove": [MX, A], "kept": []},
]

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "dns_records": [
        {"domain": DOMAIN, "records": (MX, TXT, A), "elsewhere": ()},
        {"domain": DOMAIN, "records": (), "elsewhere": HOSTS},
    ],
    "dns_elsewhere": [{"domain": DOMAIN, "hosts": hosts} for hosts in (HOSTS, ())],
    "dns_record_unread": [{"domain": DOMAIN, "records": (A, MX), "adding": adding} for adding in (True, False)],
    "dns_same": [{"domain": DOMAIN, "records": [MX, A], "there": there} for there in (True, False)],
    "dns_question": CHANGES,
    "dns_done": CHANGES,
    "dnssec": [{"domain": DOMAIN, "signers": signers} for signers in ((SIGNER,), ())],
    "dnssec_form": [{"domain": DOMAIN, "wrong": wrong} for wrong in ("tag", "algorithm", "type", "digest", "")],
    "dnssec_question": SIGNED,
    "dnssec_done": SIGNED,
    "glue_form": [{"host": host} for host in (HOST, "")],
    "glue_same": [{"host": HOST, "addresses": addresses} for addresses in (("192.0.2.53",), ())],
    "glue_question": ADDRESSES,
    "glue_done": ADDRESSES,
}
