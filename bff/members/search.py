"""The route that finds members wherever they are: records, reservations, databases, products, staff."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bff.members.models import RecordStatus
from bff.models import Answer, Request
from bff.routing import Route

Module = Literal["normal", "member_wd", "bonanza"]


class MemberSearch(Request):
    q: Annotated[
        str,
        Field(min_length=1, max_length=100, pattern=r"^[^\x00]+$", description="Looked for as it stands."),
    ]
    size: Annotated[int, Field(ge=1, le=20, description="So many of each kind at most.")] = 10


class FoundRecord(Answer):
    record_id: int
    module: Module
    database_id: int
    database_name: str
    product_name: str
    customer_id: str | None
    customer_name: str | None
    phone: str | None
    status: RecordStatus
    staff_id: UUID | None


class FoundReservation(Answer):
    reservation_id: int
    customer_id: str
    product_name: str
    staff_id: UUID
    staff_name: str | None
    status: Literal["pending", "approved"]


class FoundDatabase(Answer):
    database_id: int
    module: Module
    name: str
    product_name: str


class FoundProduct(Answer):
    product_id: int
    name: str


class FoundPerson(Answer):
    user_id: UUID
    full_name: str
    role_key: str


class MemberHits(Answer):
    records: Annotated[
        list[FoundRecord],
        Field(
            description="Of staff whom the caller looks after: with it as part of any value. For whoever sees"
            " everybody's: with it as a whole value, archived ones too."
        ),
    ]
    reservations: list[FoundReservation]
    databases: list[FoundDatabase]
    products: list[FoundProduct]
    people: Annotated[list[FoundPerson], Field(description="For whoever looks after staff.")]


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/member-search", function="members_search", query=MemberSearch,
          answer=MemberHits, permission="records:select",
          tag="search", summary="Members' records, reservations, databases, products and, for admins, staff"),
)  # fmt: skip
