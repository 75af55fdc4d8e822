"""Shapes of requests and answers about metrics. What values may be is checked in SQL; see bff/models.py."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from bff.models import Answer, Day, Id, Page, Request

MetricKey = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,59}$")]
Unit = Literal["IDR", "%", "count", "days", "minutes", "IDR/lead", "ratio", "score"]
Status = Literal["OK", "NA", "NO_DATA"]
Value = Annotated[float, Field(ge=0, le=99_999_999_999_999)]


class KpiMetric(Answer):
    metric_key: str
    owner_role: str
    metric_group: Literal["marketing", "sales"]
    unit: Unit
    calc_method: Literal["AUTO", "MANUAL", "IMPORTED"]
    direction: Literal["HIGHER_BETTER", "LOWER_BETTER"]
    aggregation: Literal["SUM", "LAST"] | None
    spend_channel: str | None
    na_reason: str | None
    description: str


class KpiMetrics(Answer):
    items: list[KpiMetric]


# Targets


class KpiTargetPath(Request):
    target_id: Id


class NewKpiTarget(Request):
    metric_key: MetricKey
    period_start: Day
    period_end: Annotated[Day, Field(description="The last day of the period.")]
    assignee_user_id: Annotated[UUID | None, Field(description="None: for the organisation as a whole.")] = (
        None
    )
    target_value: Value


class KpiTargetChange(Request):
    period_start: Day | None = None
    period_end: Day | None = None
    target_value: Value | None = None


class KpiTarget(Answer):
    target_id: int
    metric_key: str
    metric_group: str
    period_start: date
    period_end: date
    assignee_user_id: UUID | None
    target_value: float
    created_by: UUID
    created_at: datetime
    updated_at: datetime


class KpiTargetList(Page):
    metric_key: MetricKey | None = None
    assignee_user_id: UUID | None = None
    on: Annotated[Day | None, Field(description="A day of the period.")] = None


class KpiTargetPage(Answer):
    items: list[KpiTarget]
    next: str | None


class KpiTargetDeleted(Answer):
    target_id: int


# What was reached


class KpiActualQuery(Request):
    metric_key: MetricKey
    date_from: Day
    date_to: Annotated[Day, Field(description="The last day.")]
    user_id: Annotated[UUID | None, Field(description="None: of the organisation as a whole.")] = None


class KpiActual(Answer):
    metric_key: str
    date_from: date
    date_to: date
    user_id: UUID | None
    unit: Unit
    value: float | None
    status: Status
    reason: str | None
    source: Literal["computed", "entries", "marketing_spend"] | None
    details: Annotated[dict[str, Any] | None, WithJsonSchema({"type": ["object", "null"]})]


class KpiProgress(Answer):
    target_id: int
    metric_key: str
    period_start: date
    period_end: date
    assignee_user_id: UUID | None
    target_value: float
    calc_method: str
    direction: str
    unit: Unit
    actual_value: float | None
    status: Status
    reason: str | None
    source: str | None
    progress_pct: float | None


class KpiProgressPage(Answer):
    items: list[KpiProgress]
    next: str | None


# Entries


class KpiEntryPath(Request):
    entry_id: Id


class NewKpiEntry(Request):
    metric_key: MetricKey
    entry_date: Day
    value: Value
    assignee_user_id: Annotated[UUID | None, Field(description="Default: oneself.")] = None
    notes: Annotated[str | None, Field(max_length=2000)] = None


class KpiEntryChange(Request):
    value: Value | None = None
    notes: Annotated[str | None, Field(max_length=2000)] = None


class KpiEntry(Answer):
    entry_id: int
    metric_key: str
    entry_date: date
    assignee_user_id: UUID
    value: float
    source: Literal["MANUAL", "IMPORTED"]
    notes: str | None
    source_import_id: int | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime


ENTRY_COLUMNS = ("metric_key", "entry_date", "value", "assignee", "notes")


class NewKpiEntryFile(Request):
    file: Annotated[
        bytes,
        Field(description=f"CSV or XLSX with a header row: {', '.join(ENTRY_COLUMNS)}."),
        WithJsonSchema({"type": "string", "format": "binary"}),
    ]


class KpiEntryList(Page):
    metric_key: MetricKey | None = None
    assignee_user_id: UUID | None = None
    entry_date_from: Day | None = None
    entry_date_to: Day | None = None


class KpiEntryPage(Answer):
    items: list[KpiEntry]
    next: str | None


class KpiEntryDeleted(Answer):
    entry_id: int


# KpiEvidence


class KpiEvidenceFields(Request):
    """The parts of the form that are no file."""

    metric_key: MetricKey
    user_id: Annotated[UUID | None, Field(description="Whose achievement. Default: oneself.")] = None
    target_id: Id | None = None
    entry_id: Id | None = None
    notes: Annotated[str | None, Field(max_length=2000)] = None


class NewKpiEvidence(KpiEvidenceFields):
    file: Annotated[
        bytes,
        Field(description="An image, PDF, document, spreadsheet or CSV file of at most 10 MB."),
        WithJsonSchema({"type": "string", "format": "binary"}),
    ]


class KpiEvidence(Answer):
    evidence_id: int
    metric_key: str
    user_id: UUID
    target_id: int | None
    entry_id: int | None
    notes: str | None
    file_id: int | None
    path: str | None
    file_name: str | None
    mime_type: str | None
    size_bytes: int | None
    created_by: UUID
    created_at: datetime


class KpiEvidenceAdded(KpiEvidence):
    id: int
    filename: str
    size: int


class KpiEvidencePath(Request):
    evidence_id: Id


class KpiEvidenceDeleted(Answer):
    evidence_id: int


class KpiEvidenceList(Page):
    metric_key: MetricKey | None = None
    user_id: UUID | None = None
    target_id: Id | None = None
    entry_id: Id | None = None


class KpiEvidencePage(Answer):
    items: list[KpiEvidence]
    next: str | None
