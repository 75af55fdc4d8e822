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

    Route(method="GET", path="/api/prospects", function="crm_list_prospects", query=models.ProspectList,
          filters_as_object=True, answer=models.ProspectPage, permission="prospects:select",
          tag="prospects", summary="Prospects that the caller may see, newest first"),
    Route(method="GET", path="/api/prospects/{prospect_id}", function="crm_get_prospect",
          path_model=models.ProspectPath, answer=models.Prospect, permission="prospects:select",
          tag="prospects", summary="One prospect with its leads, stages and events"),
    Route(method="PATCH", path="/api/prospects/{prospect_id}", function="crm_move_prospect",
          path_model=models.ProspectPath, body=models.ProspectMove, answer=models.Prospect, takes_key=True,
          permission="prospects:update", tag="prospects", summary="Move a prospect to another stage"),

    Route(method="POST", path="/api/activities", function="crm_log_activity", body=models.NewActivity,
          answer=models.Activity, status=201, problems=(404,), takes_key=True, permission="activities:insert",
          tag="activities", summary="Write down what was done, or plan it, for a prospect, lead or customer"),
    Route(method="GET", path="/api/activities", function="crm_list_activities", query=models.ActivityList,
          filters_as_object=True, answer=models.ActivityPage, permission="activities:select",
          tag="activities", summary="Activities that the caller may see, newest first"),
    Route(method="POST", path="/api/activities/{activity_id}/complete", function="crm_complete_activity",
          path_model=models.ActivityPath, body=models.ActivityDone, answer=models.Activity, takes_key=True,
          permission="activities:complete", tag="activities", summary="Say that a planned activity was done"),
)  # fmt: skip
