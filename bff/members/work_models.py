"""Shapes of what is done with members' records: handing out, marking, processing; see bff/models.py."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bff.members.models import Record
from bff.models import Answer, Id, Page, Request

RecordIds = Annotated[list[Id], Field(min_length=1, max_length=1000)]


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
