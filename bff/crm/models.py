"""Shapes of requests and answers of the CRM flow. What values may be is checked in SQL; see bff/models.py."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from bff.models import Amount, Answer, Channel, LeadStatus, NextStep, Request, Word

Notes = Annotated[str | None, Field(max_length=2000)]

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
