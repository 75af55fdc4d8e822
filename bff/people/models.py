"""Shapes of requests and answers about people. What values may be is checked in SQL; see bff/models.py."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

from bff.models import Answer, DepartmentCode, Id, Page, Request, Word
from db.credentials import MAX_LENGTH

Pages = Annotated[
    list[str], Field(max_length=50, description="Screens that are hidden from this person; for some roles.")
]
Password = Annotated[SecretStr, Field(min_length=1, max_length=MAX_LENGTH)]


def _truth(value: Any) -> Any:
    """`true` or `false`: pydantic alone would also read `on`, `y` and `0`."""
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise PydanticCustomError("request.boolean", "Must be true or false.")
        return value == "true"
    return value


def _moment(value: Any) -> Any:
    """pydantic alone would also read a number of seconds as a moment."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d[Tt ]", value, re.ASCII):
        raise PydanticCustomError("request.datetime", "Must be a moment such as 2026-01-31T09:00:00Z.")
    return value


Truth = Annotated[bool, BeforeValidator(_truth)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]


class UserPath(Request):
    user_id: UUID


class UserList(Page):
    role_key: Word | None = None
    dept_code: DepartmentCode | None = None
    manager_user_id: UUID | None = None
    is_active: Truth | None = None
    search: Annotated[Word | None, Field(description="Part of the name, e-mail or code.")] = None


class NewUser(Request):
    email: Annotated[str, Field(min_length=3, max_length=255)]
    full_name: Annotated[str, Field(min_length=1, max_length=255)]
    role_key: str
    dept_code: str
    user_code: Annotated[str | None, Field(max_length=30, description="Default: made up.")] = None
    manager_user_id: UUID | None = None
    blocked_pages: Pages | None = None
    password: Annotated[
        Password | None,
        Field(description="To be changed at the first log-in. Not with Supabase."),
    ] = None
    user_id: Annotated[UUID | None, Field(description="The id in Supabase Auth. Only with Supabase.")] = None


class UserChange(Request):
    email: Annotated[str | None, Field(max_length=255)] = None
    full_name: Annotated[str | None, Field(max_length=255)] = None
    role_key: str | None = None
    dept_code: str | None = None
    user_code: Annotated[str | None, Field(max_length=30)] = None
    manager_user_id: Annotated[UUID | None, Field(description="null: nobody.")] = None
    is_active: bool | None = None
    blocked_pages: Pages | None = None


class NewPassword(Request):
    password: Password


class User(Answer):
    user_id: UUID
    user_code: str
    email: str
    full_name: str
    role_key: str
    role_label: str
    dept_code: str
    manager_user_id: UUID | None
    is_active: bool
    blocked_pages: list[str]
    created_at: datetime
    updated_at: datetime


class UserPage(Answer):
    items: list[User]
    next: str | None


class RoleChoice(Answer):
    role_key: str
    label: str


class Manageable(Answer):
    roles: Annotated[list[RoleChoice], Field(description="Those that the caller may give.")]
    people: Annotated[list[User], Field(description="The first 500, by name, whom the caller manages.")]


class Staff(Answer):
    user_id: UUID
    user_code: str
    full_name: str


class StaffList(Answer):
    items: list[Staff]


class UserId(Answer):
    user_id: UUID


class AuditList(Page):
    table_name: Annotated[Word | None, Field(description="With its schema: crm.leads.")] = None
    action: Annotated[Word | None, Field(description="INSERT, UPDATE, DELETE, or what else happened.")] = None
    record_id: Word | None = None
    changed_by: UUID | None = None
    import_id: Id | None = None
    changed_from: Moment | None = None
    changed_to: Annotated[Moment | None, Field(description="Excluded.")] = None


class AuditEntry(Answer):
    audit_id: int
    table_name: str
    record_id: str
    action: str
    changed_by: Annotated[UUID | None, Field(description="null: the system.")]
    changed_at: datetime
    changed_fields: list[str] | None
    before_data: dict[str, Any] | None
    after_data: dict[str, Any] | None
    import_id: int | None
    request_id: str | None
    ip_address: str | None
    user_agent: str | None


class AuditPage(Answer):
    items: list[AuditEntry]
    next: str | None


class NotificationList(Page):
    unread: Annotated[Truth | None, Field(description="true: unread ones, false: read ones.")] = None
    topic: Word | None = None
    open: Annotated[
        Truth | None, Field(description="true: what it asks for waits; false: somebody has done it.")
    ] = None


class Notification(Answer):
    notification_id: int
    topic: str
    title: str
    entity_table: str | None
    entity_id: str | None
    data: dict[str, Any]
    created_at: datetime
    read_at: datetime | None
    resolved_at: datetime | None


class NotificationPage(Answer):
    items: list[Notification]
    unread: Annotated[int, Field(description="Of all, counted up to 1000.")]
    next: str | None


class NotificationPath(Request):
    notification_id: Id


class NotificationRead(Answer):
    notification_id: int
    read_at: datetime | None


class ReadAll(Request):
    up_to: Annotated[Id | None, Field(description="The latest that was seen. Without: all.")] = None


class AllRead(Answer):
    read: int


class UpTo(Request):
    up_to: Annotated[Id | None, Field(description="The latest that was seen. Without: all.")] = None


class NotificationDeleted(Answer):
    notification_id: int


class AllDeleted(Answer):
    deleted: int


class ProfileChange(Request):
    full_name: Annotated[str | None, Field(max_length=255)] = None


class Heartbeat(Answer):
    user_id: UUID
    last_active_at: datetime
    today: Annotated[date, Field(description="Where the organisation is, whatever the caller's clock says.")]
    time_zone: str


Presence = Literal["online", "idle", "offline"]


class ActivityOfPeople(Page):
    status: Presence | None = None


class ActivityOfPerson(Answer):
    user_id: UUID
    full_name: str
    role_key: str
    status: Annotated[
        Presence,
        Field(description="online: active within 5 minutes; idle: within 30; offline: longer, or gone."),
    ]
    last_active_at: datetime | None
    last_login_at: datetime | None
    last_logout_at: datetime | None


class PresenceCounts(Answer):
    online: int
    idle: int


class PresencePage(Answer):
    items: list[ActivityOfPerson]
    counts: PresenceCounts
    next: str | None
