"""The routes about metrics."""

from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.kpi import evidence, models
from bff.kpi.marketing import ROUTES as MARKETING
from bff.reading import query_of
from bff.routing import MULTIPART, Export, Route
from bff.uploads import processing, staging
from bff.uploads.json_rows import RowsToImport, file_or_rows
from bff.uploads.models import Import
from bff.uploads.staging import stage_upload
from bff.uploads.work import work_of

_TAG = "kpi"
_ON = {"on": "period_start <= {0} and period_end >= {0}"}


def _progress(where: str | None = None) -> Export:
    """The file of targets with what was reached: the numbers of each are made by themselves."""
    return Export(
        view="v_kpi_progress",
        resource="kpi_targets",
        order=("target_id desc",),
        where=where,
        conditions=_ON,
        piece=50,
    )


async def import_entries(request: Request) -> Response:
    """POST /api/kpi/import: a file of entries, or their rows, staged and processed by one call."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    async with file_or_rows(request, models.ENTRY_COLUMNS) as file:
        staged = await stage_upload(work, module="kpi_entries", file=file)
    done = await processing.process(work, staged.import_id)
    return answer(request, done, staged.status, replayed=staged.replayed)


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/kpi/metrics", function="kpi_list_metrics", answer=models.KpiMetrics,
          permission="kpi_metric_definitions:select", tag=_TAG, summary="All metrics"),
    Route(method="GET", path="/api/kpi/actual", function="kpi_get_actual", query=models.KpiActualQuery,
          filters_as_object=True, answer=models.KpiActual, problems=(404,), permission="kpi_targets:select",
          tag=_TAG, summary="What a metric came to in a period; a status says when it cannot be known"),
    Route(method="GET", path="/api/kpi/progress", function="kpi_list_progress", fixed={"whose": "all"},
          query=models.KpiTargetList, filters_as_object=True, answer=models.KpiProgressPage,
          export=_progress(), permission="kpi_targets:select",
          tag=_TAG, summary="Targets with how much of each is reached"),
    Route(method="GET", path="/api/kpi/my", function="kpi_list_progress", fixed={"whose": "my"},
          query=models.KpiTargetList, filters_as_object=True, answer=models.KpiProgressPage,
          export=_progress("v.assignee_user_id = (select app.uid())"), permission="kpi_targets:select",
          tag=_TAG, summary="One's own targets with how much is reached"),
    Route(method="GET", path="/api/kpi/team", function="kpi_list_progress", fixed={"whose": "team"},
          query=models.KpiTargetList, filters_as_object=True, answer=models.KpiProgressPage,
          export=_progress("v.assignee_user_id <> (select app.uid())"), permission="kpi_targets:select",
          tag=_TAG, summary="Targets of one's people, how much is reached"),

    Route(method="GET", path="/api/kpi/targets", function="kpi_list_targets", query=models.KpiTargetList,
          filters_as_object=True, answer=models.KpiTargetPage, permission="kpi_targets:select",
          export=Export(view="kpi_targets", order=("target_id desc",), conditions=_ON),
          tag=_TAG, summary="Targets that the caller sees, newest first"),
    Route(method="POST", path="/api/kpi/targets", function="kpi_set_target", body=models.NewKpiTarget,
          answer=models.KpiTarget, status=201, takes_key=True, permission="kpi_targets:insert",
          tag=_TAG, summary="Set a target; periods of one metric and person never overlap"),
    Route(method="PATCH", path="/api/kpi/targets/{target_id}", function="kpi_update_target",
          path_model=models.KpiTargetPath, body=models.KpiTargetChange, answer=models.KpiTarget,
          takes_key=True, permission="kpi_targets:update",
          tag=_TAG, summary="Change value or period of a target"),
    Route(method="DELETE", path="/api/kpi/targets/{target_id}", function="kpi_delete_target",
          path_model=models.KpiTargetPath, answer=models.KpiTargetDeleted, permission="kpi_targets:delete",
          tag=_TAG, summary="Remove a target"),

    Route(method="GET", path="/api/kpi/entries", function="kpi_list_entries", query=models.KpiEntryList,
          filters_as_object=True, answer=models.KpiEntryPage, permission="kpi_entries:select",
          export=Export(view="kpi_entries", order=("entry_id desc",)),
          tag=_TAG, summary="Entries that the caller sees, newest first"),
    Route(method="POST", path="/api/kpi/entries", function="kpi_add_entry", body=models.NewKpiEntry,
          answer=models.KpiEntry, status=201, takes_key=True, permission="kpi_entries:insert",
          tag=_TAG, summary="Enter what was reached of a metric that is not computed"),
    Route(method="POST", path="/api/kpi/import", handler=import_entries,
          calls=(*staging.CALLS, "process_import_kpi_entries"), body=models.NewKpiEntryFile,
          body_type=MULTIPART, json_body=RowsToImport, max_body=None, answer=Import, status=201,
          other_statuses=(200,), takes_key=True, permission="imports.kpi_entries:insert",
          tag=_TAG, summary="Upload a file of entries, or rows, and process it; 200 if that was done before"),
    Route(method="PATCH", path="/api/kpi/entries/{entry_id}", function="kpi_update_entry",
          path_model=models.KpiEntryPath, body=models.KpiEntryChange, answer=models.KpiEntry, takes_key=True,
          permission="kpi_entries:update", tag=_TAG, summary="Correct an entry that one wrote"),
    Route(method="DELETE", path="/api/kpi/entries/{entry_id}", function="kpi_delete_entry",
          path_model=models.KpiEntryPath, answer=models.KpiEntryDeleted, permission="kpi_entries:delete",
          tag=_TAG, summary="Remove an entry"),

    Route(method="GET", path="/api/kpi/evidence", function="kpi_list_evidence", query=models.KpiEvidenceList,
          filters_as_object=True, answer=models.KpiEvidencePage, permission="kpi_evidence:select",
          tag=_TAG, summary="Evidence that the caller sees, newest first; files at /api/files/{file_id}"),
    Route(method="POST", path="/api/kpi/evidence", handler=evidence.upload, calls=evidence.CALLS,
          body=models.NewKpiEvidence, body_type=MULTIPART, max_body=11 * 1024 * 1024,
          answer=models.KpiEvidenceAdded, status=201, takes_key=True, permission="kpi_evidence:insert",
          tag=_TAG, summary="Upload a file that shows what was reached"),
    Route(method="DELETE", path="/api/kpi/evidence/{evidence_id}", function="kpi_delete_evidence",
          path_model=models.KpiEvidencePath, answer=models.KpiEvidenceDeleted,
          permission="kpi_evidence:delete", tag=_TAG, summary="Remove evidence with its file"),

    *MARKETING,
)  # fmt: skip
