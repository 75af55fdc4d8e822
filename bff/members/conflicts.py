"""The routes about conflicts: records whose customers somebody else has reserved."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bff.models import Answer, Day, Page, Request
from bff.routing import Export, Route

TAG = "reservations"
PREFIX = "/api/conflict-log"


class ConflictFilter(Request):
    staff_id: Annotated[UUID | None, Field(description="Whose records were taken.")] = None
    date_from: Annotated[Day | None, Field(description="A day of the organisation's, included.")] = None
    date_to: Annotated[Day | None, Field(description="A day of the organisation's, included.")] = None


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
    invalidated_on: Annotated[date, Field(description="The day, where the organisation is.")]
    invalidated_by: Annotated[UUID | None, Field(description="Null: the system.")]
    restored_at: Annotated[datetime | None, Field(description="Null while the record is flagged.")]
    restored_reason: str | None


class ConflictPage(Answer):
    items: list[Conflict]
    next: str | None


class DayCount(Answer):
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
    by_date: list[DayCount]
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
          export=Export(view="conflicts", order=("invalidated_at desc", "conflict_id desc"),
                        conditions={"staff_id": "affected_staff_id = {}", "date_from": "invalidated_on >= {}",
                                    "date_to": "invalidated_on <= {}"}),
          tag=TAG, summary="The conflict log, newest first"),
    Route(method="GET", path=f"{PREFIX}/stats", function="members_conflict_stats", query=ConflictFilter,
          answer=ConflictStats, permission="conflicts:select",
          tag=TAG, summary="The conflict log in numbers"),
    *_taken_routes(),
)  # fmt: skip
