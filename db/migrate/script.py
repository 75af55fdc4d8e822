"""Runs a SQL file as it is: one simple-protocol query, no placeholders, errors with file and line."""

from typing import Any

import psycopg
from psycopg import pq

from db.migrate import parse
from db.migrate.errors import MigrateError, line_of
from db.migrate.stages import SqlFile

Connection = psycopg.Connection[tuple[Any, ...]]


class ScriptError(MigrateError):
    """A statement of a file failed. ``sqlstate`` is the server's code."""

    def __init__(self, message: str, file: SqlFile, sqlstate: str) -> None:
        super().__init__(message)
        self.file = file
        self.sqlstate = sqlstate


def run_file(connection: Connection, file: SqlFile) -> None:
    """Runs all statements of the file inside the connection's open transaction.

    The text goes to the server untouched (neither ``%`` nor ``:name`` means anything). Raises ScriptError."""
    if connection.info.transaction_status is not pq.TransactionStatus.INTRANS:
        raise RuntimeError(f"{file.path} must run inside a transaction")
    pgconn = connection.pgconn
    pgconn.send_query(file.text.encode())
    done = 0
    failed: pq.abc.PGresult | None = None
    while result := pgconn.get_result():
        if result.status == pq.ExecStatus.FATAL_ERROR:
            failed = result
        elif result.status in (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT):
            raise MigrateError(f"{file.path}: copy from or to the client cannot stand in a file")
        else:
            done += 1
    if failed is not None:
        raise _explained(file, failed, done)


def _explained(file: SqlFile, failed: "pq.abc.PGresult", done: int) -> ScriptError:
    def field(code: pq.DiagnosticField) -> str:
        return (failed.error_field(code) or b"").decode(errors="replace")

    position = field(pq.DiagnosticField.STATEMENT_POSITION)
    if position:
        offset = int(position) - 1
    else:  # the server names no place: the statement after those that were answered
        starts = [start for _, _, start in parse.statements(file.text)]
        offset = starts[min(done, len(starts) - 1)]
    lines = [f"{file.path}:{line_of(file.text, offset)}: {field(pq.DiagnosticField.MESSAGE_PRIMARY)}"]
    for label, code in (
        ("detail", pq.DiagnosticField.MESSAGE_DETAIL),
        ("hint", pq.DiagnosticField.MESSAGE_HINT),
        ("while", pq.DiagnosticField.CONTEXT),
    ):
        if value := field(code):
            lines.append(f"  {label}: {value}")
    return ScriptError("\n".join(lines), file, field(pq.DiagnosticField.SQLSTATE))
