"""The routes about conflicts: records whose customers somebody else has reserved."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from bff.csvtext import BOM, csv_lines
from bff.files import disposition, joined
from bff.models import Answer, Page, Request
from bff.reading import query_of
from bff.routing import Route
from bff.uploads.work import Work, work_of

TAG = "reservations"
PREFIX = "/api/conflict-log"
PAGE = 1_000
"""Lines of the export that are read in one transaction."""

COLUMNS = {
    "Record ID": "record_id",
    "Customer ID": "customer_id",
    "Source": "source",
    "Database": "database_name",
    "Product": "product_name",
    "Affected Staff": "affected_staff_name",
    "Reserved By": "reserved_by_staff_name",
    "Reason": "invalid_reason",
    "Invalidated At": "invalidated_at",
    "Invalidated By": "invalidated_by",
    "Restored At": "restored_at",
    "Restored Reason": "restored_reason",
}
"""Headers of the export, and what stands below them."""


class ConflictFilter(Request):
    staff_id: Annotated[UUID | None, Field(description="Whose records were taken.")] = None
    date_from: Annotated[date | None, Field(description="A day of the organisation's, included.")] = None
    date_to: Annotated[date | None, Field(description="A day of the organisation's, included.")] = None


class ConflictList(Page, ConflictFilter):
    pass


class Conflict(Answer):
    conflict_id: int
    record_id: int
    customer_id: str
    module: Literal["normal", "member_wd", "bonanza"]
    source: Literal["Normal Database", "DB Bonanza", "Member WD CRM"]
    database_id: int
    database_name: str
    product_id: int
    product_name: str
    reservation_id: int
    affected_staff_id: UUID
    affected_staff_name: str | None
    reserved_by_staff_id: UUID
    reserved_by_staff_name: str | None
    invalid_reason: str
    invalidated_at: datetime
    invalidated_by: Annotated[UUID | None, Field(description="Null: the system.")]
    restored_at: Annotated[datetime | None, Field(description="Null while the record is flagged.")]
    restored_reason: str | None


class ConflictPage(Answer):
    items: list[Conflict]
    next: str | None


class Day(Answer):
    date: date
    count: int


class Share(Answer):
    staff_id: UUID
    staff_name: str | None
    count: int


class ConflictStats(Answer):
    total: int
    today: int
    last_7_days: int
    last_30_days: int
    distinct_affected: int
    distinct_reservers: int
    by_source: dict[str, int]
    by_date: list[Day]
    top_affected: list[Share]
    top_reservers: list[Share]


class TakenRecord(Answer):
    conflict_id: int
    record_id: int
    database_id: int
    database_name: str
    product_id: int
    product_name: str
    customer_id: str
    reserved_by_staff_id: UUID
    reserved_by_staff_name: str | None
    invalid_reason: str
    invalidated_at: datetime


class TakenPage(Answer):
    items: list[TakenRecord]
    next: str | None


async def export(request: HttpRequest) -> Response:
    """GET /api/conflict-log/export.csv: the log as a stream, as whoever asks sees it."""
    work = await work_of(request)
    query = query_of(request, ConflictFilter)
    assert query is not None
    filters = {f"p_{name}": value for name, value in query.model_dump(exclude_none=True).items()}
    pieces = _pieces(work, filters)
    first = await anext(pieces)  # who may not is a problem and no file
    headers = {"Content-Disposition": disposition("conflict-log.csv"), "Cache-Control": "private, no-store"}
    return StreamingResponse(joined(first, pieces), headers=headers, media_type="text/csv; charset=utf-8")


async def _pieces(work: Work, filters: dict[str, Any]) -> AsyncIterator[bytes]:
    after: Any = None
    header = BOM + csv_lines([list(COLUMNS)])
    while True:
        page = json.loads(
            (
                await work.call(
                    "members_list_conflicts",
                    read_only=True,
                    p_limit=PAGE,
                    p_after=after and json.dumps(after),
                    **filters,
                )
            ).body
        )
        yield header + csv_lines([_cells(line) for line in page["items"]])
        header = b""
        after = page["next"]
        if after is None:
            return


def _cells(line: dict[str, Any]) -> list[str]:
    shown = line | {"invalidated_by": line["invalidated_by"] or "system"}
    return ["" if shown[name] is None else str(shown[name]) for name in COLUMNS.values()]


def _taken_routes() -> Iterator[Route]:
    """What was taken from oneself, under each record module's own paths."""
    for path, module in (
        ("/api/customer-records/taken", "normal"),
        ("/api/memberwd/staff/taken", "member_wd"),
        ("/api/bonanza/staff/taken", "bonanza"),
    ):
        yield Route(
            method="GET",
            path=path,
            function="members_taken_records",
            fixed={"module": module},
            query=Page,
            answer=TakenPage,
            permission="records:validate",
            tag=TAG,
            summary="One's own records whose customers somebody else has reserved since, newest first",
        )


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path=PREFIX, function="members_list_conflicts", query=ConflictList,
          answer=ConflictPage, permission="conflicts:select",
          tag=TAG, summary="The conflict log, newest first"),
    Route(method="GET", path=f"{PREFIX}/stats", function="members_conflict_stats", query=ConflictFilter,
          answer=ConflictStats, permission="conflicts:select",
          tag=TAG, summary="The conflict log in numbers"),
    Route(method="GET", path=f"{PREFIX}/export.csv", handler=export, calls=("members_list_conflicts",),
          query=ConflictFilter, answer_type="text/csv", permission="conflicts:select",
          tag=TAG, summary="The conflict log as a CSV file; no cell is run as a formula"),
    *_taken_routes(),
)  # fmt: skip
