"""What every route has in common: problems, request ids, headers, ETags, limits, health."""

import asyncio
import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest
from organisation import LEAD, Organisation, Person, problem

from bff.app import create_app
from db.settings import Settings


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def person(organisation) -> Person:
    return organisation.person()


@pytest.fixture(scope="module")
def stranger(bff):
    with httpx.Client(base_url=bff) as client:
        yield client


def test_an_unknown_path_is_a_problem(stranger):
    response = stranger.get("/api/nothing")
    assert response.status_code == 404
    assert problem(response)["code"] == "not_found"


def test_a_trailing_slash_is_another_path(person):
    assert person.http.post("/api/leads/", json=LEAD).status_code == 404


def test_an_unknown_method_names_the_methods_there_are(stranger):
    response = stranger.put("/api/leads")
    assert problem(response)["code"] == "request.method"
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["allow"].replace(" ", "").split(","))


def test_nobody_gets_in_without_a_token(stranger):
    for method, path in [("GET", "/api/leads"), ("POST", "/api/leads"), ("POST", "/api/imports")]:
        response = stranger.request(method, path)
        assert response.status_code == 401
        assert problem(response)["code"] == "token.missing"
        assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_request_id_comes_back_and_a_bad_one_is_replaced(stranger):
    assert (
        stranger.get("/healthz", headers={"X-Request-ID": "order-4711.a"}).headers["x-request-id"]
        == "order-4711.a"
    )
    for bad in ("short", "x" * 65, "with blank here", "newline?\\n{}"):
        assert stranger.get("/healthz", headers={"X-Request-ID": bad}).headers["x-request-id"] != bad


def test_browsers_are_told_to_be_careful(stranger):
    for path in ("/healthz", "/nothing", "/docs"):
        headers = stranger.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in stranger.get("/docs").headers["content-security-policy"]


def test_a_get_is_304_for_who_has_it_already(person):
    first = person.http.get("/api/auth/me")
    assert first.status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"
    etag = first.headers["etag"]
    for value in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = person.http.get("/api/auth/me", headers={"If-None-Match": value})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == etag
    assert person.http.get("/api/auth/me", headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_etag_changes_with_the_answer(person):
    before = person.http.get("/api/leads").headers["etag"]
    assert person.http.post("/api/leads", json=LEAD).status_code == 201
    assert person.http.get("/api/leads", headers={"If-None-Match": before}).status_code == 200


def test_head_has_the_headers_of_get(person):
    got, head = person.http.get("/api/auth/me"), person.http.head("/api/auth/me")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]


def test_who_is_deactivated_is_out_at_once(organisation):
    leaver = organisation.person("salesperson", "SAL")
    assert leaver.http.get("/api/auth/me").status_code == 200
    organisation.sql("update app.profiles set is_active = false where user_id = %s", leaver.user_id)
    response = leaver.http.get("/api/auth/me")
    assert response.status_code == 401
    assert problem(response)["code"] == "auth.unknown_user"


def test_a_body_that_is_too_large_is_refused_announced_or_not(person):
    def endless():
        for _ in range(40):
            yield b"x" * 100_000

    headers = {"Content-Type": "application/json"}
    for content in (b"x" * 4_000_000, endless()):
        response = person.http.post("/api/leads", content=content, headers=headers)
        assert response.status_code == 413
        assert problem(response)["code"] == "request.too_large"
    assert person.http.get("/api/auth/me").status_code == 200


def test_a_client_that_hangs_up_in_the_middle_of_its_body_disturbs_nobody(bff, person):
    place = urlsplit(bff)
    for _ in range(10):
        with socket.create_connection((place.hostname, place.port)) as connection:
            connection.sendall(
                b"POST /api/leads HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Authorization: " + person.http.headers["authorization"].encode() + b"\r\n"
                b'Content-Length: 1000\r\n\r\n{"a": 1'
            )
    assert person.http.get("/api/auth/me").status_code == 200


@pytest.mark.parametrize(
    "raw", [b"\x00\x01\x02", b"GET / HTTP/9.9\r\n\r\n", b"GET  HTTP/1.1\r\n\r\n", b"\r\n" * 100]
)
def test_what_is_no_http_disturbs_nobody(bff, stranger, raw):
    place = urlsplit(bff)
    with socket.create_connection((place.hostname, place.port), timeout=2) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
    assert stranger.get("/healthz").status_code == 200


def test_the_process_is_alive_and_ready(stranger):
    assert stranger.get("/healthz").json() == {"status": "alive"}
    assert stranger.get("/readyz").json() == {"status": "ready"}


def test_not_ready_while_a_function_is_missing(organisation, stranger):
    organisation.sql("alter function api.crm_get_lead(text) rename to crm_get_lead_away")
    try:
        response = stranger.get("/readyz")
        assert response.status_code == 503
        assert problem(response)["code"] == "database.not_migrated"
        assert "crm_get_lead" in problem(response)["detail"]
    finally:
        organisation.sql("alter function api.crm_get_lead_away(text) rename to crm_get_lead")
    assert stranger.get("/readyz").status_code == 200


def test_metrics_count_by_route_and_not_by_path(person, stranger):
    person.http.get("/api/leads/LEADSEM0101260001")
    stranger.get("/api/surprise/4711")
    text = stranger.get("/metrics").text
    assert 'pgcrm_requests_total{method="GET",route="/api/leads/{lead_id}",status="404"}' in text
    assert 'route="unmatched",status="404"' in text
    assert "surprise" not in text
    assert "LEADSEM0101260001" not in text
    assert 'pgcrm_request_seconds_bucket{le="0.1",method="GET",route="/api/leads/{lead_id}"}' in text
    for state in ("idle", "used", "waiting"):
        assert f'pgcrm_pool_connections{{state="{state}"}}' in text


def test_lost_connections_are_replaced(organisation, person):
    def burst() -> list[int]:
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(lambda _: person.http.get("/api/auth/me").status_code, range(24)))

    assert set(burst()) == {200}
    for _ in range(3):
        organisation.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and usename = 'pgcrm_bff'"
        )
        assert set(burst()) == {200}


def test_64_at_once_with_hang_ups_get_their_own_answers_alone(database, bff):
    """64 parallel requests of 8 people of 3 organisations; a third of them hang up early."""
    organisations = [Organisation(database, bff) for _ in range(3)]
    people = [organisations[number % 3].person() for number in range(8)]

    def ask(number: int) -> bool:
        person = people[number % 8]
        timeout = 0.02 if number % 3 == 0 else 30
        try:
            found = person.http.get("/api/auth/me", timeout=timeout).json()
        except httpx.TimeoutException:
            return False
        assert found["user_id"] == str(person.user_id)
        assert found["organization"]["org_id"] == str(organisations[number % 8 % 3].org_id)
        return True

    with ThreadPoolExecutor(64) as pool:
        answered = list(pool.map(ask, range(640)))
    assert answered.count(True) >= 400
    for organisation in organisations:
        organisation.close()


def test_reads_go_to_the_replica(database, tmp_path, organisation):
    """Seen by a replica that is away: what reads fails, what writes does not."""
    settings = Settings.load(
        home=tmp_path, database_url=database, database_url_ro="postgresql://nobody@127.0.0.1:1/nothing"
    )

    async def ask() -> list[int]:
        app = create_app(settings)
        transport = httpx.ASGITransport(app=app)
        headers = {"Authorization": organisation.person().http.headers["authorization"]}
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://x", headers=headers) as client,
        ):
            answers = [await client.get("/api/leads"), await client.post("/api/leads", json=LEAD)]
        return [answer.status_code for answer in answers]

    assert asyncio.run(ask()) == [503, 201]


def test_without_a_database_the_answer_is_503_and_the_process_lives(tmp_path):
    """Also at its start: nothing has to be started in the right order. No empty 200 hides it (P35)."""
    script = f"""
import json, os, sys
os.environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
os.environ["PGCRM_HOME"] = {str(tmp_path)!r}
import asyncio, httpx
from bff.serve import make_app

async def main():
    app = make_app()
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            found = {{path: (r.status_code, r.json().get("code"), r.headers.get("retry-after")) for path in
                ("/healthz", "/readyz", "/.well-known/jwks.json") for r in [await client.get(path)]}}
    print(json.dumps(found), file=sys.stderr)

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    found = json.loads(done.stderr.strip().splitlines()[-1])
    assert found["/healthz"] == [200, None, None]
    assert found["/readyz"] == [503, "database.unavailable", "2"]
    assert found["/.well-known/jwks.json"] == [503, "database.unavailable", "2"]
    log = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["status"] for line in log] == [200, 503, 503]
    assert all(line["request_id"] and line["milliseconds"] >= 0 for line in log)
