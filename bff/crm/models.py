"""Shapes of requests and answers of the CRM flow. What values may be is checked in SQL; see bff/models.py."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from bff.models import (
    Amount,
    Answer,
    Channel,
    Id,
    LeadStatus,
    NextStep,
    Page,
    ReadableId,
    Request,
    Word,
)

Notes = Annotated[str | None, Field(max_length=2000)]

Stage = Literal[
    "Prospect Created",
    "Initial Contact",
    "Need Analysis",
    "Proposal Sent",
    "Negotiation",
    "Closed Won",
    "Closed Lost",
    "Nurturing",
]

# Leads


class AssignLead(Request):
    new_owner_user_id: Annotated[UUID, Field(description="An active salesperson or sales manager.")]
    notes: Annotated[Notes, Field(description="Why; kept in the history of the lead.")] = None


class LeadChange(Request):
    """What is left out stays; null clears what is not required."""

    status: Annotated[LeadStatus | None, Field(description="Only moves of the specification.")] = None
    next_step: NextStep | None = None
    due_date: date | None = None
    pic_name: Word | None = None
    contact_phone: Word | None = None
    email: Word | None = None
    city_area: Word | None = None
    country: str | None = None
    route: str | None = None
    est_volume_value: Amount | None = None
    est_volume_unit: str | None = None
    timeline: str | None = None
    notes: str | None = None
    primary_channel: Annotated[Channel | None, Field(description="Marketing's to change.")] = None
    campaign_name: Annotated[str | None, Field(description="Marketing's to change.")] = None


class LeadAssigned(Answer):
    lead_id: str
    previous_owner_user_id: UUID | None
    new_owner_user_id: UUID
    prospect_id: str
    related_tickets_count: int


# Prospects


class NewProspect(Request):
    customer_id: Annotated[ReadableId, Field(description="A customer that the caller sees.")]
    owner_user_id: Annotated[
        UUID | None, Field(description="Who pursues it: oneself, or whom one may give leads to.")
    ] = None


class ProspectMade(Answer):
    prospect_id: str
    customer_id: str
    owner_user_id: UUID
    current_stage: Stage
    is_new: bool


class ProspectPath(Request):
    prospect_id: ReadableId


class ProspectList(Page):
    current_stage: Stage | None = None
    owner_user_id: UUID | None = None
    customer_id: ReadableId | None = None


class ProspectItem(Answer):
    prospect_id: str
    customer_id: Annotated[str | None, Field(description="Null for who may not read the customer.")]
    company_name: str | None
    owner_user_id: UUID
    current_stage: Stage
    closed_at: datetime | None
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime


class ProspectPage(Answer):
    items: list[ProspectItem]
    next: str | None


class StageMove(Answer):
    history_id: int
    from_stage: Annotated[Stage | None, Field(description="Null: the stage it began with.")]
    to_stage: Stage
    changed_by: UUID | None
    changed_at: datetime


class ProspectEvent(Answer):
    event_id: int
    event_type: Literal["RFQ_CREATED", "TICKET_CREATED", "HANDOVER", "STAGE_CHANGED"]
    ref_id: Annotated[str | None, Field(description="The ticket, the lead, or the new stage.")]
    created_by: UUID | None
    created_at: datetime


class ProspectLead(Answer):
    lead_id: str
    status: LeadStatus
    next_step: NextStep
    due_date: date
    sales_owner_user_id: UUID | None


class Prospect(ProspectItem):
    stage_history: list[StageMove]
    events: Annotated[list[ProspectEvent], Field(description="What happened to it by itself.")]
    leads: Annotated[list[ProspectLead], Field(description="Those that the caller sees.")]


class ProspectMove(Request):
    current_stage: Annotated[Stage, Field(description="Only moves of the specification.")]
    expected_stage: Annotated[
        Stage | None, Field(description="Where the caller believes it to be; a conflict if it is not.")
    ] = None


# Activities

ActivityType = Literal[
    "visit",
    "call",
    "online_meeting",
    "email",
    "whatsapp",
    "meeting",
    "note",
    "quote",
    "order",
    "complaint",
    "feedback",
    "website_visit",
    "social_interaction",
]
Latitude = Annotated[float | None, Field(ge=-90, le=90)]
Longitude = Annotated[float | None, Field(ge=-180, le=180)]


class ActivityPath(Request):
    activity_id: Id


class ActivityList(Page):
    """Without one of the first four: the caller's own."""

    prospect_id: ReadableId | None = None
    lead_id: ReadableId | None = None
    customer_id: ReadableId | None = None
    created_by: UUID | None = None
    activity_type: ActivityType | None = None
    is_open: Annotated[bool | None, Field(description="Only what is, or is not, still to be done.")] = None


class ActivityDone(Request):
    outcome: Annotated[str | None, Field(max_length=1000)] = None
    duration_minutes: Annotated[int | None, Field(ge=0, le=10080)] = None
    photo_id: Annotated[
        Id | None,
        Field(description="Of `POST /api/activities/photos`: a visit needs a photo when it is done."),
    ] = None
    evidence_photo_url: Annotated[
        str | None,
        Field(max_length=2000, description="In its place: the http(s) address of a photo kept elsewhere."),
    ] = None
    gps_lat: Annotated[Latitude, Field(description="Degrees; 0 is a place. So does the position.")] = None
    gps_lng: Longitude = None


class NewActivity(ActivityDone):
    """What was done, about exactly one of prospect, lead and customer."""

    activity_type: Annotated[str, Field(description="A type, or its name on screens: `Online Meeting`.")]
    notes: Annotated[Word, Field(max_length=5000)]
    prospect_id: ReadableId | None = None
    lead_id: ReadableId | None = None
    customer_id: ReadableId | None = None
    contact_id: int | None = None
    direction: Annotated[
        Literal["inbound", "outbound", "internal"] | None,
        Field(description="Default for visits, calls, meetings online, e-mail and WhatsApp: outbound."),
    ] = None
    subject: Annotated[str | None, Field(max_length=255)] = None
    scheduled_on: Annotated[
        date | None, Field(description="A day from today: still to be done. Left out: done.")
    ] = None


class Activity(Answer):
    activity_id: int
    activity_type: str
    direction: str | None
    prospect_id: str | None
    lead_id: str | None
    customer_id: Annotated[str | None, Field(description="Null for who may not read the customer.")]
    contact_id: int | None
    ticket_id: str | None
    subject: str | None
    notes: str
    outcome: str | None
    duration_minutes: int | None
    evidence_photo_url: Annotated[
        str | None, Field(description="Of an uploaded photo: `/api/files/{file_id}`.")
    ]
    gps_lat: float | None
    gps_lng: float | None
    scheduled_at: datetime | None
    completed_at: datetime | None
    created_by: UUID | None
    created_at: datetime


class NewPhoto(Request):
    file: Annotated[
        bytes,
        Field(description="A JPEG, PNG, WebP or GIF picture of at most 10 MB."),
        WithJsonSchema({"type": "string", "format": "binary"}),
    ]


class Photo(Answer):
    photo_id: Annotated[int, Field(description="For the activity that it proves; one's own alone, once.")]
    file_id: Annotated[int, Field(description="For `GET /api/files/{file_id}`.")]
    file_name: str
    mime_type: str
    file_size: int
    uploaded_at: datetime


class ActivityPage(Answer):
    items: list[Activity]
    next: str | None


class LeadCount(Answer):
    status: str
    lead_count: int
    assigned_count: int
    unassigned_count: int


class LeadStats(Answer):
    items: Annotated[list[LeadCount], Field(description="A status without leads is not there.")]


class LeadDeleted(Answer):
    lead_id: str


class ActivityDeleted(Answer):
    activity_id: int
