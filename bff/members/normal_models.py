"""Shapes of requests and answers about normal databases; see bff/members/models.py."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bff.models import Answer, Id, Page, Request

RequestStatus = Literal["pending", "approved", "rejected"]

# Requests for records


class RequestPath(Request):
    request_id: Id


class NewRequest(Request):
    database_id: Id
    record_count: Annotated[int, Field(ge=1, le=10_000)]


class RequestList(Page):
    status: RequestStatus | None = None
    database_id: Id | None = None
    staff_id: UUID | None = None


class DownloadRequest(Answer):
    request_id: int
    database_id: int
    database_name: str
    product_id: int | None
    product_name: str
    requested_by: UUID
    requested_by_name: str
    record_count: int
    skipped_reserved_count: Annotated[
        int, Field(description="Passed by because somebody has reserved the member.")
    ]
    withheld_count: Annotated[
        int, Field(description="Of its own records, those that were reserved before it was approved.")
    ]
    status: RequestStatus
    requested_at: datetime
    reviewed_by: UUID | None
    reviewed_by_name: str | None
    reviewed_at: datetime | None
    auto_approved: bool
    batch_id: int | None


class DownloadRequestWithRecords(DownloadRequest):
    record_ids: list[int]


class RequestPage(Answer):
    items: list[DownloadRequest]
    next: str | None


class Tally(Answer):
    requests: int
    records: int


class RequestStatistics(Answer):
    pending: Tally
    approved: Tally
    rejected: Tally
    total: Tally
    today: Tally
    last_7_days: Tally
    last_30_days: Tally


class RequestSelection(Request):
    request_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]


class SkippedRequest(Answer):
    request_id: int
    status: Annotated[RequestStatus | None, Field(description="Null: there is no such request.")]


class RequestsApproved(Answer):
    approved: list[int]
    skipped: list[SkippedRequest]


class RequestsRejected(Answer):
    rejected: list[int]
    skipped: list[SkippedRequest]


class RequestSettings(Request):
    enabled: bool | None = None
    max_records_per_request: Annotated[
        int | None, Field(ge=1, le=10_000, description="A larger request waits; null = any size.")
    ] = None


class RequestSettingsAnswer(Answer):
    enabled: bool
    max_records_per_request: int | None


class AutoApprove(Request):
    auto_approve: Annotated[bool | None, Field(description="Null: as the organisation's switch says.")]


class AutoApproveAnswer(Answer):
    database_id: int
    auto_approve: bool | None
