"""Shapes of requests and answers of the CRM flow. What values may be is checked in SQL; see bff/models.py."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bff.models import Amount, Answer, Channel, LeadStatus, NextStep, Page, ReadableId, Request, Word

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
