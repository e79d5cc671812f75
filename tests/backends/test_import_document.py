"""Reading an import document: what is refused, and how the refusal helps."""

from __future__ import annotations

from typing import Any

import pytest

from bot.importing import DocumentErrors, read_document
from tests.backends.documents import ALICE, COMPANY, SATURN, STARTER, VICTOR, document, domain, invoice, service


def errors(text: str) -> tuple[str, ...]:
    with pytest.raises(DocumentErrors) as refused:
        read_document(text)
    return refused.value.errors


def errors_of_alice(**more: Any) -> tuple[str, ...]:
    return errors(document(clients=[{**ALICE, **more}]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"company":\n {"name" "x"}}', "line 2, column 10: not JSON: expected `:`"),
        ('{"clients": [],}', "line 1, column 16: not JSON: trailing comma"),
        ("", "line 1, column 0: not JSON: EOF while parsing a value"),
        ("[]", "the document: wants an object"),
        ("null", "the document: wants an object, not null"),
        ("\udcff", "the document: is not UTF-8 text"),
    ],
)
def test_what_is_not_a_json_object_is_named_with_its_place(text: str, expected: str) -> None:
    (error,) = errors(text)
    assert error.startswith(expected)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_document("\ufeff{}").clients == ()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"frist_name": "Alice"}, "clients[0].frist_name: unknown key; did you mean first_name?"),
        ({"zzz": 1}, "clients[0].zzz: unknown key"),
        ({"credit": 20}, 'clients[0].credit: wants an amount as text with two decimals, like "5.00", not 20'),
        ({"credit": "20"}, 'clients[0].credit: wants an amount as text with two decimals, like "5.00", not "20"'),
        ({"credit": "1e3"}, 'clients[0].credit: wants an amount as text with two decimals, like "5.00", not "1e3"'),
        ({"credit": "12345678901.00"}, "clients[0].credit: wants an amount"),
        ({"country": "France"}, 'clients[0].country: wants a country as two capital letters (ISO 3166), not "France"'),
        ({"status": "active"}, 'clients[0].status: wants one of Active, Inactive, Closed, not "active"'),
        ({"email": "alice"}, 'clients[0].email: wants an e-mail address, not "alice"'),
        ({"id": True}, "clients[0].id: wants an id: a number or text of 1 to 40 characters, not true"),
        ({"id": ""}, "clients[0].id: wants an id: a number or text of 1 to 40 characters"),
        ({"id": 10**41}, "clients[0].id: wants an id"),
        ({"services": [service(1, disk_used_mb=10**30)]}, "clients[0].services[0].disk_used_mb: Input should be less"),
        ({"credit": 0}, 'clients[0].credit: wants an amount as text with two decimals, like "5.00", not 0'),
        ({"first_name": "x" * 256}, "clients[0].first_name: is too long"),
        ({"first_name": None}, "clients[0].first_name: wants text, not null"),
        ({"city": "Pa\u0000ris"}, "clients[0].city: holds control characters"),
        ({"contacts": {}}, "clients[0].contacts: wants a list"),
        ({"contacts": [7]}, "clients[0].contacts[0]: wants an object, not 7"),
        ({"contacts": [{"id": 1}]}, "clients[0].contacts[0].email: missing"),
        (
            {"contacts": [{"id": 1, "email": "bob@bakery.example", "permissions": ["domain"]}]},
            "clients[0].contacts[0].permissions[0]: wants one of profile, contacts, products,",
        ),
        (
            {"services": [service(1, next_due_date="2026-02-30")]},
            'clients[0].services[0].next_due_date: wants a date like "2026-12-01", not "2026-02-30"',
        ),
        ({"services": [service(1, next_due_date="20261201")]}, "clients[0].services[0].next_due_date: wants a date"),
        ({"services": [service(1, disk_used_mb="9")]}, "clients[0].services[0].disk_used_mb: wants a whole number"),
        (
            {"domains": [domain(1, "bakery.example", locked="yes")]},
            'clients[0].domains[0].locked: wants true or false, not "yes"',
        ),
        (
            {"domains": [domain(1, "b\u00e4cker.example")]},
            "clients[0].domains[0].name: wants the ASCII form, xn--bcker-gra.example",
        ),
        ({"domains": [domain(1, "bakery")]}, "clients[0].domains[0].name: wants a domain name like bakery.example"),
        (
            {"domains": [domain(1, "bakery.example", admin={"nmae": "Alice"})]},
            "clients[0].domains[0].admin.nmae: unknown key; did you mean name?",
        ),
        (
            {"domains": [domain(1, "bakery.example", admin={"email": "alice"})]},
            "clients[0].domains[0].admin.email: wants an e-mail address",
        ),
        ({"affiliate": {"id": 1, "visitors": -1}}, "clients[0].affiliate.visitors: Input should be greater than"),
        ({"affiliate": {"id": 1, "vistors": 1}}, "clients[0].affiliate.vistors: unknown key; did you mean visitors?"),
        ({"emails": [{"date": "2026-11-01T10:00:00"}]}, "clients[0].emails[0].date: wants a moment like"),
        ({"services": [service(1, status="Running")]}, "clients[0].services[0].status: wants one of Pending, Active,"),
    ],
)
def test_a_wrong_value_is_named_by_its_path_with_what_it_should_be(more: dict[str, Any], expected: str) -> None:
    (error,) = errors_of_alice(**more)
    assert error.startswith(expected)


def test_keys_of_prices_and_endings_are_checked_too() -> None:
    found = errors(
        document(
            products=[{**STARTER, "prices": {"monthy": "5.00"}}],
            tlds=[{"tld": "com", "regster": "1.00"}, {"tld": ".net"}],
        )
    )
    assert found[0] == "products[0].prices.monthy: unknown key; did you mean monthly?"
    assert found[1] == "tlds[0].regster: unknown key; did you mean register?"
    assert found[2].startswith("tlds[1].tld: wants an ending like com")


@pytest.mark.parametrize(
    "address",
    [
        "alice",
        "alice@",
        "@bakery.example",
        "alice@bakery",
        "alice@@bakery.example",
        "alice@bakery..example",
        "alice@.example",
        "alice martin@bakery.example",
        "alice@bakery.example\n",
        " alice@bakery.example",
        "Alice <alice@bakery.example>",
        "alice@bakery.example,bob@bakery.example",
        "alice\u200b@bakery.example",
        "alice\u00a0@bakery.example",
        "a" * 65 + "@bakery.example",
        "alice@" + "b" * 64 + ".example",
    ],
)
def test_what_cannot_be_an_address_is_refused(address: str) -> None:
    assert len(errors_of_alice(email=address)) == 1


@pytest.mark.parametrize(
    "address", ["a@b.example", "o'neil+x=1@bakery.example", "\u00e9lise@bakery.example", "a.b-c_d@xn--9ca.example"]
)
def test_unusual_addresses_are_taken_as_they_stand(address: str) -> None:
    assert read_document(document(clients=[{**ALICE, "email": address}])).clients[0].email == address


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"clients": [ALICE, {**VICTOR, "id": "1001"}]}, "clients[1].id: 1001 already stands at clients[0].id"),
        ({"articles": [{"id": 1, "title": "a", "body": ""}] * 2}, "articles[1].id: 1 already stands at articles[0].id"),
        ({"tlds": [{"tld": "com"}, {"tld": "com"}]}, "tlds[1].tld: com already stands at tlds[0].tld"),
        (
            {"staff": [{"name": "Sam", "email": "sam@desk.example"}, {"name": "Sam", "email": "SAM@desk.example"}]},
            "staff[1].email: sam@desk.example already stands at staff[0].email",
        ),
        (
            {"clients": [{**ALICE, "invoices": [invoice(9)]}, {**VICTOR, "invoices": [invoice(8), invoice(9)]}]},
            "clients[1].invoices[1].id: 9 already stands at clients[0].invoices[0].id",
        ),
        (
            {"clients": [{**ALICE, "pay_methods": [{"id": 1, "type": "card"}] * 2}]},
            "clients[0].pay_methods[1].id: 1 already stands at clients[0].pay_methods[0].id",
        ),
        (
            {
                "clients": [
                    {**ALICE, "domains": [domain(1, "bakery.example")]},
                    {**VICTOR, "domains": [domain(2, "BAKERY.example", status="Grace Period (Expired)")]},
                ]
            },
            "clients[1].domains[0].name: bakery.example already stands at clients[0].domains[0].name",
        ),
        (
            {"clients": [{**ALICE, "services": [service(1, addons=[service(1), service(1)])]}]},
            "clients[0].services[0].addons[1].id: 1 already stands at clients[0].services[0].addons[0].id",
        ),
    ],
)
def test_an_id_that_stands_twice_is_named_with_both_places(parts: dict[str, Any], expected: str) -> None:
    assert errors(document(**parts)) == (expected,)


def test_ids_that_are_numbered_per_client_may_repeat_and_so_may_names_of_past_domains() -> None:
    part = {"contacts": [{"id": 1, "email": "bob@bakery.example"}], "pay_methods": [{"id": 1, "type": "card"}]}
    clients = [
        {**ALICE, **part, "domains": [domain(1, "bakery.example", status="Transferred Away")]},
        {**VICTOR, **part, "domains": [domain(2, "bakery.example")]},
    ]
    assert len(read_document(document(clients=clients)).clients) == 2


def test_references_to_products_and_servers_must_lead_somewhere() -> None:
    lost = service(1, product_id=9, server_id=7, addons=[service(2, product_id=8)])
    found = errors(
        document(
            products=[{**STARTER, "upgrade_to": [5]}],
            servers=[SATURN],
            downloads=[{"id": 1, "title": "Guide", "url": "https://desk.example/g.pdf", "product_ids": [1, 6]}],
            network_issues=[
                {"id": 1, "title": "x", "status": "Outage", "server": 4, "starts": "2026-11-01T10:00:00+01:00"}
            ],
            clients=[{**ALICE, "services": [lost]}],
        )
    )
    assert found == (
        "products[0].upgrade_to[0]: there is no product 5",
        "downloads[0].product_ids[1]: there is no product 6",
        "clients[0].services[0].product_id: there is no product 9",
        "clients[0].services[0].addons[0].product_id: there is no product 8",
        "network_issues[0].server: there is no server 4",
        "clients[0].services[0].server_id: there is no server 7",
    )


def test_a_number_without_end_is_an_error_like_any_other() -> None:
    assert len(errors('{"clients": [{"email": "a@b.example", "id": ' + "9" * 5000 + "}]}")) == 1


def test_many_errors_are_collected_up_to_twenty() -> None:
    assert len(errors(document(clients=[{"id": number} for number in range(50)]))) == 20
    assert len(errors(document(clients=[ALICE] * 50))) == 20


def test_a_refused_auth_code_is_not_repeated() -> None:
    (error,) = errors_of_alice(domains=[domain(1, "bakery.example", auth_code=["s3cret"])])
    assert error == "clients[0].domains[0].auth_code: wants text"
    (error,) = errors_of_alice(domains=[domain(1, "bakery.example", auth_code="s3cret" * 50)])
    assert "s3cret" not in error


def test_an_id_is_the_same_as_number_and_as_text() -> None:
    read = read_document(
        document(products=[STARTER], clients=[{**ALICE, "services": [service("x-1", product_id="1")]}])
    )
    assert (read.clients[0].id, read.clients[0].services[0].id) == ("1001", "x-1")


def test_the_company_needs_a_name_and_a_currency() -> None:
    found = errors(document(company={**COMPANY, "name": "", "currency": "Euro"}))
    assert [line.split(": ")[0] for line in found] == ["company.name", "company.currency"]
