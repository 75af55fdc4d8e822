"""The log-in functions of the database (`app.auth_…`), each call one statement and one transaction.

They return verdicts instead of raising, so that what they counted is committed; nobody has entered.
"""

import json
from collections.abc import Mapping
from typing import Any, LiteralString, Protocol


class Gateway(Protocol):
    """The database as its gateway log-in sees it, nobody entered."""

    async def as_gateway(self, query: str, *args: Any) -> Any:
        """The first value of the statement's first row; the statement is a transaction of its own."""
        ...


async def call(gateway: Gateway, function: LiteralString, **arguments: Any) -> Any:
    """What `app.<function>` returns. Arguments are named without their `p_`; mappings travel as jsonb."""
    names = []
    for position, (name, value) in enumerate(arguments.items(), start=1):
        cast = "::text::jsonb" if isinstance(value, Mapping) else ""
        names.append(f"p_{name} => ${position}{cast}")
    values = [
        json.dumps(dict(value)) if isinstance(value, Mapping) else value for value in arguments.values()
    ]
    answer = await gateway.as_gateway(f"select app.{function}({', '.join(names)})::text", *values)
    return json.loads(answer) if answer else None
