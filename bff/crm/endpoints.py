"""The routes of the CRM flow, as rows of the route table."""

from bff.crm import models
from bff.models import LeadPath
from bff.routing import Route

ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/api/leads/{lead_id}/assign", function="crm_assign_lead",
          path_model=LeadPath, body=models.AssignLead, answer=models.LeadAssigned, problems=(409,),
          takes_key=True, permission="leads:assign",
          tag="leads", summary="Hand a lead to somebody of sales; its prospect goes along"),
)  # fmt: skip
