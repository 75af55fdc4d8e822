"""The exchange between the one connection that listens and the many clients that wait."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

PENDING = 256
"""Different changes that wait for one subscriber; more than that, and it is told to read everything again."""

logger = logging.getLogger("pgcrm.events")


@dataclass(frozen=True, slots=True)
class Change:
    """Something happened (`topic`), and what is tagged so should be read again (`tag`: a resource of the
    permission matrix). What exactly, the reader sees through row security."""

    topic: str
    tag: str


class Subscription:
    """The changes of one organisation that a subscriber has not taken yet: each once, in order, bounded."""

    def __init__(self) -> None:
        self._pending: dict[Change, None] = {}
        self._missed = False
        self._news = asyncio.Event()

    def put(self, change: Change) -> None:
        if self._missed:
            return  # everything will be read again anyway
        if len(self._pending) < PENDING or change in self._pending:
            self._pending[change] = None
            self._news.set()
        else:
            self.miss()

    def miss(self) -> None:
        self._pending.clear()
        self._missed = True
        self._news.set()

    async def take(self, timeout: float) -> tuple[bool, list[Change]]:  # noqa: ASYNC109 - no error, an answer
        """What has happened, as soon as something has, after `timeout` seconds at the latest.

        The first value: some was missed, so everything should be read again.
        """
        if not self._news.is_set():
            try:
                await asyncio.wait_for(self._news.wait(), timeout)
            except TimeoutError:
                return False, []
        missed, changes = self._missed, list(self._pending)
        self._missed = False
        self._pending.clear()
        self._news.clear()
        return missed, changes


class Hub:
    """Who waits for the changes of which organisation. For one event loop."""

    def __init__(self) -> None:
        self._subscriptions: dict[UUID, set[Subscription]] = defaultdict(set)

    @contextmanager
    def subscribe(self, org_id: UUID) -> Iterator[Subscription]:
        """The organisation's changes from now until the block ends. Whether a person may hear of a change is
        for the subscriber to ask: api.app_event_access."""
        subscription = Subscription()
        self._subscriptions[org_id].add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions[org_id].discard(subscription)
            if not self._subscriptions[org_id]:
                del self._subscriptions[org_id]

    @property
    def subscribers(self) -> int:
        return sum(map(len, self._subscriptions.values()))

    def publish(self, payload: str) -> None:
        """Pass on one notification of app.dispatch_outbox: {org_id, topic, tags, …}."""
        try:
            event = json.loads(payload)
            org_id, topic = UUID(str(event["org_id"])), str(event["topic"])
            tags = [str(tag) for tag in event["tags"]]
        except (ValueError, TypeError, KeyError):
            # Whoever knows a channel may notify it.
            logger.warning("a notification that is no event was ignored")
            return
        for subscription in self._subscriptions.get(org_id, ()):
            for tag in tags:
                subscription.put(Change(topic, tag))

    def missed(self) -> None:
        """Tell everybody that some may have been missed: the connection that listens was interrupted."""
        for subscriptions in self._subscriptions.values():
            for subscription in subscriptions:
                subscription.miss()
