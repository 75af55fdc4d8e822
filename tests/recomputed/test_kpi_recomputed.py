"""Every computed metric equals what polars makes of the raw tables.

With PGCRM_LONG=1 of 50,000 leads, 20,000 invoices and 30,000 tickets; otherwise of a twentieth.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest

from tests.recomputed.facts import METRICS, Facts
from tests.support.people import People

SHARE = 1 if os.environ.get("PGCRM_LONG") else 20
SIZES = {"leads": 50_000 // SHARE, "invoices": 20_000 // SHARE, "tickets": 30_000 // SHARE}
PERIODS = [
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 3, 10), date(2026, 3, 16)),
    (date(2026, 4, 1), date(2026, 6, 30)),
]
WHO = [None, "sp1", "sp2", "sp3", "mc", "dgo"]
"""The organisation, and five people."""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on half a year of business."""
    org_id = people["sa"].org_id
    with psycopg.connect(database) as connection:
        fill = (Path(__file__).parent / "data.sql").read_bytes()
        psycopg.ClientCursor(connection).execute(fill, SIZES | {"org": org_id})
        connection.commit()
        connection.autocommit = True
        connection.execute("analyze")
        yield connection


@pytest.fixture(scope="module")
def facts(session: psycopg.Connection, people: People) -> Facts:
    return Facts.read(session, people["sa"].org_id)


def test_every_metric_that_can_be_computed_is_computed_twice(session):
    auto = session.execute(
        "select metric_key from kpi.kpi_metric_definitions where calc_method = 'AUTO' and na_reason is null"
    )
    assert {key for (key,) in auto} == set(METRICS)


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_is_what_the_raw_tables_say(session, facts, people, metric):
    known = 0
    for first, last in PERIODS:
        for who in WHO:
            user_id = people[who].user_id if who else None
            with session.transaction():
                session.execute("select app.enter(%s)", [people["sa"].user_id])
                session.execute("set local role authenticated")
                row = session.execute(
                    "select api.kpi_actual(%s, %s, %s, %s)", [metric, first, last, user_id]
                ).fetchone()
            assert row is not None
            expected = METRICS[metric](facts, first, last, user_id and str(user_id))
            assert row[0]["status"] == ("NA" if expected is None else "OK"), (first, last, who, row[0])
            assert row[0]["value"] == (
                None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-6)
            ), (first, last, who)
            known += bool(expected)
    assert known >= len(PERIODS), "most of them should not be nothing"
