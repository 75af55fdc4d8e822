"""The routes about people, the audit trail and notifications. Only passwords, hashed here, need code."""

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.people import models
from bff.problems import FieldError, invalid
from bff.reading import object_of, path_of, query_of, validated
from bff.routing import Export, Route
from bff.services import services_of
from bff.uploads.work import work_of
from db import credentials


async def create(request: Request) -> Response:
    """POST /api/users."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    _, body = await object_of(request)
    ours, other = "password", "user_id"
    if services_of(request).settings.auth == "supabase":
        ours, other = other, ours
    if other in body:
        raise invalid(FieldError(other, "user.field.unknown", "Not where log-ins are kept as they are here."))
    if body.get(ours) is None:
        raise invalid(FieldError(ours, f"user.{ours}.required", "is required"))
    hashed = await _hashed(body.pop("password", None))
    done = await work.call("app_create_user", keyed=True, payload=json.dumps(body), p_password_hash=hashed)
    return answer(request, done.body, 201, replayed=done.replayed)


async def set_password(request: Request) -> Response:
    """POST /api/users/{user_id}/password."""
    work = await work_of(request)
    query_of(request, None)
    user_id = path_of(request, models.UserPath).user_id
    _, body = await object_of(request)
    wanted = validated(models.NewPassword, body)
    hashed = await _hashed(wanted.password.get_secret_value())
    done = await work.call("app_set_user_password", p_user_id=user_id, p_password_hash=hashed)
    return answer(request, done.body)


async def _hashed(password: Any) -> str | None:
    """The hash of a password, None of none. Raises Problem 422 when it breaks the policy."""
    if password is None:
        return None
    try:
        if not isinstance(password, str):
            raise credentials.WeakPassword("A password is text.")  # noqa: TRY301 - one message for all faults
        credentials.check_password(password)
    except credentials.WeakPassword as error:
        raise invalid(FieldError("password", "password.weak", str(error))) from None
    return await asyncio.to_thread(credentials.hash_password, password)


ONE = "/api/users/{user_id}"

ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/users", function="app_list_users", query=models.UserList,
          filters_as_object=True, answer=models.UserPage, permission="profiles:select",
          tag="people", summary="People whose profiles the caller sees, by name"),
    Route(method="GET", path="/api/users/manage", function="app_users_manageable", answer=models.Manageable,
          permission="profiles:manage",
          tag="people", summary="Whom the caller manages, and which roles they may give"),
    Route(method="POST", path="/api/users", handler=create, calls=("app_create_user",), body=models.NewUser,
          answer=models.User, status=201, problems=(409,), takes_key=True, permission="profiles:manage",
          tag="people", summary="Add a person, with a log-in"),
    Route(method="GET", path="/api/users/activity", function="app_list_activity",
          query=models.ActivityOfPeople, answer=models.PresencePage, permission="user_activity:select",
          tag="people", summary="Who is here, by name, and when people were last active"),
    Route(method="GET", path=ONE, function="app_get_user", path_model=models.UserPath, answer=models.User,
          permission="profiles:select",
          tag="people", summary="One person"),
    Route(method="PATCH", path=ONE, function="app_update_user", path_model=models.UserPath,
          body=models.UserChange, answer=models.User, problems=(409,), takes_key=True,
          permission="profiles:update",
          tag="people", summary="Change a person: one's own name, or whoever one manages"),
    Route(method="DELETE", path=ONE, function="app_delete_user", path_model=models.UserPath,
          answer=models.UserId, problems=(409,), takes_key=True, permission="profiles:manage",
          tag="people", summary="Delete a person: their log-ins end at once, their e-mail is free"),
    Route(method="POST", path=ONE + "/password", handler=set_password, calls=("app_set_user_password",),
          path_model=models.UserPath, body=models.NewPassword, answer=models.UserId, problems=(409,),
          permission="profiles:manage",
          tag="people", summary="Give somebody a new password, to be changed at the next log-in"),
    Route(method="GET", path="/api/staff-users", function="app_list_staff", answer=models.StaffList,
          permission="v_user_directory:select",
          tag="people", summary="Active people who can be handed records, by name"),
    Route(method="GET", path="/api/audit-logs", function="app_list_audit_logs", query=models.AuditList,
          filters_as_object=True, answer=models.AuditPage, permission="audit_logs:select",
          export=Export(view="audit_logs", order=("audit_id desc",),
                        conditions={"changed_from": "changed_at >=", "changed_to": "changed_at <"}),
          tag="people", summary="Who changed what, newest first"),
    Route(method="GET", path="/api/notifications", function="app_list_notifications",
          query=models.NotificationList, answer=models.NotificationPage, permission="notifications:select",
          tag="people", summary="One's notifications, newest first, and how many are unread"),
    Route(method="POST", path="/api/notifications/read-all", function="app_read_notifications",
          body=models.ReadAll, answer=models.AllRead, permission="notifications:update",
          tag="people", summary="Mark all as read, or all up to the latest that was seen"),
    Route(method="POST", path="/api/notifications/{notification_id}/read", function="app_read_notification",
          path_model=models.NotificationPath, fixed={"mark": "read"}, answer=models.NotificationRead,
          permission="notifications:update",
          tag="people", summary="Mark one as read"),
    Route(method="POST", path="/api/notifications/{notification_id}/unread", function="app_read_notification",
          path_model=models.NotificationPath, fixed={"mark": "unread"}, answer=models.NotificationRead,
          permission="notifications:update",
          tag="people", summary="Mark one as unread again"),
    Route(method="DELETE", path="/api/notifications/{notification_id}", function="app_delete_notification",
          path_model=models.NotificationPath, answer=models.NotificationDeleted,
          permission="notifications:delete",
          tag="people", summary="Delete one"),
    Route(method="DELETE", path="/api/notifications", function="app_delete_notifications", query=models.UpTo,
          answer=models.AllDeleted, permission="notifications:delete",
          tag="people", summary="Delete all, or all up to the latest that was seen"),

    Route(method="POST", path="/api/auth/heartbeat", function="app_heartbeat", answer=models.Heartbeat,
          tag="identity", summary="I am here; and what day it is where the organisation is"),
    Route(method="PATCH", path="/api/auth/profile", function="app_change_profile", body=models.ProfileChange,
          answer=models.User, takes_key=True, permission="profiles:update",
          tag="identity", summary="Change one's own name"),
    Route(method="POST", path="/api/auth/register", handler=create, calls=("app_create_user",),
          body=models.NewUser, answer=models.User, status=201, problems=(409,), takes_key=True,
          permission="profiles:manage",
          tag="identity", summary="The same as POST /api/users"),
)  # fmt: skip
