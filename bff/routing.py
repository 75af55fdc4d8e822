"""What a row of the route table says."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Awaitable[Response]]
JSON = "application/json"
MULTIPART = "multipart/form-data"
MAX_JSON = 2 * 1024 * 1024
"""Bytes of the longest JSON body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """How a list becomes a file: `?format=csv`, `?format=xlsx`. Its items are rows of a view of `api`."""

    view: str
    order: tuple[str, ...]
    """Columns, each perhaps with ` desc`: those of an index, so that nothing has to be sorted."""
    action: str = "select"
    """What SQL asks the permission matrix of the resource."""
    resource: str | None = None
    """What the permission matrix calls it; None: as the view."""
    where: str | None = None
    """What is true of every row of this path, a row being `v`: `v.assignee_user_id = (select app.uid())`."""
    piece: int = 1_000
    """Rows that are read at once: fewer where each of them takes its time."""
    conditions: Mapping[str, str] = field(default_factory=dict)
    """Filters that are not `<column>`, `<column>_from` or `<column>_to`: `{"overdue": "is_overdue ="}`, and
    `{"owner_user_id": "owner_ids @> array[{0}]"}` where the value does not stand last, or stands twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation. It calls `api.<function>`, or, where bytes have to be moved otherwise, runs `handler`.

    Arguments of the function: each parameter of the path and of the query as `p_<name>` (with
    `filters_as_object` the query's as one jsonb `p_filters`), `p_limit` and `p_after` of a `Page`, a JSON
    body as `payload`, and what is `fixed` for the path. GET runs read-only.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    summary: str
    tag: str
    function: str | None = None
    handler: Handler | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Arguments that follow from the path: name without `p_` to value."""
    calls: tuple[str, ...] = ()
    """The `api` functions that the handler calls."""
    path_model: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    filters_as_object: bool = False
    export: Export | None = None
    """Lists that can be had as a file, or with chosen `fields` alone."""
    body: type[BaseModel] | None = None
    body_type: str = JSON
    body_is_optional: bool = False
    json_body: type[BaseModel] | None = None
    """Beside a form: the JSON body that may be sent in its place."""
    answer: type[BaseModel] | None = None
    answer_type: str = JSON
    status: int = 200
    other_statuses: tuple[int, ...] = ()
    """Further successes with the same answer."""
    problems: tuple[int, ...] = ()
    """Problems beyond those that follow from the rest of the row."""
    permission: str | None = None
    """`resource:action` of the permission matrix that SQL asks for; here for readers of the documentation."""
    takes_key: bool = False
    """Whether an Idempotency-Key makes a repetition safe."""
    signed_in: bool = True
    max_body: int | None = MAX_JSON
    """Bytes of the longest body; None where it holds a file, whose limit is the setting for uploads."""
