"""The description of the interface is complete, valid, and can be read without any other host."""

import re

import httpx
import pytest
from openapi_spec_validator import validate

from bff.routes import ROUTES


@pytest.fixture(scope="module")
def http(bff):
    with httpx.Client(base_url=bff) as client:
        yield client


@pytest.fixture(scope="module")
def document(http) -> dict:
    response = http.get("/openapi.json")
    assert response.headers["content-type"] == "application/json"
    return response.json()


def operations(document: dict) -> list[tuple[str, str, dict]]:
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_every_route_is_in_it_and_nothing_else(document):
    assert {(method, path) for method, path, _ in operations(document)} == {
        (route.method, route.path) for route in ROUTES
    }


def test_names_of_operations_are_unique(document):
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)


def test_every_parameter_of_a_path_is_described(document):
    for _, path, operation in operations(document):
        described = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert described == set(re.findall(r"{(\w+)}", path))


def test_what_needs_a_token_says_so_and_documents_401(document):
    for _, path, operation in operations(document):
        assert bool(operation["security"]) == ("401" in operation["responses"]) or path.startswith(
            "/api/auth/"
        )


def test_every_error_is_described_as_a_problem(document):
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"]


def test_changes_take_an_idempotency_key(document):
    for path in ("/api/leads", "/api/imports"):
        names = [p["name"] for p in document["paths"][path]["post"]["parameters"]]
        assert "Idempotency-Key" in names


def test_a_file_may_be_of_any_type(document):
    answer = document["paths"]["/api/files/{file_id}"]["get"]["responses"]["200"]
    assert list(answer["content"]) == ["*/*"]


def test_what_comes_in_as_a_file_or_as_rows_is_described_both_ways(document):
    content = document["paths"]["/api/kpi/import"]["post"]["requestBody"]["content"]
    assert list(content) == ["multipart/form-data", "application/json"]
    rows = document["components"]["schemas"]["RowsToImport"]["properties"]["rows"]
    cell = rows["items"]["additionalProperties"]
    assert (rows["maxItems"], cell) == (5000, {"type": ["string", "number", "null"]})


def test_a_lead_is_described_with_all_its_fields(document):
    described = document["components"]["schemas"]["NewLead"]["properties"]
    assert len(described) == 33
    assert sum(name.startswith("rfq_") for name in described) == 12


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/docs", "text/html"), ("/docs/docs.js", "text/javascript"), ("/docs/docs.css", "text/css")],
)
def test_the_page_to_try_it_is_served_from_here(http, path, media_type):
    response = http.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    assert not re.search(r"(src|href)=.?https?:|//cdn|import\(", response.text)
    for asset in re.findall(r'(?:src|href)="(/[^"]+)"', response.text):
        assert http.get(asset).status_code == 200
