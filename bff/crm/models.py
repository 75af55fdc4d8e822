"""Shapes of requests and answers of the CRM flow. What values may be is checked in SQL; see bff/models.py."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from bff.models import Answer, Request

Notes = Annotated[str | None, Field(max_length=2000)]

# Leads


class AssignLead(Request):
    new_owner_user_id: Annotated[UUID, Field(description="An active salesperson or sales manager.")]
    notes: Annotated[Notes, Field(description="Why; kept in the history of the lead.")] = None


class LeadAssigned(Answer):
    lead_id: str
    previous_owner_user_id: UUID | None
    new_owner_user_id: UUID
    prospect_id: str
    related_tickets_count: int
