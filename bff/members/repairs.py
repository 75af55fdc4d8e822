"""The routes by which admins see what is wrong with batches, and repair it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bff.models import Answer
from bff.routing import Route

TAG = "repair"


class Summary(Answer):
    total_assigned_records: int
    records_without_batch_id: int
    replacement_records_total: int
    replacements_with_batch: int
    replacements_without_batch: int
    archived_records: int
    orphaned_records: Annotated[int, Field(description="Assigned, in a batch that does not exist.")]
    total_batches: int
    sum_of_initial_counts: int
    sum_of_current_counts: int


class Orphan(Answer):
    record_id: Annotated[str, Field(description="The previous system's.")]
    batch_id: str
    is_replacement: bool
    database_name: str | None
    assigned_at: datetime | None
    traced: Annotated[
        dict[str, Any] | None, Field(description="The archived record it replaced, and that one's batch.")
    ]


class BatchCheck(Answer):
    batch_id: str
    database_name: str | None
    created_at: datetime | None
    stored_initial: int
    stored_current: int
    actual_assigned: int
    mismatch: bool


class StaffCheck(Answer):
    staff_id: UUID | None
    staff_name: str | None
    batch_count: int
    stored_total: int
    actual_total: int
    difference: int
    batches: list[BatchCheck]


class Issues(Answer):
    missing_db_name: int
    orphaned_assignments: int
    invalid_status: int
    other_invalid_status: int


class RefusedRecord(Answer):
    record_id: str
    reason: str


class Diagnosis(Answer):
    summary: Summary
    orphaned_samples: list[Orphan]
    staff_batch_summary: list[StaffCheck]
    expected_total: int
    actual_total: int
    difference: int
    issues: Issues
    refused: Annotated[
        list[RefusedRecord], Field(description="Rows of the previous system that could not be brought in.")
    ]
    health_status: Literal["HEALTHY", "NEEDS_REPAIR"]


class Fix(Answer):
    record_id: str
    batch_id: str
    method: Literal["method_1", "method_2", "method_3", "method_4"]


class CountUpdate(Answer):
    batch_id: str
    old: int | None
    new: int


class Repaired(Answer):
    orphaned_fixed: int
    replacements_fixed: int
    batch_counts_updated: int
    errors: list[RefusedRecord]
    fix_details: list[Fix]
    count_updates: list[CountUpdate]


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/memberwd/admin/diagnose-batches", function="members_diagnose_batches",
          answer=Diagnosis, permission="records:assign",
          tag=TAG, summary="What is wrong with batches, those of the previous system included"),
    Route(method="POST", path="/api/memberwd/admin/repair-batches", function="members_repair_batches",
          answer=Repaired, permission="records:assign",
          tag=TAG, summary="Find the batches of records that have lost theirs; again changes nothing"),
)  # fmt: skip
