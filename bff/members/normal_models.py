"""Shapes of requests and answers about normal databases; see bff/members/models.py."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bff.models import Answer, Day, Id, Page, Request, Word

RequestStatus = Literal["pending", "approved", "rejected"]
WhatsappStatus = Literal["ada", "ceklis1", "tidak"]
RespondStatus = Literal["ya", "tidak"]
Rate = Annotated[float, Field(description="Percent, one decimal.")]
BulkIds = Annotated[
    list[Id], Field(min_length=1, max_length=1000, description="At most the setting bulk_limit (100).")
]

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
    request_ids: BulkIds


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


# Records with somebody: what staff say of them


class CustomerRecordPath(Request):
    record_id: Id


class WhatsappStatusOf(Request):
    whatsapp_status: Annotated[WhatsappStatus | None, Field(description="Null clears it.")]


class RespondStatusOf(Request):
    respond_status: Annotated[RespondStatus | None, Field(description="Null clears it.")]


class RecordStatuses(Answer):
    record_id: int
    whatsapp_status: WhatsappStatus | None
    whatsapp_status_updated_at: datetime | None
    respond_status: RespondStatus | None
    respond_status_updated_at: datetime | None


class StatusesOfMany(Request):
    record_ids: BulkIds
    whatsapp_status: Annotated[WhatsappStatus | None, Field(description="Left out: stays.")] = None
    respond_status: Annotated[RespondStatus | None, Field(description="Left out: stays.")] = None


class ManyMarked(Answer):
    updated_count: int
    skipped: list[int]


class MyRecordList(Page):
    product_id: Id | None = None
    database_id: Id | None = None


class AssignedRecord(Answer):
    record_id: int
    database_id: int
    database_name: str
    product_id: int | None
    product_name: str
    row_number: int
    row_data: dict[str, Any]
    customer_id: str | None
    customer_name: str | None
    phone: str | None
    whatsapp_link: str | None
    request_id: int | None
    batch_id: int | None
    staff_id: UUID
    staff_name: str
    assigned_at: datetime
    whatsapp_status: WhatsappStatus | None
    whatsapp_status_updated_at: datetime | None
    respond_status: RespondStatus | None
    respond_status_updated_at: datetime | None
    checked_at: Annotated[datetime | None, Field(description="The later of the two.")]
    checked_on: Annotated[date | None, Field(description="Its day, where the organisation is.")]
    validation_status: Literal["validated", "invalid"] | None
    is_reservation_conflict: bool


class AssignedRecordPage(Answer):
    items: list[AssignedRecord]
    next: str | None


# Batches of a staff


class RequestBatchPath(Request):
    batch_id: Annotated[
        str,
        Field(
            pattern=r"^(legacy_)?[1-9][0-9]{0,17}$",
            description="The id of a request, or legacy_ and that of a database.",
        ),
    ]


class RecordsOfBatch(Page):
    pass


class RequestBatchList(Page):
    product_id: Id | None = None


class RequestBatch(Answer):
    id: str
    is_legacy: bool
    database_id: int
    database_name: str
    product_id: int | None
    product_name: str
    custom_title: str | None
    is_pinned: bool
    record_count: int
    ada_count: int
    ceklis1_count: int
    tidak_count: int
    respond_ya_count: int
    respond_tidak_count: int
    requested_at: datetime | None
    approved_at: datetime | None


class RequestBatchPage(Answer):
    items: list[RequestBatch]
    next: str | None


class BatchTitle(Request):
    custom_title: Annotated[str | None, Field(max_length=100)]


class BatchTitled(Answer):
    id: str
    custom_title: str | None


class BatchPin(Request):
    is_pinned: bool


class BatchPinned(Answer):
    id: str
    is_pinned: bool


# Badges


class Badges(Answer):
    """Records that came since the page was last looked at."""

    normal: int
    memberwd: int
    bonanza: int


class Alerts(Answer):
    """One's own alerts about invalid records of a module, that nobody has dealt with."""

    open: int
    unread: int
    invalid_records: Annotated[int, Field(description="That they are about.")]


class AlertCounts(Answer):
    normal: Alerts
    memberwd: Alerts
    bonanza: Alerts


class PageViewed(Request):
    page: Literal["normal", "memberwd", "bonanza"]


class PageViewedAnswer(Answer):
    page: str
    count: int


# What admins look at


class AssignmentList(Page):
    product_id: Id | None = None
    database_id: Id | None = None
    staff_id: UUID | None = None
    whatsapp_status: WhatsappStatus | Literal["none"] | None = None
    respond_status: RespondStatus | Literal["none"] | None = None
    search: Annotated[Word | None, Field(description="Part of the staff's name.")] = None


class ProgressFilter(Request):
    period: Annotated[
        Literal["today", "yesterday", "last_7_days", "last_30_days", "custom", "all_time"],
        Field(description="Of the later of the two status times."),
    ] = "all_time"
    date_from: Annotated[Day | None, Field(description="First day of a custom period.")] = None
    date_to: Annotated[Day | None, Field(description="Its last day.")] = None
    staff_id: UUID | None = None
    database_id: Id | None = None
    product_id: Id | None = None


class ProgressInPeriod(Answer):
    records_checked: Annotated[int, Field(description="Last worked on in the period.")]
    ada: int
    ceklis1: int
    tidak: int
    quality_rate: Annotated[float, Field(description="ada of records_checked, in percent, one decimal.")]
    respond_ya: int
    respond_tidak: int
    respond_rate: Rate


class Progress(Answer):
    assigned: int
    ada: int
    ceklis1: int
    tidak: int
    wa_checked: int
    quality_rate: Annotated[float, Field(description="ada of wa_checked, in percent, one decimal.")]
    check_progress: Annotated[float, Field(description="wa_checked of assigned, in percent, one decimal.")]
    respond_ya: int
    respond_tidak: int
    respond_checked: int
    respond_rate: Rate
    respond_progress: Rate
    in_period: ProgressInPeriod


class ProgressOfStaff(Progress):
    staff_id: UUID
    staff_name: str


class ProgressOfDatabase(Progress):
    database_id: int
    database_name: str
    product_name: str


class StaffProgress(Answer):
    period: str
    date_from: date | None
    date_to: date | None
    overall: Progress
    by_staff: list[ProgressOfStaff]
    by_database: list[ProgressOfDatabase]
