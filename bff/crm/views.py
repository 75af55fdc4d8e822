"""Shapes of requests and answers about saved views and search. Values are checked in SQL."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from bff.models import Answer, Id, Request

# Saved views

ViewModule = Literal["dashboard", "kpi", "crm", "ticketing", "dso", "members", "staff"]


class ViewPath(Request):
    view_id: Id


class ViewList(Request):
    module: ViewModule | None = None


class ViewChange(Request):
    view_name: Annotated[str | None, Field(min_length=1, max_length=100)] = None
    filter_json: dict[str, Any] | None = None
    is_default: Annotated[bool | None, Field(description="True ends it for the one that was.")] = None


class NewView(Request):
    module: ViewModule
    view_name: Annotated[str, Field(min_length=1, max_length=100)]
    filter_json: dict[str, Any] | None = None
    is_default: bool | None = None


class View(Answer):
    view_id: int
    module: ViewModule
    view_name: str
    filter_json: dict[str, Any]
    is_default: bool
    created_at: datetime
    updated_at: datetime


class Views(Answer):
    items: list[View]


class ViewDeleted(Answer):
    view_id: int


# Search


class SearchQuery(Request):
    q: Annotated[
        str,
        Field(
            min_length=2,
            max_length=100,
            pattern=r"^[^\x00]+$",
            description="Part of a company name, e-mail address, telephone number or NPWP, or an id.",
        ),
    ]


class Hit(Answer):
    kind: Literal["customer", "lead", "ticket", "invoice"]
    id: str
    title: str
    status: str


class Hits(Answer):
    items: Annotated[list[Hit], Field(description="Up to five of each kind, fifteen in all.")]
