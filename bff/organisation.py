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


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/nav", function="app_menus", answer=Menus,
          tag="identity", summary="The menus that the caller has, in their order"),
    Route(method="GET", path="/api/settings", function="app_list_settings", answer=Settings,
          permission="settings:select",
          tag="settings", summary="What is set in the organisation, with defaults and ranges"),
    Route(method="PATCH", path="/api/settings", function="app_change_settings", body=SettingsChange,
          answer=Settings, takes_key=True, permission="settings:update",
          tag="settings", summary="Change some settings, all of those named or none"),
)  # fmt: skip
