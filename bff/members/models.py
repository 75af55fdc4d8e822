"""Shapes of requests and answers about members. What values may be is checked in SQL; see bff/models.py."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from bff.models import Answer, Id, Import, Page, Request, Word

RecordStatus = Literal["available", "requested", "assigned", "invalid_archived"]
RecordIds = Annotated[list[Id], Field(min_length=1, max_length=1000)]

# Products


class ProductPath(Request):
    product_id: Id


class NewProduct(Request):
    name: Annotated[str, Field(min_length=1, max_length=100)]


class Product(Answer):
    product_id: int
    name: str
    created_at: datetime


class Products(Answer):
    items: list[Product]


class ProductDeleted(Answer):
    product_id: int


# Databases


class DatabasePath(Request):
    database_id: Id


class DatabaseList(Page):
    product_id: Id | None = None
    search: Annotated[Word | None, Field(description="Part of the name.")] = None


class Database(Answer):
    database_id: int
    module: str
    name: str
    description: str | None
    product_id: int | None
    product_name: str
    file_name: str
    file_type: str
    file_size: Annotated[int | None, Field(description="Bytes.")]
    import_id: int | None
    columns: list[str]
    key_column: str | None
    name_column: str | None
    phone_column: str | None
    auto_approve: Annotated[
        bool | None, Field(description="Normal databases: null = as the organisation's switch says.")
    ]
    uploaded_by: UUID | None
    uploaded_by_name: str | None
    uploaded_at: datetime
    preview: Annotated[
        list[dict[str, Any]], Field(description="The first five rows, for whoever sees all records.")
    ]
    total_records: Annotated[int, Field(description="All of the following together, conflicts apart.")]
    available_count: Annotated[int, Field(description="Can be handed out now.")]
    requested_count: int
    assigned_count: int
    archived_count: int
    excluded_count: Annotated[int, Field(description="Available, but reserved by somebody.")]
    conflict_count: Annotated[int, Field(description="Assigned, and reserved by somebody else since.")]


class DatabasePage(Answer):
    items: list[Database]
    next: str | None


class Nothing(Answer):
    """What is never answered."""


class DatabaseDeleted(Answer):
    database_id: int


class RecordList(Page):
    status: RecordStatus | None = None


class Record(Answer):
    record_id: int
    database_id: int
    database_name: str
    row_number: int
    row_data: dict[str, Any]
    customer_id: str | None
    customer_name: str | None
    phone: str | None
    status: RecordStatus
    batch_id: int | None
    assigned_to: UUID | None
    assigned_at: datetime | None
    validation_status: Literal["validated", "invalid"] | None
    auto_replaced: bool
    replaced_invalid_ids: list[int]


class RecordPage(Answer):
    items: list[Record]
    next: str | None


class UploadedFile(Request):
    file: Annotated[
        bytes,
        Field(description="CSV, XLSX or XLS with a header row."),
        WithJsonSchema({"type": "string", "format": "binary"}),
    ]
    product_id: Id
    description: Annotated[str | None, Field(max_length=1000)] = None


class NewUpload(UploadedFile):
    name: Annotated[str, Field(min_length=1, max_length=255)]


class NewNormalUpload(UploadedFile):
    name: Annotated[str | None, Field(min_length=1, max_length=255, description="Default: the file's.")] = (
        None
    )


class UploadOptions(Request):
    """What of the form belongs to the database; texts, as a form has them."""

    name: str | None = None
    product_id: Id
    description: str | None = None


class Upload(Answer):
    id: Annotated[int | None, Field(description="The database; null when no row became a record.")]
    name: str
    product_id: int
    product_name: str
    columns: list[str]
    total_records: int
    reserved_count: Annotated[
        int, Field(description="Records that are never handed out: somebody reserved them.")
    ]
    import_: Annotated[Import, Field(alias="import")]


class AllRecordsList(Page):
    module: Literal["normal", "member_wd", "bonanza"] | None = None
    product_id: Id | None = None
    database_id: Id | None = None
    staff_id: UUID | None = None
    status: RecordStatus | None = None
    validation_status: Literal["validated", "invalid"] | None = None
    whatsapp_status: Literal["ada", "ceklis1", "tidak"] | None = None
    respond_status: Literal["ya", "tidak"] | None = None


class RecordLine(Answer):
    """A record as files have it."""

    record_id: int
    module: str
    database_id: int
    database_name: str
    product_id: int | None
    product_name: str
    row_number: int
    customer_id: str | None
    customer_name: str | None
    phone: str | None
    status: RecordStatus
    batch_id: int | None
    assigned_to: UUID | None
    assigned_at: datetime | None
    validation_status: str | None
    validation_reason: str | None
    validated_at: datetime | None
    auto_replaced: bool
    archived_at: datetime | None
    is_reservation_conflict: bool
    whatsapp_status: str | None
    whatsapp_status_updated_at: datetime | None
    respond_status: str | None
    respond_status_updated_at: datetime | None
    row_data: dict[str, Any]


class AllRecordsPage(Answer):
    items: list[RecordLine]
    next: str | None


# Handing out, marking, processing


class AssignRandom(Request):
    database_id: Id
    staff_id: UUID
    quantity: Annotated[int, Field(ge=1, le=10_000)]
    batch_id: Annotated[Id | None, Field(description="Add to this batch of the same staff and database.")] = (
        None
    )


class Assigned(Answer):
    database_id: int
    database_name: str
    staff_id: UUID
    batch_id: int | None
    assigned_count: int
    total_reserved_in_db: int
    remaining_eligible: int


class AssignRecords(Request):
    record_ids: RecordIds
    staff_id: UUID


class BlockedRecord(Answer):
    record_id: int
    customer_id: str | None
    reserved_by: UUID


class RecordsAssigned(Answer):
    staff_id: UUID
    assigned_count: int
    batch_ids: list[int]
    blocked_records: list[BlockedRecord]


class CardList(Page):
    product_id: Id | None = None


class CardRecord(Answer):
    record_id: int
    row_data: dict[str, Any]
    validation_status: Literal["validated", "invalid"] | None
    validation_reason: str | None
    auto_replaced: bool
    replaced_invalid_ids: list[int]
    whatsapp_link: str | None


class Card(Answer):
    batch_id: int | None
    database_id: int
    database_name: str
    product_id: int | None
    product_name: str
    custom_name: str | None
    created_at: datetime
    initial_count: int | None
    current_count: int
    active_count: int
    validated_count: int
    invalid_count: int
    unvalidated_count: int
    records: list[CardRecord]


class CardPage(Answer):
    items: list[Card]
    next: str | None


class BatchPath(Request):
    batch_id: Id


class BatchName(Request):
    custom_name: Annotated[str | None, Field(max_length=100)]


class BatchNamed(Answer):
    batch_id: int
    custom_name: str | None


class Validate(Request):
    record_ids: RecordIds
    is_valid: bool
    reason: Annotated[str | None, Field(max_length=1000)] = None


class Replaced(Answer):
    batch_id: int | None
    database_id: int
    database_name: str
    invalid_count: int
    replaced_count: int
    reason: str | None


class Validated(Answer):
    status: Literal["validated", "invalid"]
    updated_count: int
    not_yours: list[int]
    auto_replaced: int
    replacement_failed: int
    replacement_message: str | None
    details: list[Replaced]


class StaffPath(Request):
    staff_id: UUID


class ProcessInvalid(Request):
    auto_assign_quantity: Annotated[
        int | None, Field(ge=0, le=1_000_000, description="0 = archive only; anything else = replace all.")
    ] = None
    batch_id: Id | None = None


class Processed(Answer):
    batch_id: int | None
    database_id: int
    database_name: str
    product_id: int | None
    product_name: str
    invalid_count: int
    replaced_count: int
    shortage: int


class InvalidProcessed(Answer):
    staff_id: UUID
    archived_count: int
    new_assigned_count: int
    skipped_reserved: int
    shortage: int
    message: str
    assignment_details: list[Processed]


class RecordSelection(Request):
    record_ids: RecordIds


class Recalled(Answer):
    recalled_count: int
    closed_batch_ids: list[int]


class Restored(Answer):
    restored_count: int


class ArchivedDeleted(Answer):
    deleted_count: int


class Dismissed(Answer):
    cleared_count: int
    resolved_count: int


class ArchivedList(Page):
    database_id: Id | None = None
    product_id: Id | None = None


class ArchivedDatabase(Answer):
    database_id: int
    database_name: str
    archived_count: int


class ArchivedPage(Answer):
    items: list[Record]
    databases: list[ArchivedDatabase]
    next: str | None


class OneProduct(Request):
    product_id: Id | None = None


class InvalidList(Page):
    product_id: Id | None = None


class StaffRecordList(Page):
    product_id: Id | None = None
    database_id: Id | None = None
    validation_status: Literal["validated", "invalid", "none"] | None = None


class StaffRecord(Record):
    whatsapp_link: str | None


class StaffRecordPage(Answer):
    items: list[StaffRecord]
    next: str | None


class InvalidOfStaff(Answer):
    staff_id: UUID
    staff_name: str | None
    invalid_count: int


class InvalidOverview(Answer):
    total_invalid: int
    items: list[InvalidOfStaff]


class ReplaceSettings(Request):
    auto_replace_invalid: bool | None = None
    max_replacements_per_batch: Annotated[int | None, Field(ge=1, le=1000)] = None


class ReplaceSettingsAnswer(Answer):
    auto_replace_invalid: bool
    max_replacements_per_batch: int
