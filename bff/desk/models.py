"""Shapes of requests and answers about tickets. What values may be is checked in SQL; see bff/models.py."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from bff.models import Amount, Answer, Day, DepartmentCode, Id, Page, ReadableId, Request, Word

TicketType = Literal["inquiry tariff", "general request", "request pickup", "request delivery"]
TicketStatus = Literal["OPEN", "WAITING RESPON", "WAITING CUSTOMER", "IN PROGRESS", "CLOSED", "CLOSED LOST"]
InquiryStatus = Literal["OPEN", "WAITING RESPON", "WAITING CUSTOMER", "CLOSED", "CLOSED LOST"]
GeneralStatus = Literal["OPEN", "IN PROGRESS", "CLOSED"]
Text = Annotated[str, Field(max_length=10_000)]
Line = Annotated[str, Field(max_length=1000)]


class TicketPath(Request):
    ticket_id: ReadableId


class TicketList(Page):
    ticket_type: TicketType | None = None
    status: TicketStatus | None = None
    dept_target: DepartmentCode | None = None
    assigned_to: UUID | None = None
    created_by: UUID | None = None
    related_lead_id: ReadableId | None = None
    related_customer_id: ReadableId | None = None
    created_from: Annotated[Day | None, Field(description="First day, where the organisation is.")] = None
    created_to: Annotated[Day | None, Field(description="Last day, where the organisation is.")] = None


class Words(Request):
    """What a ticket is about: everything that can be edited while it is open."""

    subject: Annotated[str | None, Field(max_length=500)] = None
    description: Text | None = None
    origin_address: Line | None = None
    origin_city: Line | None = None
    origin_country: Line | None = None
    destination_address: Line | None = None
    destination_city: Line | None = None
    destination_country: Line | None = None
    cargo_category: Line | None = None
    cargo_qty: Amount | None = None
    cargo_dimensions: Line | None = None
    cargo_weight: Amount | None = None
    scope_of_work: Text | None = None


class NewTicket(Words):
    ticket_type: TicketType
    subject: Annotated[str, Field(min_length=1, max_length=500)]
    dept_target: Annotated[
        DepartmentCode | None, Field(description="Default: the department of the service.")
    ] = None
    service_code: Annotated[Word | None, Field(description="Of the organisation's service catalog.")] = None
    related_lead_id: Annotated[
        ReadableId | None,
        Field(description="A lead that the caller sees; its customer is masked for operations."),
    ] = None
    related_customer_id: ReadableId | None = None
    assigned_to: UUID | None = None


class TicketChange(Words):
    """What is not named stays; null empties."""

    status: TicketStatus | None = None
    expected_status: Annotated[
        TicketStatus | None, Field(description="409 when the ticket has another status by now.")
    ] = None
    close_reason: Annotated[
        Line | None, Field(description="For CLOSED LOST: one of the listed reasons, or `Other: <why>`.")
    ] = None
    competitor_rate: Amount | None = None
    customer_budget: Amount | None = None
    assigned_to: Annotated[UUID | None, Field(description="Null: nobody.")] = None


class TicketState(Answer):
    ticket_id: str
    ticket_type: TicketType
    status: TicketStatus
    dept_target: str
    assigned_to: UUID | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None


class TicketItem(Answer):
    ticket_id: str
    ticket_type: TicketType
    inquiry_status: InquiryStatus | None
    ticket_status: GeneralStatus | None
    dept_target: str
    service_code: str | None
    assigned_to: UUID | None
    related_lead_id: str | None
    related_customer_id: str | None
    subject: str
    description: str | None
    origin_address: str | None
    origin_city: str | None
    origin_country: str | None
    destination_address: str | None
    destination_city: str | None
    destination_country: str | None
    cargo_category: str | None
    cargo_qty: float | None
    cargo_dimensions: str | None
    cargo_weight: float | None
    scope_of_work: str | None
    need_customer_masking: bool
    close_reason: str | None
    competitor_rate: float | None
    customer_budget: float | None
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    first_response_at: datetime | None
    first_response_due_at: Annotated[
        datetime | None,
        Field(description="Null where there is no target, and while the customer is waited for."),
    ]
    resolution_due_at: datetime | None
    is_paused: bool
    is_first_response_late: bool
    is_resolution_late: bool
    is_masked: Annotated[
        bool, Field(description="Whether the caller sees it without the words of the customer.")
    ]


class TicketPage(Answer):
    items: list[TicketItem]
    next: str | None


class Message(Answer):
    message_id: int
    message: str
    created_by: Annotated[UUID | None, Field(description="Null where masking hides it.")]
    created_at: datetime


class MessagePage(Answer):
    items: list[Message]
    next: str | None


class NewMessage(Request):
    message: Annotated[str, Field(min_length=1, max_length=10_000)]


class MessageAnswer(Answer):
    message_id: int
    is_first_response: Annotated[
        bool, Field(description="Whether it is the first of somebody other than the author.")
    ]


class NewAttachment(Request):
    file: Annotated[
        bytes,
        Field(description="A picture, PDF, Word, Excel or CSV file of at most 10 MB."),
        WithJsonSchema({"type": "string", "format": "binary"}),
    ]


class Attachment(Answer):
    attachment_id: int
    file_id: Annotated[
        int | None,
        Field(description="For `GET /api/files/{file_id}`; null where masking hides the file."),
    ]
    file_name: str
    mime_type: str
    file_size: int
    uploaded_by: UUID | None
    uploaded_at: datetime


class SlaEvent(Answer):
    event_type: Literal["OPENED", "FIRST_RESPONSE", "STATUS_CHANGE", "RESOLVED", "BREACH"]
    event_at: datetime
    metadata: dict[str, Any]


class Ticket(TicketItem):
    messages: Annotated[list[Message], Field(description="The 50 latest, newest first.")]
    attachments: list[Attachment]
    sla_events: list[SlaEvent]


# Working hours and targets


class Period(Request):
    weekday: Annotated[int, Field(ge=1, le=7, description="1 = Monday.")]
    opens: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    closes: Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class NewCalendar(Request):
    """Working hours; those of the same name are replaced."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    time_zone: Annotated[str, Field(description="Such as Asia/Jakarta.", max_length=100)]
    periods: Annotated[list[Period], Field(max_length=200, description="Any number a day, not overlapping.")]
    holidays: Annotated[list[date] | None, Field(max_length=2000)] = None


class Hours(Answer):
    time_zone: str
    periods: list[Period]
    holidays: list[date]


class Calendar(Answer):
    calendar_id: int
    name: str
    hours: Hours


class SlaTarget(Answer):
    ticket_type: TicketType
    calendar_id: int | None
    first_response_minutes: int | None
    resolution_minutes: int | None


class NewSlaTarget(Request):
    """Business minutes; what is null has no target. Counts for tickets that are opened from now on."""

    ticket_type: TicketType
    calendar_id: Annotated[Id | None, Field(description="Null: the clock never stops.")] = None
    first_response_minutes: Annotated[int | None, Field(ge=1, le=525_600)] = None
    resolution_minutes: Annotated[int | None, Field(ge=1, le=525_600)] = None


class Sla(Answer):
    calendars: list[Calendar]
    targets: list[SlaTarget]


class MessagePath(TicketPath):
    message_id: Id


class AttachmentPath(TicketPath):
    attachment_id: Id


class TicketDeleted(Answer):
    ticket_id: str


class MessageDeleted(TicketDeleted):
    message_id: int


class AttachmentDeleted(TicketDeleted):
    attachment_id: int
