"""What clients do with the DNS of their domains by mail."""

from __future__ import annotations

import pytest

from core.errors import Unsupported
from core.ports import DelegationSigner, GlueHost, Record
from tests.desk import TestDesk
from tests.walk.test_domains import CODE, becomes, code_in, confirmed

DIGEST = "49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4ACD4AC"


def records(desk: TestDesk, name: str = "bakery.example") -> tuple[Record, ...]:
    return desk.app.around.registrar.zones.zone(name).records


def test_a_record_comes_with_the_code_and_goes_by_undo(desk: TestDesk) -> None:
    before = records(desk)
    mails = confirmed(desk, "Add this DNS record to bakery.example\nblog A 192.0.2.77")
    assert set(records(desk)) - set(before) == {Record("blog", "A", "192.0.2.77")}
    (notice,) = mails.of_kind("notice")
    desk.says("alice", "UNDO", reply_to=notice)
    assert records(desk) == before


def test_a_record_that_was_taken_away_comes_back_by_undo_with_all_it_had(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    confirmed(desk, "Add this DNS record to bakery.example\nMX 20 mail.cloud.example")
    before = records(desk)
    mails = confirmed(desk, "Remove the MX record of bakery.example")
    assert not [one for one in records(desk) if one.type == "MX"]
    desk.says("alice", "UNDO", reply_to=mails.of_kind("notice")[0])
    assert records(desk) == before


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("Add TXT site-proof=abc-123 to bakery.example", Record("@", "TXT", "site-proof=abc-123")),
        (
            "Add a TXT record to bakery.example\nType: TXT\nName: _dmarc\nValue: v=DMARC1; p=none\nTTL: 300",
            Record("_dmarc", "TXT", "v=DMARC1; p=none", ttl=300),
        ),
        ("Add an A record for blog.bakery.example pointing to 192.0.2.9", Record("blog", "A", "192.0.2.9")),
        (
            "Add a CNAME record shop.bakery.example to shops.cloud.example",
            Record("shop", "CNAME", "shops.cloud.example"),
        ),
        (
            "Add an MX record to bakery.example: mail.cloud.example with priority 20",
            Record("@", "MX", "mail.cloud.example", 20),
        ),
    ],
)
def test_records_are_read_as_people_write_them(desk_on_sqlite: TestDesk, text: str, record: Record) -> None:
    confirmed(desk_on_sqlite, text)
    assert record in records(desk_on_sqlite)


def test_what_cannot_be_read_and_what_a_zone_cannot_hold_changes_nothing(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    before = records(desk)
    assert "@ MX 10" in desk.says("alice", "Add a TXT record to bakery.example").to("alice")
    question = desk.says("alice", "Add this DNS record to bakery.example\nwww CNAME shops.cloud.example").to("alice")
    refused = desk.says("alice", code_in(question), reply_to=question).to("alice")
    assert "no other record" in refused.text.replace("\n", " ") and records(desk) == before


def test_records_on_nameservers_of_others_are_changed_there(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    becomes(desk, "bakery.example", nameservers=["ns1.cloud.example", "ns2.cloud.example"])
    answer = desk.says("alice", "Add this DNS record to bakery.example\nwww A 192.0.2.1").to("alice")
    assert "not ours" in answer and not CODE.search(answer.text)
    assert "They do not count" in desk.says("alice", "Show the DNS records of bakery.example").to("alice")


def test_a_zone_of_somebody_else_is_nothing_of_theirs(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    for text in (
        "Show the DNS records of hale.example",
        "Add this DNS record to hale.example\nwww A 192.0.2.1",
        f"Add this DS record to hale.example\n12345 13 2 {DIGEST}",
        "Create nameserver ns1.hale.example with 192.0.2.53",
    ):
        answer = desk.says("alice", text).to("alice")
        assert "192.0.2.20" not in answer and not CODE.search(answer.text), text


def test_a_ds_record_is_checked_published_and_undone(desk: TestDesk) -> None:
    zones = desk.app.around.registrar.zones
    for wrong, why in (
        (f"12345 5 2 {DIGEST}", "algorithm"),
        ("12345 13 1 2BB183AF5F22588179A53B0A98631FAD1A292118", "digest type"),
        (f"12345 13 2 {DIGEST[:-2]}", "length"),
        (f"70000 13 2 {DIGEST}", "key tag"),
    ):
        answer = desk.says("alice", f"Add this DS record to bakery.example\n{wrong}").to("alice")
        assert why in answer.text.replace("\n", " ") and not CODE.search(answer.text.partition("like this")[0])
    mails = confirmed(desk, f"Add this DS record to bakery.example\n12345 13 2 {DIGEST[:32]} {DIGEST[32:]}")
    assert zones.signers("bakery.example") == (DelegationSigner(12345, 13, 2, DIGEST),)
    desk.says("alice", "UNDO", reply_to=mails.of_kind("notice")[0])
    assert zones.signers("bakery.example") == ()


def test_glue_has_addresses_until_it_is_removed_and_not_while_in_use(desk_on_sqlite: TestDesk) -> None:
    desk = desk_on_sqlite
    zones = desk.app.around.registrar.zones
    confirmed(desk, "Create nameserver ns1.bakery.example with 192.0.2.53 and 2001:db8::53")
    assert zones.glue("bakery.example") == (GlueHost("ns1.bakery.example", ("192.0.2.53", "2001:db8::53")),)
    becomes(desk, "bakery.example", nameservers=["ns1.bakery.example", "ns2.desk.example"])
    question = desk.says("alice", "Remove the nameserver ns1.bakery.example").to("alice")
    desk.says("alice", code_in(question), reply_to=question)
    assert zones.glue("bakery.example")
    becomes(desk, "bakery.example", nameservers=["ns1.desk.example", "ns2.desk.example"])
    confirmed(desk, "Remove the nameserver ns1.bakery.example")
    assert not zones.glue("bakery.example")


def test_a_registrar_without_a_dns_side_makes_it_a_ticket(
    desk_on_sqlite: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_sqlite

    def none(_: object) -> None:
        raise Unsupported("zones")

    monkeypatch.setattr(type(desk.app.around.registrar), "zones", property(none))
    assert desk.says("alice", "Show the DNS records of bakery.example").all_to("sam")
