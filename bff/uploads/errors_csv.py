"""The rows of an import that have errors, as a CSV file for whoever is to mend them."""

import json
from collections.abc import AsyncIterator
from typing import Any

from bff.csvtext import BOM, csv_lines
from bff.uploads.rows import EXTRA_CELLS, RAW
from bff.uploads.work import Work

PAGE = 1_000
"""Rows that are read in one transaction."""


async def error_file(work: Work, import_id: int) -> AsyncIterator[bytes]:
    """The file in pieces, read page by page: line, reasons, then the row's own cells.

    In UTF-8 with a byte order mark, by which spreadsheets know it. A cell that a spreadsheet would take for a
    formula begins with an apostrophe. Raises what `ingest_error_rows` raises, with the first piece.
    """
    after = 0
    while True:
        page = json.loads(
            (
                await work.call(
                    "ingest_error_rows", read_only=True, p_import_id=import_id, p_after=after, p_limit=PAGE
                )
            ).body
        )
        header = page["header"]
        if after == 0:
            yield BOM + csv_lines([["line", "reasons", *header]])
        if not page["items"]:
            return
        after = page["items"][-1]["row_no"]
        yield csv_lines([_cells(row, header) for row in page["items"]])


def _cells(row: dict[str, Any], header: list[str]) -> list[str]:
    data = row["row_data"]
    own = [data[RAW]] if RAW in data and RAW not in header else [data.get(name, "") for name in header]
    extra = data.get(EXTRA_CELLS, []) if EXTRA_CELLS not in header else []
    reasons = "; ".join(
        f"{error['field']}: {error['message']}" if error["field"] else error["message"]
        for error in row["errors"]
    )
    return [str(row["row_no"]), reasons, *own, *extra]
