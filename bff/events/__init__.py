"""Server-sent events: what happened, to whoever may read it.

`Hub` is the in-process exchange. `Listener` (db/worker) feeds it; `GET /api/events` (stream.py) and whoever
else needs to know subscribe to the changes of an organisation:

    with hub.subscribe(org_id) as subscription:
        missed, changes = await subscription.take(timeout=30)
"""

from bff.events.hub import Change, Hub, Subscription

__all__ = ["Change", "Hub", "Subscription"]
