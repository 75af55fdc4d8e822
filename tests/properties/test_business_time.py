"""Business time in SQL against a clock on the wall that is looked at every minute (decisions §4)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

EXAMPLES = 60
MINUTE = timedelta(minutes=1)
ZONES = ("Asia/Jakarta", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu")
STARTS = (
    datetime(2031, 3, 1, tzinfo=UTC),
    # Berlin and Lord Howe lose and gain an hour, Santiago one at midnight, Lord Howe half of one.
    datetime(2031, 3, 29, tzinfo=UTC),
    datetime(2031, 10, 25, tzinfo=UTC),
    datetime(2031, 9, 6, tzinfo=UTC),
    datetime(2031, 4, 5, tzinfo=UTC),
    datetime(2031, 10, 4, tzinfo=UTC),
)


@st.composite
def calendars(draw: st.DrawFn) -> dict[str, Any]:
    """Any time zone, up to three periods on any days, some holidays."""
    periods = []
    for weekday in range(1, 8):
        edges = sorted(draw(st.sets(st.integers(0, 96), min_size=0, max_size=6)))
        for opens, closes in zip(edges[::2], edges[1::2], strict=False):
            periods.append({"weekday": weekday, "opens": _time(opens), "closes": _time(closes)})
    holidays = draw(
        st.sets(st.sampled_from([f"2031-{m:02}-{d:02}" for m in (3, 4, 9, 10) for d in (1, 5, 6, 7, 26, 30)]))
    )
    return {"time_zone": draw(st.sampled_from(ZONES)), "periods": periods, "holidays": sorted(holidays)}


def _time(quarters: int) -> str:
    return f"{quarters // 4:02}:{quarters % 4 * 15:02}"


@st.composite
def moments(draw: st.DrawFn, count: int) -> list[datetime]:
    """Moments within three days, to the second."""
    start = draw(st.sampled_from(STARTS))
    seconds = draw(st.lists(st.integers(0, 3 * 86400), min_size=count, max_size=count))
    return sorted(start + timedelta(seconds=second) for second in seconds)


def is_open(calendar: dict[str, Any], moment: datetime) -> bool:
    wall = moment.astimezone(ZoneInfo(calendar["time_zone"]))
    if wall.strftime("%Y-%m-%d") in calendar["holidays"]:
        return False
    time = wall.strftime("%H:%M")
    return any(
        p["weekday"] == wall.isoweekday() and p["opens"] <= time < p["closes"] for p in calendar["periods"]
    )


def seconds_between(calendar: dict[str, Any], begins: datetime, ends: datetime) -> int:
    """Looks at the wall once a minute: nothing opens, closes or is changed within one."""
    total, minute = 0, begins.replace(second=0)
    while minute < ends:
        if is_open(calendar, minute):
            total += int((min(minute + MINUTE, ends) - max(minute, begins)).total_seconds())
        minute += MINUTE
    return total


def asked(
    connection: psycopg.Connection, calendar: dict[str, Any], pairs: Sequence[tuple[datetime, datetime]]
):
    query = (
        "select desk.business_seconds(%s, b, e) from unnest(%s::timestamptz[], %s::timestamptz[]) x (b, e)"
    )
    begins, ends = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return [row[0] for row in connection.execute(query, [Jsonb(calendar), begins, ends])]


@settings(max_examples=EXAMPLES)
@given(calendar=calendars(), found=moments(3))
def test_seconds_are_those_of_the_clock_on_the_wall_and_add_up(connection, calendar, found):
    first, second, third = found
    parts = asked(connection, calendar, [(first, second), (second, third), (first, third)])
    assert parts[0] == seconds_between(calendar, first, second)
    assert parts[0] + parts[1] == parts[2], "the parts of a time add up to the whole"
    assert parts[2] >= parts[0], "later is not less"


@settings(max_examples=EXAMPLES)
@given(
    calendar=calendars(), found=moments(4), seconds=st.lists(st.integers(1, 200_000), min_size=4, max_size=4)
)
def test_a_deadline_is_the_first_moment_at_which_so_much_has_passed(connection, calendar, found, seconds):
    rows = connection.execute(
        "select due_at from desk.business_deadlines(%s, %s::timestamptz[], %s::bigint[]) order by n",
        [Jsonb(calendar), found, seconds],
    ).fetchall()
    due = [row[0] for row in rows]
    if not calendar["periods"]:
        assert due == [None] * 4
        return
    before = [moment - timedelta(seconds=1) for moment in due]
    assert asked(connection, calendar, list(zip(found, due, strict=True))) == seconds
    assert asked(connection, calendar, list(zip(found, before, strict=True))) == [n - 1 for n in seconds]
