"""The routes of the data sync dashboard: how healthy the data are, and what can be repaired."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bff.models import Answer, Page, Request
from bff.routing import Route

TAG = "data sync"
PREFIX = "/api/data-sync"

Kind = Literal["orphaned_reserved_members", "expired_reservations"]


class Finding(Answer):
    kind: Kind
    severity: Literal["high", "medium", "low"]
    count: int
    sample_ids: Annotated[list[int], Field(description="Ten at most.")]
    can_repair: bool


class Job(Answer):
    job_key: str
    last_state: Literal["running", "done", "failed"] | None
    last_started_at: datetime | None
    next_run_at: Annotated[datetime | None, Field(description="Null: at once, it never ran.")]


class Checked(Answer):
    health_score: Annotated[
        int, Field(ge=0, le=100, description="100 - 20 a high issue - 10 a medium one - 5 a warning.")
    ]
    issues_found: int
    critical_issues: int
    medium_issues: int
    warnings_found: int


class DataHealth(Checked):
    status: Literal["healthy", "warning", "critical"]
    issues: list[Finding]
    warnings: list[Finding]
    stats: dict[str, int]
    scheduler: list[Job]


class Feature(Answer):
    feature: str
    total: int
    waiting: Annotated[int, Field(description="For somebody to decide, or for the clock.")]
    out_of_step: int
    status: Literal["in_step", "attention"]
    last_changed_at: datetime | None


class SyncStatus(Answer):
    items: list[Feature]


class Check(Checked):
    notifications_sent: int


class Repair(Request):
    repair: Literal["orphaned_reserved_members", "expired_reservations", "all"]


class RepairDone(Answer):
    repair: str
    repaired: dict[Kind, int]
    health_score: int


class Monitoring(Answer):
    enabled: bool
    check_interval_hours: int
    notify_on_warning: bool
    notify_on_critical: bool
    last_check: datetime | None


class NewMonitoring(Request):
    """What is left out stays."""

    enabled: bool | None = None
    check_interval_hours: Annotated[int | None, Field(ge=1, le=168)] = None
    notify_on_warning: bool | None = None
    notify_on_critical: bool | None = None


class LogList(Page):
    pass


class LogEntry(Answer):
    log_id: int
    type: Literal["data_repair", "proactive_health_check"]
    payload: dict[str, Any]
    performed_by: Annotated[UUID | None, Field(description="Null: the clock.")]
    performed_by_name: str | None
    performed_at: datetime


class LogPage(Answer):
    items: list[LogEntry]
    next: str | None


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path=f"{PREFIX}/health", function="members_get_health", answer=DataHealth,
          permission="data_sync:select",
          tag=TAG, summary="Health of the data with its reasons, how much there is, what the clock does"),
    Route(method="GET", path=f"{PREFIX}/status", function="members_sync_status", answer=SyncStatus,
          permission="data_sync:select",
          tag=TAG, summary="Feature by feature: how much, what waits, what is out of step, since when"),
    Route(method="POST", path=f"{PREFIX}/repair", function="members_repair_data", body=Repair,
          answer=RepairDone, takes_key=True, permission="data_sync:manage",
          tag=TAG, summary="Repair what the health check found; again repairs none"),
    Route(method="POST", path=f"{PREFIX}/proactive-check", function="members_check_health", answer=Check,
          permission="data_sync:manage", tag=TAG, summary="Check now, as the clock would, and tell admins"),
    Route(method="GET", path=f"{PREFIX}/config", function="members_get_monitoring", answer=Monitoring,
          permission="data_sync:select", tag=TAG, summary="When the data are checked by the clock"),
    Route(method="PUT", path=f"{PREFIX}/config", function="members_set_monitoring", body=NewMonitoring,
          answer=Monitoring, permission="data_sync:manage",
          tag=TAG, summary="Change when the data are checked by the clock, and who is told of what"),
    Route(method="GET", path=f"{PREFIX}/activity", function="members_list_system_logs", query=LogList,
          answer=LogPage, permission="system_logs:select",
          tag=TAG, summary="What checks have found and repairs have done, newest first"),
)  # fmt: skip
