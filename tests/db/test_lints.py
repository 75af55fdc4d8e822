"""The lints of migrations/04_tests: they find nothing here, and each finds exactly what it is for."""

import psycopg
import pytest

from tests.db.lint_cases import CASES, Finding


def test_there_is_nothing_to_find(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert findings(connection) == []


@pytest.mark.parametrize("name", CASES)
def test_a_lint_finds(name: str, database: str) -> None:
    bad, expected = CASES[name]
    with psycopg.connect(database) as connection:
        names = {"admin": connection.info.user, "database": connection.info.dbname}
        connection.execute("set local role pgcrm_owner")
        connection.execute(bad.encode())
        connection.execute("reset role")
        found = findings(connection)
        connection.rollback()
    assert found == [
        (lint, thing.format(**names), problem.format(**names)) for lint, thing, problem in expected
    ]


def findings(connection: psycopg.Connection) -> list[Finding]:
    return connection.execute(
        'select * from tests.lint() order by lint, object, problem collate "C"'
    ).fetchall()
