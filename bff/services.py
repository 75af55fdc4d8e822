"""What handlers need, made once for each process."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from uuid import UUID

from starlette.requests import Request

from bff.auth import Identity
from bff.cursors import Cursors
from bff.events import Hub
from bff.reading import idempotency_key_of
from bff.storage import Storage
from db.session import Database
from db.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    database: Database
    replica: Database
    """For reads; the same as `database` where there is no replica."""
    cursors: Cursors
    storage: Storage
    identity: Identity
    hub: Hub | None
    """Where changes are heard of; None without the worker's log-in."""


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def caller_of(request: Request) -> UUID:
    """The person who asks. Raises Problem 401."""
    principal = await services_of(request).identity.authenticate(request.headers.get("authorization"))
    request.state.user_id = principal.user_id
    return principal.user_id


def context_of(request: Request, *, idempotent: bool = False) -> dict[str, str]:
    """What the transaction is told about the request, never identity; the key only if `idempotent`."""
    context = {"request_id": request.state.request_id}
    if request.client is not None and _is_address(request.client.host):
        context["ip"] = request.client.host
    if agent := request.headers.get("user-agent"):
        context["user_agent"] = "".join(c for c in agent[:300] if c.isprintable())
    if idempotent and (key := idempotency_key_of(request)):
        context["idempotency_key"] = key
    return context


@lru_cache(maxsize=4096)
def _is_address(host: str) -> bool:
    """A proxy in front can pass on anything as the client's address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
