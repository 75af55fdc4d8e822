"""Bad input: each gets a 4xx problem that names the field and the rule; nothing is written."""

import json
import random

import pytest
from organisation import LEAD, Organisation, Person, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def person(organisation) -> Person:
    return organisation.person()


@pytest.fixture(autouse=True)
def _nothing_is_written(organisation):
    tables = (
        "crm.leads",
        "crm.customers",
        "crm.prospects",
        "ingest.imports",
        "app.files",
        "app.idempotency_keys",
    )
    before = [organisation.count(table) for table in tables]
    yield
    assert [organisation.count(table) for table in tables] == before


def post(person: Person, body: bytes | str, **headers: str):
    headers = {"Content-Type": "application/json"} | headers
    return person.http.post("/api/leads", content=body, headers=headers)


@pytest.mark.parametrize("body", ["[]", "null", "true", '"text"', "1", "[{}]"])
def test_json_that_is_not_an_object(person, body):
    response = post(person, body)
    assert response.status_code == 422
    assert codes(response) == {"": "request.not_an_object"}


@pytest.mark.parametrize(
    "body", ["", "{", '{"a"}', "{'a': 1}", '{"a": 1,}', "{} {}", "\ufeff{}", '{"a": 01}', '{"a": "\n"}']
)
def test_what_is_no_json(person, body):
    response = post(person, body)
    assert response.status_code == 400
    assert problem(response)["code"] == "request.json_invalid"


def test_a_body_that_is_not_utf8(person):
    assert problem(post(person, b'{"a": "\xff"}'))["code"] == "request.encoding"


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""]
)
def test_another_media_type(person, media_type):
    response = post(person, "{}", **{"Content-Type": media_type})
    assert response.status_code == 415


@pytest.mark.parametrize(
    ("fragment", "field", "code"),
    [
        ('"notes": "' + "x" * 1_000_000 + '"', "notes", "request.string_too_long"),
        ('"notes": "a\\u0000b"', "notes", "request.nul"),
        ('"notes": "\\ud800"', "notes", "request.encoding"),
        ('"no\\u0000tes": 1', "no\ufffdtes", "request.nul"),
        ('"est_volume_value": 1e400', "est_volume_value", "request.number_too_large"),
        ('"est_volume_value": 1e-400', "est_volume_value", "request.number_too_large"),
        ('"est_volume_value": ' + "9" * 100_000, "est_volume_value", "request.number_too_large"),
        ('"est_volume_value": -' + "9" * 31, "est_volume_value", "request.number_too_large"),
        ('"est_volume_value": NaN', "est_volume_value", "request.not_a_number"),
        ('"est_volume_value": -Infinity', "est_volume_value", "request.not_a_number"),
        ('"notes": "a", "notes": "b"', "notes", "request.duplicate"),
        ('"notes": [[["\\u0000"]]]', "notes[0][0][0]", "request.nul"),
        ('"notes": ' + '{"a":' * 40 + "1" + "}" * 40, "notes" + ".a" * 15, "request.too_deep"),
        ('"notes": ' + "[" * 200_000, "", "request.too_deep"),
        ('"surprise": 1', "surprise", "lead.field.unknown"),
        ('"lead_id": "LEADSEM0101260001"', "lead_id", "lead.field.unknown"),
        ('"org_id": "00000000-0000-0000-0000-000000000000"', "org_id", "lead.field.unknown"),
        ('"company_name": 5', "company_name", "lead.company_name.type"),
        ('"company_name": {"a": 1}', "company_name", "lead.company_name.type"),
        ('"company_name": null', "company_name", "lead.company_name.required"),
        ('"company_name": "  "', "company_name", "lead.company_name.required"),
        ('"email": "nobody"', "email", "lead.email.format"),
        ('"service_code": "NOPE"', "service_code", "lead.service_code.unknown"),
        ('"lead_date": "2026-02-30"', "lead_date", "lead.lead_date.format"),
        ('"lead_date": "2999-12-31"', "lead_date", "lead.lead_date.future"),
        ('"need_rfq": "yes"', "need_rfq", "lead.need_rfq.type"),
        ('"sales_owner_user_id": "x"', "sales_owner_user_id", "lead.sales_owner_user_id.format"),
    ],
)
def test_a_field_and_its_rule_are_named(person, fragment, field, code):
    name = fragment.split('"')[1]
    others = json.dumps({key: value for key, value in LEAD.items() if key != name})
    response = post(person, f"{others[:-1]}, {fragment}}}")
    assert response.status_code == 422
    assert codes(response).get(field[:100]) == code


def test_all_bad_fields_are_reported_together(person):
    found = codes(post(person, json.dumps(LEAD | {"email": "x", "service_code": "x", "primary_channel": 1})))
    assert found == {
        "email": "lead.email.format",
        "service_code": "lead.service_code.unknown",
        "primary_channel": "lead.primary_channel.type",
    }
    assert set(codes(post(person, "{}"))) == set(LEAD)


def test_somebody_of_another_organisation_is_nobody(person, database, bff):
    other = Organisation(database, bff)
    owner = other.person("salesperson", "SAL")
    other.close()
    response = post(person, json.dumps(LEAD | {"sales_owner_user_id": str(owner.user_id)}))
    assert codes(response) == {"sales_owner_user_id": "lead.sales_owner_user_id.not_allowed"}


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "ümlaut"])
def test_a_malformed_idempotency_key(person, key):
    response = post(person, json.dumps(LEAD), **{"Idempotency-Key": key.encode()})
    assert response.status_code == 422
    assert codes(response) == {"Idempotency-Key": "request.idempotency_key"}


def test_two_idempotency_keys(person):
    headers = [
        ("Idempotency-Key", "a-key"),
        ("Idempotency-Key", "another"),
        ("Content-Type", "application/json"),
    ]
    response = person.http.post("/api/leads", content=json.dumps(LEAD), headers=headers)
    assert codes(response) == {"Idempotency-Key": "request.idempotency_key"}


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("limit=0", "limit", "request.greater_than_equal"),
        ("limit=101", "limit", "request.less_than_equal"),
        ("limit=1.0", "limit", "request.integer"),
        ("limit=+1", "limit", "request.integer"),
        ("limit=%201", "limit", "request.integer"),
        ("limit=1_0", "limit", "request.integer"),
        ("limit=٣", "limit", "request.integer"),
        ("limit=", "limit", "request.integer"),
        ("limit=" + "9" * 5000, "limit", "request.number_too_large"),
        ("limit=1&limit=2", "limit", "request.duplicate"),
        ("offset=5", "offset", "request.extra_forbidden"),
        ("Limit=5", "Limit", "request.extra_forbidden"),
        ("status=new", "status", "request.literal_error"),
        ("status=", "status", "request.literal_error"),
        ("sales_owner_user_id=me", "sales_owner_user_id", "request.uuid_parsing"),
        ("customer_id=1'%20or%201=1", "customer_id", "request.string_pattern_mismatch"),
        ("lead_date_from=2026-13-01", "lead_date_from", "request.date"),
        ("lead_date_from=1700000000", "lead_date_from", "request.date"),
        ("service_code=%00", "service_code", "request.string_pattern_mismatch"),
        ("cursor=", "cursor", "request.string_too_short"),
        ("cursor=a.b", "cursor", "request.string_pattern_mismatch"),
        ("cursor=" + "A" * 3000, "cursor", "request.string_too_long"),
        ("cursor=AAAA", "cursor", "cursor.invalid"),
        ("cursor=eyJjcmVhdGVkX2F0IjogIjIwMjYifQ", "cursor", "cursor.invalid"),
    ],
)
def test_a_query_parameter_and_its_rule_are_named(person, query, field, code):
    response = person.http.get(f"/api/leads?{query}")
    assert response.status_code == 422
    assert codes(response) == {field: code}


@pytest.mark.parametrize("query", ["status=%ff", "a", "&".join(f"a{n}=1" for n in range(100))])
def test_a_query_string_that_is_none(person, query):
    response = person.http.get(f"/api/leads?{query}")
    assert response.status_code == 422
    assert problem(response)["code"] == "request.query"


@pytest.mark.parametrize(
    "path",
    [
        "/api/leads/%00",
        "/api/leads/LEAD'--",
        "/api/leads/" + "A" * 5000,
        "/api/imports/0",
        "/api/imports/-1",
        "/api/imports/x",
        "/api/imports/1e3",
        "/api/imports/99999999999999999999",
        "/api/imports/1/rows?status=bad",
        "/api/files/%F0%9F%90%98",
    ],
)
def test_a_malformed_id(person, path):
    response = person.http.get(path)
    assert response.status_code == 422
    assert problem(response)["errors"]


@pytest.mark.parametrize(
    "path", ["/api/leads/LEADSEM0101260001", "/api/imports/9223372036854775807", "/api/files/1000000"]
)
def test_an_id_that_nobody_has(person, path):
    response = person.http.get(path)
    assert response.status_code == 404
    assert problem(response)["code"].endswith("not_found")


def test_random_bytes_are_never_a_failure_of_ours(person):
    dice = random.Random(7)
    for _ in range(300):
        noise = dice.randbytes(dice.randrange(60))
        assert 400 <= post(person, noise).status_code < 500
        assert 400 <= post(person, b'{"company_name": "' + noise + b'"}').status_code < 500
