"""The routes of the CRM flow, as rows of the route table."""

from bff.crm import models
from bff.models import Lead, LeadPath
from bff.routing import Route

ROUTES: tuple[Route, ...] = (
    Route(method="PATCH", path="/api/leads/{lead_id}", function="crm_update_lead",
          path_model=LeadPath, body=models.LeadChange, answer=Lead, takes_key=True, permission="leads:update",
          tag="leads", summary="Change what was typed, the next step or the status of a lead"),
    Route(method="POST", path="/api/leads/{lead_id}/assign", function="crm_assign_lead",
          path_model=LeadPath, body=models.AssignLead, answer=models.LeadAssigned,
          takes_key=True, permission="leads:assign",
          tag="leads", summary="Hand a lead to somebody of sales; its prospect goes along"),
)  # fmt: skip
