"""Evidence: a file that shows a value to be true, stored under the folder of the metric and the person."""

from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.kpi.models import KpiEvidenceFields
from bff.reading import query_of, validated
from bff.uploads.forms import form_of
from bff.uploads.registering import examined, registered
from bff.uploads.work import work_of

BUCKET = "kpi-evidence"
CODE = "evidence"
CALLS = ("kpi_add_evidence",)
"""The `api` functions that this handler calls."""


async def upload(request: Request) -> Response:
    """POST /api/kpi/evidence."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    async with form_of(
        request, required=("metric_key",), optional=("user_id", "target_id", "entry_id", "notes")
    ) as form:
        fields = validated(KpiEvidenceFields, dict(form.texts))
        done = await registered(
            work,
            "kpi_add_evidence",
            form.file,
            examined(form.file, BUCKET, CODE),
            bucket=BUCKET,
            folder=f"{fields.metric_key}/{fields.user_id or work.sub}",
            code=CODE,
            **{f"p_{field}": value for field, value in fields},
        )
    return answer(request, done.body, 201, replayed=done.replayed)
