"""How Postgres reads tables for whatever a person asks: the plans of all statements, nested ones too."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg

from tests.support.people import Person

_EXPLAIN = {
    "log_min_duration": "0",
    "log_analyze": "on",  # what was really done: a plan may hold scans that never begin
    "log_timing": "off",
    "log_nested_statements": "on",
    "log_format": "json",
    "log_level": "notice",
}


@contextmanager
def explained(
    admin_url: str, *fill: tuple[str, dict[str, Any]], analyze: str
) -> Iterator[psycopg.Connection]:
    """An administrator's session to whom Postgres tells every plan, on tables that `fill` has filled.

    `fill`: statements with their values; `analyze`: the tables that were filled.
    """
    with psycopg.connect(admin_url) as connection:
        cursor = psycopg.ClientCursor(connection)
        for statement, values in fill:
            cursor.execute(statement.encode(), values)
        connection.commit()
        connection.autocommit = True
        connection.execute(f"vacuum analyze {analyze}".encode())
        connection.execute("load 'auto_explain'")
        for name, value in _EXPLAIN.items():
            connection.execute(f"set auto_explain.{name} = '{value}'".encode())
        yield connection


def asked(
    session: psycopg.Connection, person: Person, relation: str, statement: LiteralString, *values: Any
) -> tuple[Any, set[str]]:
    """What a statement of the person's answers, and by which kinds of scan it read `relation`."""
    answer, nodes = _read(session, person, relation, statement, values)
    return answer, {node["Node Type"] for node in nodes}


def looked_at(
    session: psycopg.Connection, person: Person, relation: str, statement: LiteralString, *values: Any
) -> tuple[Any, int]:
    """What a statement of the person's answers, and how many rows of `relation` it looked at."""
    answer, nodes = _read(session, person, relation, statement, values)
    return answer, sum(
        round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in nodes
    )


def _read(
    session: psycopg.Connection,
    person: Person,
    relation: str,
    statement: LiteralString,
    values: tuple[Any, ...],
) -> tuple[Any, list[dict[str, Any]]]:
    """The answer, and the nodes of all plans that read `relation`."""
    plans: list[dict[str, Any]] = []

    def keep(diagnostic: psycopg.errors.Diagnostic) -> None:
        _, found, plan = (diagnostic.message_primary or "").partition("plan:\n")
        if found:
            plans.append(json.loads(plan)["Plan"])

    session.add_notice_handler(keep)
    try:
        with session.transaction():
            session.execute("select app.enter(%s)", [person.user_id])
            session.execute("set local role authenticated")
            row = session.execute(statement, values).fetchone()
    finally:
        session.remove_notice_handler(keep)
    nodes = [
        node
        for plan in plans
        for node in _nodes(plan)
        if node.get("Relation Name") == relation and node["Actual Loops"] > 0
    ]
    return row and row[0], nodes


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)
