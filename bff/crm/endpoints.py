"""The routes of the CRM flow, as rows of the route table."""

import json

from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.crm import customers, documents, models, photos, views
from bff.models import Lead, LeadPath, Page
from bff.reading import object_of, query_of
from bff.routing import MULTIPART, Export, Route
from bff.uploads.work import work_of


async def create_customer(request: Request) -> Response:
    """POST /api/customers: 201 for a new one, 200 for one that was there and is the caller's to see."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    payload, _ = await object_of(request)
    done = await work.call("crm_create_customer", keyed=True, payload=payload)
    status = 200 if "customer_matched_by" in json.loads(done.body) else 201
    return answer(request, done.body, status, replayed=done.replayed)


async def create_prospect(request: Request) -> Response:
    """POST /api/prospects: 201 for a new one, 200 for the one that its owner has."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    payload, _ = await object_of(request)
    done = await work.call("crm_create_prospect", keyed=True, payload=payload)
    status = 201 if json.loads(done.body)["is_new"] else 200
    return answer(request, done.body, status, replayed=done.replayed)


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/leads/stats", function="crm_lead_stats", answer=models.LeadStats,
          permission="leads:select",
          tag="leads", summary="How many of the leads that the caller sees stand where"),
    Route(method="PATCH", path="/api/leads/{lead_id}", function="crm_update_lead",
          path_model=LeadPath, body=models.LeadChange, answer=Lead, takes_key=True, permission="leads:update",
          tag="leads", summary="Change what was typed, the next step or the status of a lead"),
    Route(method="DELETE", path="/api/leads/{lead_id}", function="crm_delete_lead", path_model=LeadPath,
          answer=models.LeadDeleted, permission="leads:delete",
          tag="leads", summary="Delete a lead that no ticket or activity is about"),
    Route(method="POST", path="/api/leads/{lead_id}/assign", function="crm_assign_lead",
          path_model=LeadPath, body=models.AssignLead, answer=models.LeadAssigned,
          takes_key=True, permission="leads:assign",
          tag="leads", summary="Hand a lead to somebody of sales; its prospect goes along"),

    Route(method="GET", path="/api/prospects", function="crm_list_prospects", query=models.ProspectList,
          filters_as_object=True, answer=models.ProspectPage, permission="prospects:select",
          export=Export(view="prospects", order=("created_at desc", "prospect_id desc")),
          tag="prospects", summary="Prospects that the caller may see, newest first"),
    Route(method="POST", path="/api/prospects", handler=create_prospect, calls=("crm_create_prospect",),
          body=models.NewProspect, answer=models.ProspectMade, status=201, other_statuses=(200,),
          problems=(404,), takes_key=True, permission="prospects:insert",
          tag="prospects", summary="Have somebody of sales pursue a customer; 200 if they do already"),
    Route(method="GET", path="/api/prospects/{prospect_id}", function="crm_get_prospect",
          path_model=models.ProspectPath, answer=models.Prospect, permission="prospects:select",
          tag="prospects", summary="One prospect with its leads, stages and events"),
    Route(method="PATCH", path="/api/prospects/{prospect_id}", function="crm_move_prospect",
          path_model=models.ProspectPath, body=models.ProspectMove, answer=models.Prospect, takes_key=True,
          permission="prospects:update", tag="prospects", summary="Move a prospect to another stage"),

    Route(method="POST", path="/api/activities", function="crm_log_activity", body=models.NewActivity,
          answer=models.Activity, status=201, problems=(404,), takes_key=True, permission="activities:insert",
          tag="activities", summary="Write down what was done, or plan it, for a prospect, lead or customer"),
    Route(method="POST", path="/api/activities/photos", handler=photos.upload, calls=photos.CALLS,
          body=models.NewPhoto, body_type=MULTIPART, max_body=None, answer=models.Photo, status=201,
          takes_key=True, permission="activity_photos:insert",
          tag="activities", summary="Upload the photo of a visit; the activity then names it"),
    Route(method="GET", path="/api/activities", function="crm_list_activities", query=models.ActivityList,
          filters_as_object=True, answer=models.ActivityPage, permission="activities:select",
          export=Export(view="activities", order=("created_at desc", "activity_id desc"),
                        conditions={"is_open": "activity_id > 0 and (completed_at is null) = {0}"}),
          tag="activities", summary="Activities that the caller may see, newest first"),
    Route(method="DELETE", path="/api/activities/{activity_id}", function="crm_delete_activity",
          path_model=models.ActivityPath, answer=models.ActivityDeleted, permission="activities:delete",
          tag="activities", summary="Delete an activity with its photo"),
    Route(method="POST", path="/api/activities/{activity_id}/complete", function="crm_complete_activity",
          path_model=models.ActivityPath, body=models.ActivityDone, answer=models.Activity, takes_key=True,
          permission="activities:complete", tag="activities", summary="Say that a planned activity was done"),

    Route(method="GET", path="/api/customers", function="crm_list_customers", query=customers.CustomerList,
          filters_as_object=True, answer=customers.CustomerPage, permission="customers:select",
          export=Export(view="customers", order=("created_at desc", "customer_id desc"), action="export",
                        conditions={"owner_user_id": "owner_ids @> array[{}::uuid]"}),
          tag="customers", summary="Customers that the caller may see, newest first"),
    Route(method="POST", path="/api/customers", handler=create_customer, calls=("crm_create_customer",),
          body=customers.NewCustomer, answer=customers.CustomerMade, status=201, other_statuses=(200,),
          problems=(409,), takes_key=True, permission="customers:insert",
          tag="customers", summary="Make a customer, or find it: one company is one customer"),
    Route(method="GET", path="/api/customers/{customer_id}", function="crm_get_customer",
          path_model=customers.CustomerPath, answer=customers.Customer, permission="customers:select",
          tag="customers", summary="One customer with its people, leads and prospects"),
    Route(method="PATCH", path="/api/customers/{customer_id}", function="crm_update_customer",
          path_model=customers.CustomerPath, body=customers.CustomerChange, answer=customers.Customer,
          takes_key=True, permission="customers:update",
          tag="customers", summary="Change some fields of a customer"),
    Route(method="POST", path="/api/customers/{customer_id}/contacts", function="crm_add_contact",
          path_model=customers.CustomerPath, body=customers.NewContact, answer=customers.Contact,
          status=201, takes_key=True, permission="contacts:insert",
          tag="customers", summary="Add a person to a customer"),
    Route(method="POST", path="/api/customers/{customer_id}/documents", handler=documents.upload,
          calls=documents.CALLS, path_model=customers.CustomerPath, body=customers.NewDocument,
          body_type=MULTIPART, max_body=None, answer=customers.Document, status=201,
          takes_key=True, permission="customer_documents:insert",
          tag="customers", summary="Add a document to a customer"),
    Route(method="GET", path="/api/customers/{customer_id}/documents", function="crm_list_documents",
          path_model=customers.CustomerPath, query=Page, answer=customers.DocumentPage,
          permission="customer_documents:select",
          tag="customers", summary="Documents of a customer, newest first; files at /api/files/{file_id}"),
    Route(method="DELETE", path="/api/customers/{customer_id}/documents/{document_id}",
          function="crm_delete_document", path_model=customers.DocumentPath,
          answer=customers.DocumentDeleted, permission="customer_documents:delete",
          tag="customers", summary="Delete a document of a customer"),
    Route(method="PATCH", path="/api/contacts/{contact_id}", function="crm_update_contact",
          path_model=customers.ContactPath, body=customers.ContactChange, answer=customers.Contact,
          takes_key=True, permission="contacts:update", tag="customers",
          summary="Change a person at a customer, or make them the primary one"),
    Route(method="DELETE", path="/api/contacts/{contact_id}", function="crm_delete_contact",
          path_model=customers.ContactPath, answer=customers.ContactDeleted, permission="contacts:delete",
          tag="customers", summary="Delete a person at a customer"),
    Route(method="GET", path="/api/services", function="crm_list_services", query=customers.ServiceList,
          answer=customers.Services, permission="services:select",
          tag="services", summary="The service catalog of the organisation"),
    Route(method="POST", path="/api/services", function="crm_create_service", body=customers.NewService,
          answer=customers.Service, status=201, problems=(409,), takes_key=True, permission="services:insert",
          tag="services", summary="Add a service to the catalog"),
    Route(method="PATCH", path="/api/services/{service_code}", function="crm_update_service",
          path_model=customers.ServicePath, body=customers.ServiceChange, answer=customers.Service,
          takes_key=True, permission="services:update",
          tag="services", summary="Rename a service, or give it to another department"),
    Route(method="DELETE", path="/api/services/{service_code}", function="crm_delete_service",
          path_model=customers.ServicePath, answer=customers.ServiceDeleted, problems=(409,),
          permission="services:delete",
          tag="services", summary="Take a service that nothing asks for out of the catalog"),

    Route(method="GET", path="/api/search", function="crm_search", query=views.SearchQuery, answer=views.Hits,
          tag="search", summary="Customers, leads, tickets and invoices that the caller may see"),

    Route(method="GET", path="/api/saved-views", function="app_list_saved_views", query=views.ViewList,
          answer=views.Views, permission="saved_views:select",
          tag="saved views", summary="One's own saved views"),
    Route(method="POST", path="/api/saved-views", function="app_save_view", body=views.NewView,
          answer=views.View, status=201, takes_key=True, permission="saved_views:insert",
          tag="saved views", summary="Keep a filter under a name"),
    Route(method="PATCH", path="/api/saved-views/{view_id}", function="app_change_view",
          path_model=views.ViewPath, body=views.ViewChange, answer=views.View, takes_key=True,
          permission="saved_views:update",
          tag="saved views", summary="Rename or refill a view, or make it the default"),
    Route(method="DELETE", path="/api/saved-views/{view_id}", function="app_delete_view",
          path_model=views.ViewPath, answer=views.ViewDeleted, permission="saved_views:delete",
          tag="saved views", summary="Delete a view"),
)  # fmt: skip
