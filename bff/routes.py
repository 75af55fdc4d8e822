"""The route table: every operation of the HTTP interface, as data."""

from bff import files, health, imports, models
from bff.ar.endpoints import ROUTES as AR
from bff.auth.endpoints import ROUTES as AUTH
from bff.crm.endpoints import ROUTES as CRM
from bff.dashboard.endpoints import ROUTES as DASHBOARD
from bff.desk.endpoints import ROUTES as DESK
from bff.downloads import ROUTES as DOWNLOADS
from bff.events import stream
from bff.kpi.endpoints import ROUTES as KPI
from bff.members.conflicts import ROUTES as CONFLICTS
from bff.members.data_sync import ROUTES as DATA_SYNC
from bff.members.endpoints import ROUTES as MEMBERS
from bff.members.repairs import ROUTES as REPAIRS
from bff.members.reservations import ROUTES as RESERVATIONS
from bff.members.search import ROUTES as MEMBER_SEARCH
from bff.organisation import ROUTES as ORGANISATION
from bff.people.endpoints import ROUTES as PEOPLE
from bff.routing import MULTIPART, Export, Route
from bff.uploads import models as shapes
from bff.uploads import processing, staging
from bff.webhooks.endpoints import ROUTES as WEBHOOKS

ROUTES: tuple[Route, ...] = (
    *AUTH,
    Route(method="GET", path="/api/auth/me", function="app_me", answer=models.Me,
          tag="identity", summary="Who am I: profile, role, menus, permissions"),
    *ORGANISATION,

    Route(method="POST", path="/api/leads", function="crm_create_lead_bundle", body=models.NewLead,
          answer=models.LeadBundle, status=201, takes_key=True, permission="leads:insert",
          tag="leads", summary="Create a lead with its customer, prospect and, if asked for, tariff ticket"),
    Route(method="GET", path="/api/leads", function="crm_list_leads", query=models.LeadList,
          filters_as_object=True, answer=models.LeadPage, permission="leads:select",
          export=Export(view="leads", order=("created_at desc", "lead_id desc")),
          tag="leads", summary="Leads that the caller may see, newest first"),
    Route(method="GET", path="/api/leads/{lead_id}", function="crm_get_lead", path_model=models.LeadPath,
          answer=models.Lead, permission="leads:select",
          tag="leads", summary="One lead with its tickets"),

    *CRM,

    Route(method="POST", path="/api/imports", handler=imports.upload, calls=staging.CALLS,
          body=shapes.NewImport, body_type=MULTIPART, max_body=None, answer=shapes.NewImportAnswer,
          status=201, other_statuses=(200,), takes_key=True, permission="imports.<module>:insert",
          tag="imports", summary="Upload a file and stage its rows; 200 if it was uploaded before"),
    Route(method="GET", path="/api/imports", function="ingest_list_imports", query=shapes.ImportList,
          answer=shapes.ImportPage, permission="imports:select",
          tag="imports", summary="Imports that the caller may see, newest first"),
    Route(method="GET", path="/api/imports/mappings", function="ingest_list_mappings",
          query=shapes.MappingList, answer=shapes.MappingPage, permission="saved_mappings:select",
          tag="imports", summary="Mappings of columns that one has saved with an upload, latest first"),
    Route(method="DELETE", path="/api/imports/mappings/{module}/{mapping_id}",
          function="ingest_delete_mapping", path_model=shapes.MappingPath, answer=shapes.MappingDeleted,
          permission="saved_mappings:select",
          tag="imports", summary="Forget a mapping: files with that header are mapped by names again"),
    Route(method="GET", path="/api/imports/{import_id}", function="ingest_get_import",
          path_model=shapes.ImportPath, answer=shapes.Import, permission="imports:select",
          tag="imports", summary="An import, and in numbers what became of its rows"),
    Route(method="GET", path="/api/imports/{import_id}/rows", function="ingest_list_rows",
          path_model=shapes.ImportPath, query=shapes.ImportRows, answer=shapes.ImportRowPage,
          permission="imports:select",
          tag="imports", summary="Rows of an import with their errors, in the order of the file"),
    Route(method="POST", path="/api/imports/{import_id}/process", handler=imports.process,
          calls=processing.PROCESSORS, path_model=shapes.ImportPath, answer=shapes.Import,
          permission="imports.<module>:insert",
          tag="imports", summary="Process pending rows; call again while the status is `processing`"),
    Route(method="POST", path="/api/imports/{import_id}/retry", handler=imports.retry,
          calls=("retry_import",), path_model=shapes.ImportPath, body=shapes.Retry, body_is_optional=True,
          answer=shapes.Import, takes_key=True, permission="imports.<module>:insert",
          tag="imports", summary="Mend rows that had errors, where wanted, and process them once more"),
    Route(method="POST", path="/api/imports/{import_id}/dry-run", handler=imports.dry_run,
          calls=processing.PROCESSORS, path_model=shapes.ImportPath, answer=shapes.DryRun,
          permission="imports.<module>:insert",
          tag="imports", summary="What processing would come to; nothing is kept of it"),
    Route(method="POST", path="/api/imports/{import_id}/undo", handler=imports.undo, calls=("undo_import",),
          path_model=shapes.ImportPath, answer=shapes.UndoState, permission="imports.<module>:insert",
          tag="imports", summary="Take an import back; call again while the status is `undoing`"),
    Route(method="GET", path="/api/imports/{import_id}/undo", function="ingest_get_undo",
          path_model=shapes.ImportPath, query=shapes.UndoPage, answer=shapes.Undo,
          permission="import_undos:select",
          tag="imports", summary="What an undo did, and row by row what it left alone"),
    Route(method="GET", path="/api/imports/{import_id}/errors.csv", handler=imports.errors,
          calls=("ingest_error_rows",), path_model=shapes.ImportPath, answer_type="text/csv",
          permission="imports:select",
          tag="imports", summary="Rows with errors as a CSV file: line, reasons, and the row's own cells"),
    Route(method="GET", path="/api/imports/{import_id}/events", handler=imports.events,
          calls=("ingest_get_import",), path_model=shapes.ImportPath, answer_type="text/event-stream",
          permission="imports:select",
          tag="imports", summary="Server-sent events: `progress` with the import, `done` when it is closed"),

    *AR,
    *KPI,
    *DASHBOARD,

    *DESK,
    *MEMBERS,
    *MEMBER_SEARCH,
    *PEOPLE,
    *WEBHOOKS,
    *RESERVATIONS,
    *CONFLICTS,
    *REPAIRS,
    *DATA_SYNC,

    *DOWNLOADS,
    Route(method="GET", path="/api/files/{file_id}", handler=files.download, calls=("app_get_file",),
          path_model=models.FilePath, answer_type="*/*",
          tag="files", summary="The bytes of a file, for whoever may see the row it belongs to"),

    Route(method="GET", path="/api/events", handler=stream.stream, calls=stream.CALLS,
          query=models.EventFilter, answer_type="text/event-stream", problems=(404,),
          tag="events", summary="What happened, as it happens: server-sent events `change` and `resync`"),

    Route(method="GET", path="/healthz", handler=health.alive, answer=models.Health, signed_in=False,
          tag="operation", summary="Is the process alive"),
    Route(method="GET", path="/readyz", handler=health.ready, answer=models.Health, signed_in=False,
          problems=(503,), tag="operation", summary="Is the database reachable and migrated"),
    Route(method="GET", path="/metrics", handler=health.metrics, answer_type="text/plain", signed_in=False,
          tag="operation", summary="Metrics in Prometheus' format"),
)  # fmt: skip
