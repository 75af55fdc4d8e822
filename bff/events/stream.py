"""GET /api/events: changes as server-sent events, until the token expires or the person is deactivated."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from bff import models
from bff.auth.tokens import Principal
from bff.calls import call
from bff.events.hub import Change, Hub
from bff.problems import Problem
from bff.reading import query_of
from bff.services import Services, context_of, services_of
from db.session import DatabaseUnavailable

CALLS = ("app_event_access",)
RECHECK_SECONDS = 30.0
"""How long what a person may read is believed."""
BURST_SECONDS = 0.2
"""The same event reaches a client once in this time."""
PING_SECONDS = 15
SEND_TIMEOUT = 30.0
"""Seconds after which a client that takes nothing is dropped."""
RETRY_MILLISECONDS = 2000


@dataclass(frozen=True)
class Access:
    """What somebody may hear of at this moment."""

    org_id: UUID
    resources: frozenset[str]

    def sees(self, change: Change) -> Change | None:
        """The change as this person may know of it, None if not at all.

        Who may read what is tagged but not what the topic is about hears that the former changed, not why.
        """
        if change.tag not in self.resources:
            return None
        if change.topic.partition(".")[0] in self.resources:
            return change
        return Change(f"{change.tag}.changed", change.tag)


async def stream(request: Request) -> Response:
    services = services_of(request)
    principal = await services.identity.authenticate(request.headers.get("authorization"))
    request.state.user_id = principal.user_id
    query = query_of(request, models.EventFilter)
    assert isinstance(query, models.EventFilter)
    if services.hub is None:
        raise Problem(
            404,
            "events.off",
            "This server sends no events: DATABASE_WORKER_URL is not set.",
        )
    context = context_of(request)
    access = await _access(services, principal, context)
    events = _events(
        services, services.hub, principal, context, access, query, resumed="last-event-id" in request.headers
    )
    return EventSourceResponse(events, ping=PING_SECONDS, sep="\n", send_timeout=SEND_TIMEOUT)


async def _access(services: Services, principal: Principal, context: Mapping[str, str]) -> Access:
    """Asked of SQL as the person. Raises what app.enter raises for somebody who is not active (any more)."""
    result = await services.database.run(
        principal.user_id, context, lambda connection: call(connection, CALLS[0]), read_only=True
    )
    found = json.loads(result.body)
    return Access(UUID(found["org_id"]), frozenset(found["resources"]))


async def _events(
    services: Services,
    hub: Hub,
    principal: Principal,
    context: Mapping[str, str],
    access: Access,
    query: models.EventFilter,
    *,
    resumed: bool,
) -> AsyncIterator[ServerSentEvent]:
    with hub.subscribe(access.org_id) as subscription:
        yield ServerSentEvent(comment="listening", retry=RETRY_MILLISECONDS)
        if resumed:
            yield _resync()  # nothing is replayed
        check_at = _next_check()
        while True:
            until = min(check_at - time.monotonic(), principal.expires_at - time.time())
            missed, changes = await subscription.take(max(until, 0))
            if time.time() >= principal.expires_at:
                return
            if time.monotonic() >= check_at:
                try:
                    access = await _access(services, principal, context)
                except (asyncpg.PostgresError, DatabaseUnavailable):
                    return  # who asks again learns why
                check_at = _next_check()
            if missed:
                yield _resync()
            # Different changes can look the same to somebody who may not know all of them.
            for change in dict.fromkeys(filter(None, map(access.sees, changes))):
                if query.wants(change.topic, change.tag):
                    yield _event("change", {"topic": change.topic, "tag": change.tag})
            if missed or changes:
                await asyncio.sleep(BURST_SECONDS)


def _next_check() -> float:
    """Not all at once after a restart."""
    return time.monotonic() + random.uniform(RECHECK_SECONDS / 2, RECHECK_SECONDS)  # noqa: S311 - jitter


def _resync() -> ServerSentEvent:
    return _event("resync", {})


def _event(name: str, data: dict[str, str]) -> ServerSentEvent:
    # The id only says that there was an earlier stream; one that counts would tell how busy others are.
    return ServerSentEvent(event=name, data=json.dumps(data), id=str(time.time_ns() // 1_000_000))
