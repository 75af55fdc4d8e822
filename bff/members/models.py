"""Shapes of requests and answers about members. What values may be is checked in SQL; see bff/models.py."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from bff.models import Answer, Id, Page, Request, Word
from bff.uploads.models import Import

RecordStatus = Literal["available", "requested", "assigned", "invalid_archived"]

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


class KeptCounts(Answer):
    total_records: int
    available_count: int
    requested_count: int
    assigned_count: int
    archived_count: int
    excluded_count: int
    conflict_count: int


class CountedAnew(Answer):
    total: int
    available: Annotated[int, Field(description="Reserved ones too.")]
    requested: int
    assigned: int
    archived: int
    conflicts: int


class DatabaseIssues(Answer):
    """How many of each."""

    counts_differ: int
    assignments_unmatched: int
    conflicts_unmatched: int


class DatabaseHealth(Answer):
    database_id: int
    database_name: str
    is_healthy: bool
    sum_matches: bool
    kept: KeptCounts
    counted: CountedAnew
    issues: DatabaseIssues
    batches: Annotated[int, Field(description="Open ones.")]


class DatabaseDeleted(Answer):
    database_id: int


class RecordList(Page):
    search: Annotated[
        Word | None,
        Field(
            description="Part of any value. A page looks through 50,000 records: follow `next` to the end."
        ),
    ] = None
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
    warnings: Annotated[
        list[Literal["header.unknown"]],
        Field(description="header.unknown: no column is a key, name or phone; is the first line a header?"),
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
