"""Every computed metric equals what polars makes of the raw tables.

With PGCRM_LONG=1 of 50,000 leads, 20,000 invoices and 30,000 tickets; otherwise of a twentieth.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Jsonb

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


def test_a_page_of_targets_says_what_each_metric_says(session, people):
    with session.transaction():
        session.execute("set local session_replication_role = replica")
        for first, last in PERIODS[:2]:
            for who in (None, "sp1", "sp2"):
                user_id = people[who].user_id if who else None
                session.execute(TARGETS, [people["sa"].org_id, first, last, user_id, people["sa"].user_id])
    with session.transaction(force_rollback=True):
        session.execute("select app.enter(%s)", [people["sa"].user_id])
        session.execute("set local role authenticated")
        items, after = [], None
        while True:
            (page,) = session.execute(
                "select api.kpi_list_progress('all', '{}', 100, %s)", [after and Jsonb(after)]
            ).fetchone()
            items += page["items"]
            if not (after := page["next"]):
                break
        alone = session.execute(
            "select jsonb_agg(api.kpi_actual(t.metric_key, t.period_start, t.period_end, t.assignee_user_id)"
            " order by t.target_id desc) from kpi.kpi_targets t"
        ).fetchone()[0]
    assert len(items) == 2 * 3 * 31
    for item, known in zip(items, alone, strict=True):
        assert (item["metric_key"], item["actual_value"], item["status"], item["reason"]) == (
            known["metric_key"],
            known["value"],
            known["status"],
            known["reason"],
        )


TARGETS = """
    insert into kpi.kpi_targets (
        org_id, metric_key, metric_group, is_finance, period_start, period_end, assignee_user_id,
        target_value, created_by
    )
    select %s, d.metric_key, d.metric_group, d.is_finance, %s, %s, %s, 1, %s
    from kpi.kpi_metric_definitions d
    where d.calc_method = 'AUTO'
"""
