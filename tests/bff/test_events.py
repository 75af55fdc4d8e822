"""GET /api/events as a front end meets it: who hears of what, how soon, and for how long."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from organisation import LEAD, Organisation, Person

from bff.events import Change, Hub
from bff.events.hub import PENDING
from tests.support.servers import Server
from tests.support.serving import serving

PATIENCE = 10.0


@pytest.fixture(scope="module")
def worker_url(server: Server, database: str) -> str:
    with psycopg.connect(database) as connection:
        return server.url("pgcrm_worker", connection.info.dbname)


@pytest.fixture(scope="module")
def bff(server: Server, database: str, worker_url: str, bff_home: Path) -> Iterator[str]:
    """A BFF that has the worker's log-in: it listens, sends events and runs jobs."""
    with psycopg.connect(database) as connection:
        url = server.url("pgcrm_bff", connection.info.dbname)
    with serving(url, bff_home, DATABASE_WORKER_URL=worker_url) as base_url:
        yield base_url


@pytest.fixture(scope="module")
def organisation(database: str, bff: str) -> Iterator[Organisation]:
    made = Organisation(database, bff)
    yield made
    made.close()


class Stream:
    """What a client has heard: (event, data) pairs, comments as ("", text); None: the stream has ended."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.heard: Queue[tuple[str, Any] | None] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        event, data = "message", ""
        try:
            for line in self.response.iter_lines():
                name, _, value = line.partition(": ")
                if line.startswith(":"):
                    self.heard.put(("", line[1:].strip()))
                elif name == "event":
                    event = value
                elif name == "data":
                    data = value
                elif not line and data:
                    self.heard.put((event, json.loads(data)))
                    event, data = "message", ""
        except httpx.TransportError:
            pass
        self.heard.put(None)

    def next(self, seconds: float = PATIENCE) -> tuple[str, Any] | None:
        """The next event; comments are passed over."""
        until = time.monotonic() + seconds
        while True:
            found = self.heard.get(timeout=max(until - time.monotonic(), 0.001))
            if found is None or found[0]:
                return found

    def all(self, seconds: float = 1.5) -> list[tuple[str, Any]]:
        """Everything that is heard in so many seconds."""
        found = []
        until = time.monotonic() + seconds
        while True:
            try:
                event = self.next(until - time.monotonic())
            except Empty:
                return found
            if event is None:
                return found
            found.append(event)

    def tags(self, seconds: float = 1.5) -> set[str]:
        return {data["tag"] for event, data in self.all(seconds) if event == "change"}

    def has_ended(self, seconds: float = PATIENCE) -> bool:
        until = time.monotonic() + seconds
        try:
            while self.next(until - time.monotonic()) is not None:
                pass
        except Empty:
            return False
        return True


@pytest.fixture
def opened() -> Iterator[Callable[..., Stream]]:
    """`opened(person)`: the stream of somebody, once the server listens for them."""
    with ExitStack() as stack:

        def open_stream(person: Person, query: str = "", **headers: str) -> Stream:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            response = stack.enter_context(
                person.http.stream("GET", f"/api/events{query}", headers=names, timeout=60)
            )
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            stream = Stream(response)
            assert stream.heard.get(timeout=PATIENCE) == ("", "listening")
            return stream

        yield open_stream


def new_lead(person: Person, number: int) -> None:
    answer = person.http.post(
        "/api/leads", json=LEAD | {"company_name": f"PT Kapal {number}", "email": f"{number}@kapal.test"}
    )
    assert answer.status_code == 201, answer.text


TAGS = ("leads", "customers", "prospects")
LEAD_CHANGED = [("change", {"topic": "leads.created", "tag": tag}) for tag in TAGS]


def test_a_change_is_heard_of_within_a_moment(
    organisation: Organisation, opened: Callable[..., Stream]
) -> None:
    stream = opened(organisation.person("super_admin"))
    new_lead(organisation.person("marketing_manager"), 1)
    started = time.monotonic()
    assert [stream.next(), stream.next(), stream.next()] == LEAD_CHANGED
    assert time.monotonic() - started < 5


def test_nobody_hears_of_another_organisation(
    database: str, bff: str, organisation: Organisation, opened: Callable[..., Stream]
) -> None:
    other = Organisation(database, bff)
    try:
        theirs = opened(other.person("super_admin"))
        ours = opened(organisation.person("super_admin"))
        new_lead(organisation.person("marketing_manager"), 2)
        assert ours.next() == LEAD_CHANGED[0]
        assert theirs.all() == []
    finally:
        other.close()


@pytest.mark.parametrize(
    ("role", "tags"),
    [
        ("director", {"leads", "customers", "prospects"}),
        ("finance", {"customers"}),
        ("exim_ops", set()),
    ],
)
def test_one_hears_of_what_one_may_read(
    organisation: Organisation, opened: Callable[..., Stream], role: str, tags: set[str]
) -> None:
    stream = opened(organisation.person(role, "FIN" if role == "finance" else "DIR"))
    new_lead(organisation.person("marketing_manager"), hash(role) % 1000)
    assert stream.tags() == tags


def test_what_happened_is_not_told_to_whoever_may_not_know(
    organisation: Organisation, opened: Callable[..., Stream]
) -> None:
    """Finance reads customers, not leads: a customer has changed; why is not theirs to know."""
    stream = opened(organisation.person("finance", "FIN"))
    asking = opened(organisation.person("finance", "FIN"), "?topics=leads.created")
    new_lead(organisation.person("marketing_manager"), 3)
    assert stream.all() == [("change", {"topic": "customers.changed", "tag": "customers"})]
    assert asking.all(0.2) == []


def test_one_can_ask_for_some_changes_only(organisation: Organisation, opened: Callable[..., Stream]) -> None:
    person = organisation.person("super_admin")
    by_tag, by_topic, by_both = (
        opened(person, query)
        for query in (
            "?tags=customers,prospects",
            "?topics=imports.uploaded",
            "?topics=leads.created&tags=leads",
        )
    )
    new_lead(organisation.person("marketing_manager"), 4)
    assert by_tag.tags() == {"customers", "prospects"}
    assert by_topic.all(0.2) == []
    assert by_both.all(0.2) == LEAD_CHANGED[:1]


def test_a_burst_reaches_a_client_as_a_few_events(
    organisation: Organisation, opened: Callable[..., Stream]
) -> None:
    stream = opened(organisation.person("super_admin"), "?tags=leads")
    started = time.monotonic()
    for _ in range(20):
        organisation.sql(
            "insert into app.outbox (org_id, topic, key, cache_tags)"
            " select %s, 'leads.created', n::text, '{leads}' from generate_series(1, 50) n",
            organisation.org_id,
        )
    heard = stream.all(2)
    assert set(map(str, heard)) == {str(LEAD_CHANGED[0])}
    assert 1 <= len(heard) <= (time.monotonic() - started) / 0.2 + 1


def test_who_comes_back_is_told_to_read_everything_again(
    organisation: Organisation, opened: Callable[..., Stream]
) -> None:
    stream = opened(organisation.person("super_admin"), Last_Event_ID="1")
    assert stream.next() == ("resync", {})


def test_without_a_token_there_is_no_stream(bff: str) -> None:
    assert httpx.get(f"{bff}/api/events").status_code == 401
    assert httpx.get(f"{bff}/api/events", headers={"Authorization": "Bearer x"}).status_code == 401


def test_a_wrong_filter_is_refused(organisation: Organisation) -> None:
    person = organisation.person("super_admin")
    for query in ("tags=", "tags=Leads", "tags=a,,b", "since=1"):
        assert person.http.get(f"/api/events?{query}").status_code == 422


def test_a_head_request_is_answered_and_over(organisation: Organisation) -> None:
    assert organisation.person("super_admin").http.head("/api/events").status_code == 200


def test_without_the_workers_log_in_there_are_no_events_and_everything_else(
    server: Server, database: str, tmp_path: Path
) -> None:
    with psycopg.connect(database) as connection:
        url = server.url("pgcrm_bff", connection.info.dbname)
    with serving(url, tmp_path) as base_url:
        assert httpx.get(f"{base_url}/readyz").status_code == 200
        elsewhere = Organisation(database, base_url)
        try:
            answer = elsewhere.person("super_admin").http.get("/api/events")
            assert (answer.status_code, answer.json()["code"]) == (404, "events.off")
        finally:
            elsewhere.close()


@contextmanager
def short_lived(
    server: Server, database: str, worker_url: str, home: Path, **settings: str
) -> Iterator[tuple[str, Organisation]]:
    """A BFF of its own, and an organisation over it."""
    with psycopg.connect(database) as connection:
        url = server.url("pgcrm_bff", connection.info.dbname)
    with serving(url, home, DATABASE_WORKER_URL=worker_url, **settings) as base_url:
        organisation = Organisation(database, base_url)
        try:
            yield base_url, organisation
        finally:
            organisation.close()


def test_with_jobs_switched_off_a_server_listens_to_what_others_send(
    server: Server, database: str, worker_url: str, tmp_path: Path, opened: Callable[..., Stream]
) -> None:
    """The module's other server sends; this one must hear of it and hold no lease."""
    with short_lived(server, database, worker_url, tmp_path, PGCRM_JOBS="off") as (_, organisation):
        stream = opened(organisation.person("super_admin"))
        new_lead(organisation.person("marketing_manager"), 7)
        assert stream.next() == LEAD_CHANGED[0]
        pid = json.loads((tmp_path / "serve.json").read_text())["pid"]
        holders = organisation.sql("select split_part(holder, ':', 2) from app.leases")
        assert str(pid) not in {holder for (holder,) in holders}


@pytest.mark.slow
def test_a_stream_ends_with_the_token_and_for_whoever_is_deactivated(
    server: Server, database: str, worker_url: str, tmp_path: Path, opened: Callable[..., Stream]
) -> None:
    settings = {"PGCRM_ACCESS_TOKEN_SECONDS": "60"}
    with short_lived(server, database, worker_url, tmp_path, **settings) as (_, organisation):
        gone, demoted = (organisation.person("super_admin") for _ in range(2))
        colleague = organisation.person("marketing_manager")
        earliest = time.time() + 59  # tokens count in whole seconds
        stays = organisation.person("super_admin")
        latest = time.time() + 60
        streams = [opened(person) for person in (gone, stays, demoted)]
        organisation.sql("update app.profiles set is_active = false where user_id = %s", gone.user_id)
        organisation.sql("update app.profiles set role_key = 'finance' where user_id = %s", demoted.user_id)
        started = time.monotonic()
        assert streams[0].has_ended(32)
        time.sleep(max(0, 32 - (time.monotonic() - started)))
        streams[2].all(0.1)
        new_lead(colleague, 5)
        assert streams[1].next() == LEAD_CHANGED[0]
        assert streams[2].tags() == {"customers"}
        assert streams[1].has_ended(40)
        assert earliest <= time.time() <= latest + 5


def test_ctrl_c_ends_a_server_with_an_open_stream_in_time(
    server: Server, database: str, worker_url: str, tmp_path: Path, opened: Callable[..., Stream]
) -> None:
    with short_lived(server, database, worker_url, tmp_path) as (_, organisation):
        stream = opened(organisation.person("super_admin"))
        pid = json.loads((tmp_path / "serve.json").read_text())["pid"]
        started = time.monotonic()
        subprocess.run(["kill", f"-{signal.SIGINT.value}", str(pid)], check=True)
        assert stream.has_ended(5)
        while (tmp_path / "serve.json").exists() and time.monotonic() - started < 8:
            time.sleep(0.05)
        assert time.monotonic() - started < 5, "uvicorn would wait five seconds for it"
        said = (tmp_path / "serve.log").read_text()
        assert "Traceback" not in said, said


def test_after_an_interruption_everybody_is_told_to_read_everything_again(
    organisation: Organisation, opened: Callable[..., Stream]
) -> None:
    stream = opened(organisation.person("super_admin"))
    ended = organisation.sql(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where application_name = 'pgcrm listener' and datname = current_database()"
    )
    assert ended[0][0] == 1, "one connection listens, however many streams there are"
    assert stream.next() == ("resync", {})
    new_lead(organisation.person("marketing_manager"), 6)
    assert stream.next() == LEAD_CHANGED[0]


async def test_who_does_not_take_anything_costs_no_memory() -> None:
    hub, org_id = Hub(), uuid4()

    def happens(topic: str, *tags: str) -> None:
        hub.publish(json.dumps({"org_id": str(org_id), "topic": topic, "tags": tags}))

    with hub.subscribe(org_id) as slow:
        for number in range(PENDING):
            happens(f"leads.t{number}", "leads")
            happens("leads.again", "leads")
        assert await slow.take(0) == (True, [])
        assert await slow.take(0) == (False, [])
        happens("leads.again", "leads", "customers")
        again = [Change("leads.again", "leads"), Change("leads.again", "customers")]
        assert await slow.take(0) == (False, again)
        for rubbish in ("", "{}", "[1]", '{"org_id": 1, "topic": "a", "tags": []}', '{"org_id": null}'):
            hub.publish(rubbish)
        assert await slow.take(0) == (False, [])
    assert hub.subscribers == 0
