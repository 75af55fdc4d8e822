"""Webhooks over the wire: somebody else's server gets signed events, in order, however often it fails."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from organisation import LEAD, Organisation, Person, codes, problem
from standardwebhooks import Webhook, WebhookVerificationError

from db.worker.addresses import ForbiddenAddressError, targets_of
from tests.support.servers import Server
from tests.support.serving import serving

PATIENCE = 20.0


@dataclass
class Receiver:
    """Somebody's server. `fails`: how often it answers 500 to each message before it takes it."""

    fails: int = 0
    answer: int = 204
    heard: list[tuple[dict[str, str], str]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def hear(self, headers: dict[str, str], body: str) -> int:
        self.heard.append((headers, body))
        if Counter(h["webhook-id"] for h, _ in self.heard)[headers["webhook-id"]] <= self.fails:
            return 500
        self.taken.append(json.loads(body))
        return self.answer

    def wait(self, count: int) -> list[dict[str, Any]]:
        """What was taken, once it is so many."""
        deadline = time.monotonic() + PATIENCE
        while len(self.taken) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.taken


@contextmanager
def receiving(**how: Any) -> Iterator[Receiver]:
    receiver = Receiver(**how)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self.send_response(receiver.hear({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()


@pytest.fixture(scope="module")
def bff(server: Server, database: str, bff_home: Path) -> Iterator[str]:
    """A BFF that sends to webhooks, also to this machine."""
    with psycopg.connect(database) as connection:
        name = connection.info.dbname
    settings = {
        "DATABASE_WORKER_URL": server.url("pgcrm_worker", name),
        "PGCRM_WEBHOOKS_TO_PRIVATE": "on",
    }
    with serving(server.url("pgcrm_bff", name), bff_home, **settings) as url:
        yield url


@pytest.fixture(scope="module")
def organisation(database: str, bff: str) -> Iterator[Organisation]:
    made = Organisation(database, bff)
    made.sql(
        "insert into app.settings (org_id, key, value) values (%s, 'webhook_first_retry_seconds', '0')",
        made.org_id,
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(organisation: Organisation) -> Person:
    return organisation.person()


def subscribe(admin: Person, receiver: Receiver, *topics: str) -> dict[str, Any]:
    answer = admin.http.post("/api/webhooks", json={"url": receiver.url, "topics": topics or ("leads.*",)})
    assert answer.status_code == 201, answer.text
    return answer.json()


def unsubscribe(admin: Person, made: dict[str, Any]) -> None:
    assert admin.http.delete(f"/api/webhooks/{made['webhook_id']}").status_code == 200


def happen(organisation: Organisation, key: str, count: int, topic: str = "leads.updated") -> None:
    """Events of one key, numbered."""
    for number in range(count):
        organisation.sql(
            "select app.emit_for(%s, %s, array[%s], '{leads}', jsonb_build_object('number', %s::integer))",
            *(organisation.org_id, topic, key, number),
        )


def test_a_lead_reaches_a_receiver_that_checks_the_signature_with_the_public_library(admin):
    with receiving() as receiver:
        made = subscribe(admin, receiver)
        lead_id = admin.http.post("/api/leads", json=LEAD).json()["lead_id"]
        (event,) = receiver.wait(1)
        assert (event["type"], event["data"]["key"]) == ("leads.created", lead_id)
        assert "leads" in event["data"]["tags"]
        headers, body = receiver.heard[0]
        assert Webhook(made["secret"]).verify(body, headers) == event
        with pytest.raises(WebhookVerificationError):
            Webhook(made["secret"]).verify(body.replace("leads", "loads"), headers)
        other = admin.http.post(f"/api/webhooks/{made['webhook_id']}/rotate-secret").json()["secret"]
        assert other != made["secret"]
        admin.http.post("/api/leads", json=LEAD | {"company_name": "PT Lain"})
        receiver.wait(2)
        headers, body = receiver.heard[-1]
        for secret in (made["secret"], other):
            assert Webhook(secret).verify(body, headers), "for a day both secrets sign"
        unsubscribe(admin, made)


def test_a_receiver_that_fails_five_times_still_gets_each_event_in_order(organisation, admin):
    with receiving(fails=5) as receiver:
        made = subscribe(admin, receiver)
        happen(organisation, "one", 3)
        happen(organisation, "two", 3)
        taken = receiver.wait(6)
        assert Counter(event["data"]["key"] for event in taken) == {"one": 3, "two": 3}
        for key in ("one", "two"):
            numbers = [e["data"]["payload"]["number"] for e in taken if e["data"]["key"] == key]
            assert numbers == [0, 1, 2]
        attempts = Counter(headers["webhook-id"] for headers, _ in receiver.heard)
        assert set(attempts.values()) == {6}
        bodies = {(headers["webhook-id"], body) for headers, body in receiver.heard}
        assert len(bodies) == len(attempts), "each attempt sends the same bytes"
        unsubscribe(admin, made)


def test_what_nobody_takes_is_listed_and_can_be_replayed(organisation, admin):
    organisation.sql(
        "insert into app.settings (org_id, key, value) values (%s, 'webhook_attempts', '2')",
        organisation.org_id,
    )
    with receiving(fails=2) as receiver:
        made = subscribe(admin, receiver, "leads.updated")
        path = f"/api/webhooks/{made['webhook_id']}"
        happen(organisation, "dead", 1)
        deadline = time.monotonic() + PATIENCE
        while not (dead := admin.http.get(f"{path}/deliveries?state=dead").json()["items"]):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert (dead[0]["attempts"], dead[0]["last_status"]) == (2, 500)
        assert admin.http.get(path).json()["dead"] == 1
        told = organisation.sql(
            "select count(*) from app.notifications where user_id = %s and topic = 'webhooks.dead'",
            admin.user_id,
        )
        assert told == [(1,)]
        assert admin.http.post(f"{path}/replay", json={}).json()["replayed"] == 1
        receiver.wait(1)
        ids = {headers["webhook-id"] for headers, _ in receiver.heard}
        assert len(ids) == 1, "a replayed message keeps its id"
        assert admin.http.get(path).json()["dead"] == 0
        unsubscribe(admin, made)
    organisation.sql(
        "delete from app.settings where org_id = %s and key = 'webhook_attempts'", organisation.org_id
    )


def test_a_redirect_is_not_followed(organisation, admin):
    with receiving(answer=302) as receiver:
        made = subscribe(admin, receiver)
        happen(organisation, "moved", 1)
        receiver.wait(2)
        paths = {headers["host"] for headers, _ in receiver.heard}
        assert paths == {receiver.url.split("/")[2]}
        shown = admin.http.get(f"/api/webhooks/{made['webhook_id']}/deliveries").json()["items"]
        assert shown[0]["last_error"] == "HTTP 302"
        unsubscribe(admin, made)


def test_only_administrators_make_webhooks_and_a_repetition_makes_no_second(organisation, admin):
    body = {"url": "https://hook.example/", "topics": ["*"]}
    refused = organisation.person("salesperson", "SAL").http.post("/api/webhooks", json=body)
    assert problem(refused)["code"] == "permission.denied"
    first, again = (
        admin.http.post("/api/webhooks", json=body, headers={"Idempotency-Key": "hook"}) for _ in "12"
    )
    assert (first.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert first.content == again.content
    wrong = admin.http.post("/api/webhooks", json={"url": "javascript:alert(1)", "topics": ["*"]})
    assert codes(wrong) == {"url": "webhook.url.invalid"}
    changed = admin.http.patch(f"/api/webhooks/{first.json()['webhook_id']}", json={"is_active": False})
    assert (changed.status_code, changed.json()["is_active"]) == (200, False)
    stranger = Organisation(organisation.admin_url, organisation.bff)
    theirs = stranger.person().http.get(f"/api/webhooks/{first.json()['webhook_id']}")
    assert problem(theirs)["code"] == "webhook.not_found"
    stranger.close()
    unsubscribe(admin, first.json())


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "10.0.0.8", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "2130706433"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::]", "0x7f.1"),
    ],
)
async def test_a_webhook_does_not_lead_into_our_own_network(host):
    with pytest.raises((ForbiddenAddressError, OSError)):
        await targets_of(f"http://{host}/", private=False)


async def test_what_was_judged_is_what_is_called():
    (target,) = await targets_of("https://8.8.8.8:8443/hook?a=b", private=False)
    assert target.url == "https://8.8.8.8:8443/hook?a=b"
    inside = (await targets_of("http://localhost:3000/hook", private=True))[0]
    assert inside.url.startswith(("http://127.0.0.1:3000/", "http://[::1]:3000/"))
    assert (inside.host, inside.server_name) == ("localhost:3000", "localhost")
