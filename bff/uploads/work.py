"""What is done for one person, each step in its own transaction: a crash keeps the steps before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request

from bff.calls import Result, call
from bff.services import Services, caller_of, context_of, services_of


@dataclass(frozen=True, slots=True)
class Work:
    """Calls of `api` functions as `sub`. `context` is what the transactions are told about the request."""

    services: Services
    sub: UUID
    context: Mapping[str, str]

    async def call(
        self, function: str, *, keyed: bool = False, read_only: bool = False, **arguments: Any
    ) -> Result:
        """Call an `api` function in its own transaction; under the Idempotency-Key only where `keyed`."""
        context = {k: v for k, v in self.context.items() if keyed or k != "idempotency_key"}
        database = self.services.replica if read_only else self.services.database
        return await database.run(
            self.sub, context, lambda c: call(c, function, **arguments), read_only=read_only
        )


async def work_of(request: Request, *, idempotent: bool = False) -> Work:
    """The work of whoever asks. Raises Problem 401."""
    sub = await caller_of(request)
    return Work(services_of(request), sub, context_of(request, idempotent=idempotent))
