"""Shapes of requests and answers about customers, their people, and services. Values are checked in SQL."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from bff.crm.models import ProspectLead, Stage
from bff.models import Answer, DepartmentCode, Id, Page, ReadableId, Request, Word

# Customers and their people

CustomerStatus = Literal["prospect", "active", "inactive", "suspended", "blacklisted"]
CustomerType = Literal["individual", "business", "government", "non_profit"]
CustomerSize = Literal["micro", "small", "medium", "large", "enterprise"]


class CustomerPath(Request):
    customer_id: ReadableId


class CustomerList(Page):
    status: CustomerStatus | None = None
    customer_type: CustomerType | None = None
    owner_user_id: UUID | None = None
    parent_customer_id: ReadableId | None = None


class CustomerItem(Answer):
    customer_id: str
    company_name: str
    legal_name: str | None
    external_code: str | None
    npwp: str | None
    email: str | None
    phone: str | None
    address: str | None
    city: str | None
    country: str | None
    status: CustomerStatus
    customer_type: CustomerType
    size: str | None
    industry: str | None
    pic_name: Annotated[str | None, Field(description="The primary contact.")]
    pic_phone: str | None
    pic_email: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class CustomerPage(Answer):
    items: list[CustomerItem]
    next: str | None


class ContactFields(Request):
    first_name: Annotated[str | None, Field(max_length=100)] = None
    last_name: Annotated[str | None, Field(max_length=100)] = None
    title: Annotated[str | None, Field(max_length=100)] = None
    department: Annotated[str | None, Field(max_length=100)] = None
    email: Annotated[str | None, Field(max_length=254)] = None
    phone: Annotated[str | None, Field(max_length=50)] = None
    mobile: Annotated[str | None, Field(max_length=50)] = None
    notes: Annotated[str | None, Field(max_length=2000)] = None
    decision_maker: bool | None = None
    influencer: bool | None = None
    is_primary: Annotated[bool | None, Field(description="True ends it for whoever was.")] = None


class NewContact(ContactFields):
    full_name: Annotated[str, Field(min_length=1, max_length=255)]


class ContactChange(ContactFields):
    """What is left out stays; null clears what is not required."""

    full_name: Annotated[str | None, Field(max_length=255)] = None


class Contact(Answer):
    contact_id: int
    full_name: str
    title: str | None
    email: str | None
    phone: str | None
    mobile: str | None
    is_primary: bool
    version: int


class ContactPath(Request):
    contact_id: Id


class ContactDeleted(Answer):
    contact_id: int


class NewDocument(Request):
    file: Annotated[
        bytes,
        Field(description="A picture, PDF, Word, Excel or CSV file of at most 10 MB."),
        WithJsonSchema({"type": "string", "format": "binary"}),
    ]


class Document(Answer):
    document_id: int
    customer_id: str
    file_id: Annotated[int, Field(description="For `GET /api/files/{file_id}`.")]
    file_name: str
    mime_type: str
    size_bytes: int
    uploaded_by: UUID
    uploaded_at: datetime


class DocumentPage(Answer):
    items: list[Document]
    next: str | None


class DocumentPath(CustomerPath):
    document_id: Id


class DocumentDeleted(Answer):
    customer_id: str
    document_id: int


class CustomerProspect(Answer):
    prospect_id: str
    owner_user_id: UUID
    current_stage: Stage


class Customer(CustomerItem):
    owner_ids: Annotated[list[UUID], Field(description="People of sales whose customer it is.")]
    contacts: Annotated[list[Contact], Field(description="The primary one first.")]
    leads: Annotated[list[ProspectLead], Field(description="The newest that the caller sees.")]
    prospects: list[CustomerProspect]


class CustomerFields(Request):
    """What people type about a company."""

    legal_name: Annotated[str | None, Field(max_length=255)] = None
    external_code: Annotated[str | None, Field(max_length=50)] = None
    npwp: Annotated[str | None, Field(description="Tax number, in any spelling.", max_length=50)] = None
    email: Annotated[str | None, Field(description="The company's own.", max_length=254)] = None
    phone: Annotated[str | None, Field(description="The company's own.", max_length=50)] = None
    website: Annotated[str | None, Field(max_length=2000)] = None
    address: Annotated[str | None, Field(max_length=1000)] = None
    city: Annotated[str | None, Field(max_length=255)] = None
    country: Annotated[str | None, Field(max_length=100)] = None
    status: CustomerStatus | None = None
    customer_type: CustomerType | None = None
    size: CustomerSize | None = None
    industry: Annotated[str | None, Field(max_length=100)] = None
    registration_number: Annotated[str | None, Field(max_length=50)] = None
    external_ref: Annotated[str | None, Field(max_length=255)] = None


class NewCustomer(CustomerFields):
    """A company; one that is there already is found by NPWP, e-mail, telephone or name."""

    company_name: Annotated[str, Field(min_length=1, max_length=255)]
    pic_name: Annotated[str | None, Field(description="Becomes a contact.", max_length=255)] = None
    pic_phone: Annotated[str | None, Field(max_length=50)] = None
    pic_email: Annotated[str | None, Field(max_length=254)] = None


class CustomerMade(Answer):
    customer_id: Annotated[
        str | None, Field(description="Null: it is there already, and not the caller's to see.")
    ]
    contact_id: int | None
    prospect_id: Annotated[str | None, Field(description="Of a new customer that sales brought.")]
    customer_matched_by: Literal["npwp", "email", "phone", "company"] | None = None


class CustomerChange(CustomerFields):
    """What is left out stays; null clears what is not required."""

    company_name: Annotated[str | None, Field(max_length=255)] = None
    expected_version: Annotated[
        int | None, Field(ge=1, description="Which version the caller has seen; a conflict if it is not.")
    ] = None


# Services


class ServiceList(Request):
    scope_group: Word | None = None
    owner_dept: DepartmentCode | None = None


class Service(Answer):
    service_code: str
    service_name: str
    owner_dept: str
    scope_group: str


class Services(Answer):
    items: list[Service]


ServiceCode = Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]*$", max_length=50)]


class ServicePath(Request):
    service_code: ServiceCode


class NewService(Request):
    service_code: ServiceCode
    service_name: Annotated[str, Field(min_length=1, max_length=255)]
    owner_dept: Annotated[DepartmentCode, Field(description="Who quotes on it.")]
    scope_group: Annotated[str, Field(min_length=1, max_length=100)]


class ServiceChange(Request):
    """What is left out stays; nothing of it can be blanked."""

    service_name: Annotated[str | None, Field(max_length=255)] = None
    owner_dept: Annotated[DepartmentCode | None, Field(description="Who quotes on it.")] = None
    scope_group: Annotated[str | None, Field(max_length=100)] = None


class ServiceDeleted(Answer):
    service_code: str
