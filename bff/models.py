"""Shapes of requests and answers: what is checked at the door, and what OpenAPI says.

Values that business rules decide about (is this a known service, may this person own a lead) are checked in
SQL; models of such bodies describe, they do not judge. Answers are described only: Postgres makes them.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

MAX_PAGE = 100


def _plain_integer(value: Any) -> Any:
    """Digits and nothing else: no sign, blank, underscore or decimal point."""
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit()) or (len(value) > 1 and value[0] == "0"):
            raise PydanticCustomError("request.integer", "Must be a whole number in plain digits.")
        if len(value) > 19:
            raise PydanticCustomError("request.number_too_large", "This number is too large.")
    return value


def _plain_date(value: Any) -> Any:
    """pydantic alone would also read a number of seconds as a date."""
    if isinstance(value, str):
        try:
            if len(value) == 10 and value[7] == "-":  # also read would be 20260131 and 2026-W05-6
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise PydanticCustomError("request.date", "Must be a date such as 2026-01-31.")
    return value


Id = Annotated[int, BeforeValidator(_plain_integer), Field(ge=1, le=2**63 - 1)]
ReadableId = Annotated[str, Field(pattern=r"^[A-Z]{1,12}[0-9]{7,20}$")]
"""Prefix, day and sequence number, such as LEADSEM2111260001."""
Day = Annotated[date, BeforeValidator(_plain_date)]
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Amount = Annotated[float, Field(gt=0, le=1e15)]
DepartmentCode = Literal["MKT", "SAL", "DOM", "EXI", "DTD", "FIN", "TRF", "DIR"]
RfqDepartment = Literal["DOM", "EXI", "DTD", "TRF"]
Channel = Literal[
    "LinkedIn",
    "SEM",
    "Paid Social",
    "Website (Direct/Referral)",
    "Webinar & Live",
    "Event Offline",
    "Trade Show",
    "Partnership/Referral",
    "Sales Outbound",
    "Sales Referral",
    "Other",
]
LeadStatus = Literal[
    "New", "Contacted", "Qualified", "Proposal", "Negotiation", "Closed Won", "Closed Lost", "Disqualified"
]
NextStep = Literal["Call", "Email", "Visit", "Online Meeting", "Send Proposal", "Follow Up"]


class Request(BaseModel):
    """A part of a request: what it does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """A part of an answer. Later versions may add members."""

    model_config = ConfigDict(extra="allow")


class Page(Request):
    """Lists page by key: pass the `next` of one page as `cursor` of the following."""

    limit: Annotated[int, BeforeValidator(_plain_integer), Field(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str, Field(min_length=1, max_length=2048, pattern=r"^[A-Za-z0-9_-]+$")] | None = None


# Leads


class LeadPath(Request):
    lead_id: ReadableId


class LeadList(Page):
    status: LeadStatus | None = None
    primary_channel: Channel | None = None
    sales_owner_user_id: UUID | None = None
    customer_id: ReadableId | None = None
    created_by: UUID | None = None
    lead_date_from: Day | None = None
    lead_date_to: Day | None = None
    service_code: Word | None = None


class NewLead(Request):
    """A lead with everything that belongs to it: the customer is found or made, the prospect too."""

    company_name: Word
    pic_name: Word
    contact_phone: Word
    email: Annotated[Word, WithJsonSchema({"type": "string", "format": "email"})]
    city_area: Word
    service_code: Annotated[Word, Field(description="A code of the organisation's service catalog.")]
    primary_channel: Channel
    npwp: Annotated[str | None, Field(description="Tax number, in any spelling.")] = None
    country: str | None = None
    route: str | None = None
    est_volume_value: Amount | None = None
    est_volume_unit: str | None = None
    timeline: str | None = None
    campaign_name: str | None = None
    notes: str | None = None
    lead_date: Annotated[date | None, Field(description="Default: today. Not in the future.")] = None
    sourced_by: Annotated[
        Literal["Marketing", "Sales"] | None, Field(description="Default: the caller's side.")
    ] = None
    next_step: Annotated[NextStep | None, Field(description="Default: Call.")] = None
    due_date: Annotated[date | None, Field(description="Default: in seven days.")] = None
    sales_owner_user_id: Annotated[
        UUID | None,
        Field(description="A sales manager or salesperson; who may name whom depends on the role."),
    ] = None
    need_rfq: Annotated[
        bool | None,
        Field(description="Ask for a tariff: makes a ticket when the twelve rfq_ fields are complete."),
    ] = None
    rfq_dept_target: RfqDepartment | None = None
    rfq_origin_address: str | None = None
    rfq_origin_city: str | None = None
    rfq_origin_country: str | None = None
    rfq_destination_address: str | None = None
    rfq_destination_city: str | None = None
    rfq_destination_country: str | None = None
    rfq_cargo_category: str | None = None
    rfq_cargo_qty: Amount | None = None
    rfq_cargo_dimensions: str | None = None
    rfq_cargo_weight: Amount | None = None
    rfq_scope_of_work: str | None = None


class LeadBundle(Answer):
    lead_id: str
    customer_id: Annotated[str | None, Field(description="Null for who may not read the customer.")]
    prospect_id: str
    ticket_id: str | None
    rfq_missing_fields: list[str] = []
    customer_matched_by: str | None = None


class LeadItem(Answer):
    lead_id: str
    lead_date: date
    company_name: str
    npwp: str | None
    pic_name: str
    contact_phone: str
    email: str
    city_area: str
    country: str | None
    service_code: str
    route: str | None
    est_volume_value: float | None
    est_volume_unit: str | None
    timeline: str | None
    sourced_by: str
    primary_channel: Channel
    campaign_name: str | None
    notes: str | None
    status: LeadStatus
    next_step: NextStep
    due_date: date
    sales_owner_user_id: UUID | None
    customer_id: Annotated[str | None, Field(description="Null for who may not read the customer.")]
    prospect_id: str | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime


class LeadTicket(Answer):
    ticket_id: str
    ticket_type: str
    status: str
    dept_target: str
    created_at: datetime


class LeadAssignment(Answer):
    assignment_id: int
    from_user_id: UUID | None
    to_user_id: UUID | None
    assigned_by: UUID | None
    assigned_at: datetime
    notes: str | None


class Lead(LeadItem):
    tickets: Annotated[list[LeadTicket], Field(description="Those that the caller sees.")]
    assignments: Annotated[list[LeadAssignment], Field(description="Who had it, the oldest first.")]


class LeadPage(Answer):
    items: list[LeadItem]
    next: str | None


# Files


class FilePath(Request):
    file_id: Id


# Events


Words = Annotated[str, Field(max_length=500, pattern=r"^[a-z0-9_.]+(,[a-z0-9_.]+)*$")]
"""Names, separated by commas."""


class EventFilter(Request):
    """Which changes to hear of; without it all about what one may read."""

    topics: Annotated[Words | None, Field(description="Only these topics, separated by commas.")] = None
    tags: Annotated[Words | None, Field(description="Only these tags, separated by commas.")] = None

    def wants(self, topic: str, tag: str) -> bool:
        """Whether a change is asked for."""
        return (self.topics is None or topic in self.topics.split(",")) and (
            self.tags is None or tag in self.tags.split(",")
        )


# People


class Role(Answer):
    key: str
    label: str


class Menu(Answer):
    key: str
    label: str


class Permission(Answer):
    resource: str
    action: str
    scopes: list[str]


class Organization(Answer):
    org_id: UUID
    name: str
    time_zone: str


class Me(Answer):
    user_id: UUID
    user_code: str
    email: str
    full_name: str
    role: Role
    blocked_pages: Annotated[list[str], Field(description="Screens to hide from this person.")]
    organization: Organization
    menus: list[Menu]
    permissions: list[Permission]


# Operation


class Health(Answer):
    status: str


# Errors


class ProblemError(BaseModel):
    field: str
    code: str
    message: str


class ProblemDocument(BaseModel):
    """RFC 9457. `code` is stable; `instance` is the request's id."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[ProblemError] = []
