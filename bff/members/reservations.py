"""The routes about reserved members: who owns which customer, for which product."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bff.models import Answer, Id, Page, Request
from bff.routing import Export, Route

TAG = "reservations"
PREFIX = "/api/reserved-members"

Customer = Annotated[str, Field(min_length=1, max_length=200)]


class ReservationPath(Request):
    reservation_id: Id


class DeletedPath(Request):
    deleted_id: Id


class ReservationList(Page):
    status: Literal["pending", "approved"] | None = None
    product_id: Id | None = None
    staff_id: UUID | None = None


class DeletedList(Page):
    product_id: Id | None = None
    staff_id: UUID | None = None


class NewReservation(Request):
    customer_id: Customer
    product_id: Id
    phone_number: Annotated[
        str | None, Field(max_length=100, description="Required from staff who ask for themselves.")
    ] = None
    staff_id: Annotated[
        UUID | None, Field(description="Whose it is: required from whoever manages reservations, else none.")
    ] = None


class NewReservations(Request):
    customer_ids: Annotated[list[str], Field(min_length=1, max_length=1000)]
    product_id: Id
    staff_id: UUID


class Move(Request):
    new_staff_id: UUID


class Reservation(Answer):
    reservation_id: int
    product_id: int
    product_name: str
    customer_id: str
    customer_name: str | None
    phone_number: str | None
    staff_id: UUID
    staff_name: str | None
    status: Literal["pending", "approved"]
    created_by: UUID | None
    created_at: datetime
    approved_by: Annotated[UUID | None, Field(description="Null where the system approved.")]
    approved_at: datetime | None
    is_permanent: bool
    last_omset_date: date | None
    days_since_last_omset: int | None
    auto_reassigned: bool
    auto_reassigned_at: datetime | None
    restored_on: date | None


class ReservationDone(Reservation):
    invalidated_records: Annotated[int, Field(description="Others' records that are flagged because of it.")]
    notified_staff_count: int


class ReservationPage(Answer):
    items: list[Reservation]
    next: str | None


class Pending(Answer):
    pending_count: int


class Added(Answer):
    reservation_id: int
    customer_id: str


class Skipped(Answer):
    customer_id: str
    reserved_by: UUID
    reserved_by_name: str


class ReservationsAdded(Answer):
    added: list[Added]
    added_count: int
    skipped: list[Skipped]
    skipped_count: int
    invalidated_records: int
    notified_staff_count: int


class Rejected(Answer):
    reservation_id: int
    status: Literal["rejected"]


class Deleted(Answer):
    reservation_id: int
    is_archived: bool
    restored_records: Annotated[int, Field(description="Records of others that were flagged because of it.")]


class Forgotten(Answer):
    deleted_id: int


class DeletedReservation(Answer):
    deleted_id: int
    product_id: int
    product_name: str
    customer_id: str
    customer_name: str | None
    phone_number: str | None
    staff_id: UUID
    staff_name: str | None
    created_at: datetime
    approved_at: datetime
    is_permanent: bool
    last_omset_date: date | None
    deleted_at: datetime
    deleted_by: Annotated[UUID | None, Field(description="Null: the system.")]
    deleted_by_name: str | None
    deleted_reason: Literal["admin_manual_delete", "no_deposit", "no_omset_grace_period"]
    grace_days_used: int | None
    days_since_last_deposit: int | None


class DeletedReservationPage(Answer):
    items: list[DeletedReservation]
    next: str | None


class Override(Answer):
    product_id: int
    product_name: str
    grace_days: int


class Config(Answer):
    global_grace_days: int
    warning_days: int
    without_deposit: Literal["from_approval", "immediate"]
    product_overrides: list[Override]


class NewOverride(Request):
    product_id: Id
    grace_days: Annotated[int, Field(ge=1, le=365)]


class NewConfig(Request):
    """What is left out stays."""

    global_grace_days: Annotated[int | None, Field(ge=1, le=365)] = None
    warning_days: Annotated[int | None, Field(ge=1, le=90, description="Less than grace.")] = None
    without_deposit: Annotated[
        Literal["from_approval", "immediate"] | None,
        Field(description="Where the grace of a reservation that never had a deposit starts."),
    ] = None
    product_overrides: Annotated[list[NewOverride] | None, Field(description="Replaces all.")] = None


Bucket = Literal["active", "expiring", "expired", "permanent"]


class PreviewList(Page):
    bucket: Bucket = "expiring"


class Previewed(Answer):
    reservation_id: int
    customer_id: str
    product_id: int
    product_name: str
    staff_id: UUID
    staff_name: str
    approved_at: datetime
    last_omset_date: date | None
    days_since_last_omset: int | None
    grace_days: int
    remaining_days: int
    bucket: Bucket


class Preview(Answer):
    counts: dict[Bucket, int]
    items: list[Previewed]
    next: str | None


class Expired(Answer):
    members_removed: int
    warnings_sent: int


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path=PREFIX, function="members_list_reservations", query=ReservationList,
          answer=ReservationPage, permission="reservations:select",
          export=Export(view="reservations", order=("reservation_id desc",)),
          tag=TAG, summary="Reservations that the caller may see, newest first"),
    Route(method="POST", path=PREFIX, function="members_reserve", body=NewReservation,
          answer=ReservationDone, status=201, problems=(404,), takes_key=True,
          permission="reservations:request", tag=TAG,
          summary="Ask for a customer, or, as admin, reserve one for a staff at once"),
    Route(method="POST", path=f"{PREFIX}/bulk", function="members_reserve_many", body=NewReservations,
          answer=ReservationsAdded, problems=(404, 429), takes_key=True, permission="reservations:manage",
          tag=TAG, summary="Reserve many customers for one staff; who is reserved already is skipped"),
    Route(method="GET", path=f"{PREFIX}/pending-count", function="members_pending_reservations",
          answer=Pending, permission="reservations:select",
          tag=TAG, summary="How many reservations wait for a decision"),
    Route(method="PATCH", path=PREFIX + "/{reservation_id}/approve", function="members_approve_reservation",
          path_model=ReservationPath, answer=ReservationDone, takes_key=True,
          permission="reservations:manage", tag=TAG,
          summary="Approve a pending reservation; others' records of the customer are flagged"),
    Route(method="PATCH", path=PREFIX + "/{reservation_id}/reject", function="members_reject_reservation",
          path_model=ReservationPath, answer=Rejected, takes_key=True, permission="reservations:manage",
          tag=TAG, summary="Reject a pending reservation"),
    Route(method="PATCH", path=PREFIX + "/{reservation_id}/move", function="members_move_reservation",
          path_model=ReservationPath, body=Move, answer=ReservationDone, takes_key=True,
          permission="reservations:manage", tag=TAG, summary="Give a reservation to another staff"),
    Route(method="PATCH", path=PREFIX + "/{reservation_id}/permanent", function="members_toggle_permanent",
          path_model=ReservationPath, answer=ReservationDone, takes_key=True,
          permission="reservations:manage", tag=TAG,
          summary="Make a reservation permanent, or temporary again"),
    Route(method="DELETE", path=PREFIX + "/{reservation_id}", function="members_delete_reservation",
          path_model=ReservationPath, answer=Deleted, takes_key=True, permission="reservations:manage",
          tag=TAG, summary="Delete a reservation; an approved one goes to the archive"),
    Route(method="GET", path=f"{PREFIX}/deleted", function="members_list_deleted_reservations",
          query=DeletedList, answer=DeletedReservationPage, permission="deleted_reservations:select",
          export=Export(view="deleted_reservations", order=("deleted_id desc",)),
          tag=TAG, summary="The archive of reservations, newest first"),
    Route(method="POST", path=PREFIX + "/deleted/{deleted_id}/restore",
          function="members_restore_reservation", path_model=DeletedPath, answer=ReservationDone,
          takes_key=True, permission="reservations:manage", tag=TAG,
          summary="Take a reservation back from the archive"),
    Route(method="DELETE", path=PREFIX + "/deleted/{deleted_id}", function="members_forget_reservation",
          path_model=DeletedPath, answer=Forgotten, takes_key=True, permission="reservations:manage",
          tag=TAG, summary="Remove a reservation from the archive for good"),
    Route(method="GET", path=f"{PREFIX}/config", function="members_get_reservation_config", answer=Config,
          permission="reservation_grace:select",
          tag=TAG, summary="How long reservations live without a deposit, and when owners are warned"),
    Route(method="PUT", path=f"{PREFIX}/config", function="members_set_reservation_config", body=NewConfig,
          answer=Config, permission="member_settings:update",
          tag=TAG, summary="Change grace, warnings and the days of single products"),
    Route(method="GET", path=f"{PREFIX}/cleanup/preview", function="members_expiry_preview",
          query=PreviewList, answer=Preview, permission="reservations:manage",
          tag=TAG, summary="What tonight's run would archive and whom it would warn"),
    Route(method="POST", path=f"{PREFIX}/cleanup", function="members_run_expiry", answer=Expired,
          permission="reservations:manage", tag=TAG, summary="Run it now, at most 1000 at a time"),
)  # fmt: skip
