"""Shapes of requests and answers about imports. What values may be is checked in SQL; see bff/models.py."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from bff.models import Answer, Id, Page, Request

RowStatus = Literal["pending", "success", "error", "skipped", "duplicate"]
ImportStatus = Literal["staging", "uploaded", "processing", "completed", "failed"]
ImportModule = Literal[
    "leads",
    "customers",
    "contacts",
    "invoices",
    "payments",
    "marketing_spend",
    "marketing_activities",
    "kpi_entries",
    "member_records",
]


class ImportPath(Request):
    import_id: Id


class ImportList(Page):
    module: ImportModule | None = None
    status: ImportStatus | None = None


class ImportRows(Page):
    status: RowStatus | None = None


class NewImport(Request):
    module: Annotated[ImportModule, Field(description="What the rows are.")]
    file: Annotated[
        bytes,
        Field(
            description="CSV (UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab) or XLSX "
            "(its first sheet), with a header row."
        ),
        WithJsonSchema({"type": "string", "format": "binary"}),
    ]
    mapping: Annotated[
        dict[str, str | None] | None,
        Field(
            description="Header of the file to our column; empty or null: ignored. "
            "What is left out is found by name."
        ),
    ] = None
    options: Annotated[
        dict[str, Any] | None, Field(description="What the module must be told beside the rows.")
    ] = None
    save_mapping: Annotated[
        bool, Field(description="Map the next file of this module with the same header in this way.")
    ] = False


class Retry(Request):
    """What to mend before rows with errors are tried again."""

    rows: Annotated[
        dict[str, dict[str, str]] | None,
        Field(description="Line of the file to column of the file to new text. Only rows with errors."),
    ] = None


class Import(Answer):
    import_id: int
    module: str
    file_name: str
    status: ImportStatus
    attempt: int
    total_rows: Annotated[int | None, Field(description="Null while rows are being staged.")]
    staged_rows: int
    pending_rows: int | None
    success_rows: int
    error_rows: int
    skipped_rows: int
    duplicate_rows: int
    header: list[str]
    mapping: Annotated[dict[str, str], Field(description="Header of the file to our column.")]
    digit_columns: Annotated[
        list[str],
        Field(description="Columns in which a cell that a spreadsheet holds as a number is an error."),
    ]
    options: dict[str, Any]
    encoding: Annotated[str | None, Field(description="Of a CSV file, as detected.")]
    delimiter: str | None
    sheet: Annotated[str | None, Field(description="Of a spreadsheet.")]
    ignored_columns: Annotated[
        list[str], Field(description="Columns of the file that the module does not know.")
    ]
    missing_columns: list[str]
    last_error: str | None
    uploaded_by: UUID
    uploaded_at: datetime
    processed_at: datetime | None
    undone_at: datetime | None
    file_id: int | None


class ImportPage(Answer):
    items: list[Import]
    next: str | None


class NewImportAnswer(Import):
    duplicate_of: Annotated[
        int | None, Field(description="The earlier import of the same file by the same person.")
    ]


class RowError(Answer):
    field: str | None
    code: str
    message: str


class ImportRow(Answer):
    row_no: Annotated[int, Field(description="Line of the file on which the row starts.")]
    status: RowStatus
    errors: list[RowError]
    row_data: Annotated[dict[str, Any], Field(description="Header to cell, as in the file.")]
    target_table: str | None
    target_id: str | None


class MappingList(Page):
    module: ImportModule | None = None


class MappingPath(Request):
    module: ImportModule
    mapping_id: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class SavedMapping(Answer):
    mapping_id: str
    module: str
    mapping: Annotated[
        dict[str, str | None], Field(description="Name in the file: our column; null ignores it.")
    ]
    saved_at: datetime


class MappingPage(Answer):
    items: list[SavedMapping]
    next: str | None


class MappingDeleted(Answer):
    module: str
    mapping_id: str


class DryRun(Answer):
    import_: Annotated[Import, Field(alias="import", description="As it would be.")]
    is_whole: Annotated[bool, Field(description="False: the file is long, and this is its beginning.")]
    rows: Annotated[
        list[ImportRow],
        Field(description="The first 100 each of error, skipped and duplicate, as they would be."),
    ]


class UndoState(Answer):
    import_id: int
    status: Literal["undoing", "undone"]
    removed_rows: Annotated[int, Field(description="Rows of tables that are gone.")]
    restored_rows: Annotated[int, Field(description="Rows of tables that are as they were.")]
    refused_rows: Annotated[int, Field(description="Rows of tables that stay: somebody has touched them.")]
    begun_by: UUID | None
    begun_at: datetime
    finished_at: datetime | None


class UndoRefusal(Answer):
    refusal_id: int
    target_table: str
    target_id: str
    reason: Annotated[str, Field(description="changed since the import, or in_use by something else.")]
    row_no: Annotated[int | None, Field(description="The line of the file that made it.")]


class Undo(UndoState):
    items: list[UndoRefusal]
    next: str | None


class UndoPage(Page):
    pass


class ImportRowPage(Answer):
    items: list[ImportRow]
    next: str | None
