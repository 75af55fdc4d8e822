"""Shapes of requests and answers about webhooks. What values may be is checked in SQL; see bff/models.py."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bff.models import Answer, Id, Page, Request

Url = Annotated[str, Field(min_length=1, max_length=2000, examples=["https://shop.example/api/pgcrm"])]
Topics = Annotated[
    list[str],
    Field(min_length=1, max_length=50, description="Such as leads.created, leads.* (all of a resource), *."),
]
Description = Annotated[str, Field(max_length=200)]


class WebhookPath(Request):
    webhook_id: Id


class WebhookList(Page):
    pass


class NewWebhook(Request):
    url: Url
    topics: Topics
    description: Description | None = None


class WebhookChange(Request):
    url: Url | None = None
    topics: Topics | None = None
    description: Annotated[Description | None, Field(description="null takes it away.")] = None
    is_active: bool | None = None


class Webhook(Answer):
    webhook_id: int
    url: str
    topics: list[str]
    description: str | None
    is_active: bool
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime
    waiting: Annotated[int, Field(description="Deliveries that are still to be sent, counted up to 1000.")]
    dead: Annotated[int, Field(description="Deliveries that nobody took, counted up to 1000.")]


class WebhookMade(Webhook):
    secret: Annotated[str, Field(description="whsec_…, shown here and never again.")]


class WebhookPage(Answer):
    items: list[Webhook]
    next: str | None


class WebhookDeleted(Answer):
    webhook_id: int


class WebhookSecret(Answer):
    webhook_id: int
    secret: Annotated[str, Field(description="The one before signs as well for 24 hours.")]


class DeliveryList(Page):
    state: Literal["queued", "ready", "sent", "dead"] | None = None


class Delivery(Answer):
    delivery_id: int
    webhook_id: int
    event_id: int
    topic: str
    key: str
    tags: list[str]
    payload: dict[str, Any]
    occurred_at: datetime
    state: str
    attempts: int
    next_attempt_at: datetime
    last_attempt_at: datetime | None
    last_status: int | None
    last_error: str | None
    settled_at: datetime | None


class DeliveryPage(Answer):
    items: list[Delivery]
    next: str | None


class Replay(Request):
    delivery_ids: Annotated[
        list[Id] | None,
        Field(min_length=1, max_length=1000, description="Without: the earliest 1000 dead ones."),
    ] = None


class Replayed(Answer):
    webhook_id: int
    replayed: int
    more: Annotated[bool, Field(description="More dead ones are left: call again.")]
