"""What marketing spends and does: shapes and routes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from bff.models import Answer, Channel, Day, Id, Page, Request
from bff.routing import Export, Route

Notes = Annotated[str | None, Field(max_length=2000)]


class MarketingSpendPath(Request):
    spend_id: Id


class NewMarketingSpend(Request):
    channel: Channel
    spend_date: Day
    amount: Annotated[float, Field(ge=0, le=1e15, description="In the organisation's currency.")]
    campaign_name: Annotated[str | None, Field(max_length=255)] = None
    notes: Notes = None


class MarketingSpendChange(Request):
    channel: Channel | None = None
    spend_date: Day | None = None
    amount: Annotated[float | None, Field(ge=0, le=1e15)] = None
    campaign_name: Annotated[str | None, Field(max_length=255)] = None
    notes: Notes = None


class MarketingSpend(Answer):
    spend_id: int
    channel: str
    spend_date: date
    amount: float
    campaign_name: str | None
    notes: str | None
    source_import_id: int | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime


class MarketingSpendList(Page):
    channel: Channel | None = None
    created_by: UUID | None = None
    spend_date_from: Day | None = None
    spend_date_to: Day | None = None


class MarketingSpendPage(Answer):
    items: list[MarketingSpend]
    next: str | None


class MarketingSpendDeleted(Answer):
    spend_id: int


ActivityName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]


class MarketingActivityPath(Request):
    activity_id: Id


class NewMarketingActivity(Request):
    activity_name: ActivityName
    channel: Channel | None = None
    activity_date: Day
    quantity: Annotated[float, Field(gt=0, le=1e13)]
    notes: Notes = None


class MarketingActivityChange(Request):
    activity_name: Annotated[str | None, Field(max_length=100, description="Blank: it stays.")] = None
    channel: Channel | None = None
    activity_date: Day | None = None
    quantity: Annotated[float | None, Field(gt=0, le=1e13)] = None
    notes: Notes = None


class MarketingActivity(Answer):
    activity_id: int
    activity_name: str
    channel: str | None
    activity_date: date
    quantity: float
    notes: str | None
    source_import_id: int | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime


class MarketingActivityList(Page):
    activity_name: ActivityName | None = None
    channel: Channel | None = None
    created_by: UUID | None = None
    activity_date_from: Day | None = None
    activity_date_to: Day | None = None


class MarketingActivityPage(Answer):
    items: list[MarketingActivity]
    next: str | None


class MarketingActivityDeleted(Answer):
    activity_id: int


_TAG = "marketing"

ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/marketing/spend", function="kpi_list_spend", query=MarketingSpendList,
          filters_as_object=True, answer=MarketingSpendPage, permission="marketing_spend:select",
          export=Export(view="marketing_spend", order=("spend_id desc",)),
          tag=_TAG, summary="What was spent on channels, newest first"),
    Route(method="POST", path="/api/marketing/spend", function="kpi_add_spend", body=NewMarketingSpend,
          answer=MarketingSpend, status=201, takes_key=True, permission="marketing_spend:insert",
          tag=_TAG, summary="Record spend on a channel"),
    Route(method="PATCH", path="/api/marketing/spend/{spend_id}", function="kpi_update_spend",
          path_model=MarketingSpendPath, body=MarketingSpendChange, answer=MarketingSpend, takes_key=True,
          permission="marketing_spend:update", tag=_TAG, summary="Correct spend that one recorded"),
    Route(method="DELETE", path="/api/marketing/spend/{spend_id}", function="kpi_delete_spend",
          path_model=MarketingSpendPath, answer=MarketingSpendDeleted, permission="marketing_spend:delete",
          tag=_TAG, summary="Remove spend that one recorded"),

    Route(method="GET", path="/api/marketing/activities", function="kpi_list_marketing_activity",
          query=MarketingActivityList, filters_as_object=True, answer=MarketingActivityPage,
          permission="marketing_activity_events:select",
          export=Export(view="marketing_activity_events", order=("activity_id desc",)),
          tag=_TAG, summary="What marketing did, newest first"),
    Route(method="POST", path="/api/marketing/activities", function="kpi_add_marketing_activity",
          body=NewMarketingActivity, answer=MarketingActivity, status=201, takes_key=True,
          permission="marketing_activity_events:insert", tag=_TAG, summary="Record an activity"),
    Route(method="PATCH", path="/api/marketing/activities/{activity_id}",
          function="kpi_update_marketing_activity", path_model=MarketingActivityPath,
          body=MarketingActivityChange, answer=MarketingActivity, takes_key=True,
          permission="marketing_activity_events:update", tag=_TAG,
          summary="Correct an activity that one recorded"),
    Route(method="DELETE", path="/api/marketing/activities/{activity_id}",
          function="kpi_delete_marketing_activity", path_model=MarketingActivityPath,
          answer=MarketingActivityDeleted, permission="marketing_activity_events:delete", tag=_TAG,
          summary="Remove an activity that one recorded"),
)  # fmt: skip
