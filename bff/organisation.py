"""The organisation: its menus for the caller and its settings. Shapes and routes; rules are in SQL."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, RootModel

from bff.models import Answer, Menu
from bff.routing import Route


class Menus(Answer):
    items: list[Menu]


SettingValue = str | int | float | bool


class Setting(Answer):
    key: str
    value: SettingValue
    default_value: SettingValue
    kind: Literal["text", "integer", "number", "boolean", "time_zone"]
    minimum: float | None
    maximum: float | None
    allowed: Annotated[list[str] | None, Field(description="The words that it can be; null: any.")]
    description: str
    updated_by: UUID | None
    updated_at: Annotated[datetime | None, Field(description="Null: nobody has set it.")]


class Settings(Answer):
    items: list[Setting]


class SettingsChange(RootModel[dict[str, Any]]):
    """Key to value; null takes the default again, what is left out stays."""


class Department(Answer):
    dept_code: str
    dept_name: str
    is_operations: bool


class LeadMove(Answer):
    from_status: str
    to_status: str
    is_reopening: Annotated[bool, Field(description="Takes a permission of its own.")]


class ProspectMoveAllowed(Answer):
    from_stage: str
    to_stage: str


class TicketKind(Answer):
    ticket_type: str
    machine: Annotated[str, Field(description="Whose statuses and moves it has.")]


class TicketStatusWord(Answer):
    machine: str
    status: str
    is_initial: bool
    is_terminal: bool
    waits_for_customer: Annotated[bool, Field(description="No clock of ours runs then.")]


class TicketMove(Answer):
    machine: str
    from_status: str
    to_status: str


class CloseReason(Answer):
    reason: str
    needs_words: Annotated[bool, Field(description="`Other: <why>`.")]


class ImportColumn(Answer):
    column_name: str
    is_required: bool


class ImportModule(Answer):
    module: str
    may_import: Annotated[bool, Field(description="Whether the caller may.")]
    columns: list[ImportColumn]


class Reference(Answer):
    departments: list[Department]
    lead_channels: list[str]
    lead_transitions: list[LeadMove]
    prospect_transitions: list[ProspectMoveAllowed]
    ticket_types: list[TicketKind]
    ticket_statuses: list[TicketStatusWord]
    ticket_transitions: list[TicketMove]
    close_reasons: list[CloseReason]
    import_modules: list[ImportModule]


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/nav", function="app_menus", answer=Menus,
          tag="identity", summary="The menus that the caller has, in their order"),
    Route(method="GET", path="/api/reference", function="app_reference", answer=Reference,
          tag="identity", summary="The words that screens offer, and the moves that are allowed"),
    Route(method="GET", path="/api/settings", function="app_list_settings", answer=Settings,
          permission="settings:select",
          tag="settings", summary="What is set in the organisation, with defaults and ranges"),
    Route(method="PATCH", path="/api/settings", function="app_change_settings", body=SettingsChange,
          answer=Settings, takes_key=True, permission="settings:update",
          tag="settings", summary="Change some settings, all of those named or none"),
)  # fmt: skip
