"""What people see of members is read from an index, whatever is asked, where there are many."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff.members import models, normal_models, work_models
from tests.support.people import People
from tests.support.plans import asked, explained

ROWS = 100_000
DATABASES = 20

# Every hundredth record is with somebody, in turn; every thousandth is archived.
MANY_RECORDS = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into members.products (org_id, product_id, name)
    overriding system value values (%(org)s, 1, 'P1'), (%(org)s, 2, 'P2');
    insert into members.databases (org_id, database_id, module, name, product_id, file_name, columns)
    overriding system value
    select
        %(org)s, n, case when n %% 4 = 0 then 'bonanza' else 'member_wd' end, 'd' || n, 1 + n %% 2, 'f', '{a}'
    from generate_series(1, %(databases)s) n;
    insert into members.batches (org_id, batch_id, module, database_id, staff_id, initial_count, created_at)
    overriding system value
    select %(org)s, d.database_id * 10 + s.n, d.module, d.database_id, s.staff_id, 100, now()
    from members.databases d
    cross join unnest(%(staff)s::uuid[]) with ordinality as s (staff_id, n)
    where d.org_id = %(org)s and d.module = 'member_wd';
    insert into members.records (
        org_id, module, database_id, row_number, row_data, match_keys, status, batch_id, assigned_to,
        assigned_at, archived_at, validation_status
    )
    select
        %(org)s, d.module, d.database_id, g.n, '{"a": "x"}', '{}',
        case
            when h.staff_id is null then 'available'
            when g.n %% 1000 = 0 then 'invalid_archived'
            else 'assigned'
        end,
        case when d.module = 'member_wd' then d.database_id * 10 + h.n end, h.staff_id,
        case when h.staff_id is not null then now() end,
        case when h.staff_id is not null and g.n %% 1000 = 0 then now() end,
        case when h.staff_id is not null and g.n %% 500 = 0 then 'invalid' end
    from generate_series(1, %(rows)s) g (n)
    join members.databases d on d.org_id = %(org)s and d.database_id = 1 + g.n %% %(databases)s
    left join unnest(%(staff)s::uuid[]) with ordinality as h (staff_id, n)
        on g.n %% 100 = 0 and h.n = 1 + g.n / 100 %% cardinality(%(staff)s);
    insert into members.record_keys (org_id, database_id, record_id, match_keys)
    select r.org_id, r.database_id, r.record_id, r.match_keys from members.records r where r.org_id = %(org)s;
"""

SCOPES = {"all": ("adm", 6), "team": ("sm", 1), "own": ("stf", 1)}
"""Somebody whose role sees records by that scope, and a database to look into."""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on many records."""
    values = {
        "org": people["stf"].org_id,
        "rows": ROWS,
        "databases": DATABASES,
        "staff": [people[name].user_id for name in ("stf", "stf2", "sp1", "sp3", "ss")],
    }
    tables = "members.records, members.databases, members.batches"
    with explained(database, (MANY_RECORDS, values), analyze=tables) as connection:
        yield connection


def read(session: psycopg.Connection, people: People, who: str, statement: str, *values: object):
    answer, found = asked(session, people[who], "records", statement, *values)  # type: ignore[arg-type]
    assert found, "no plan says how records were read"
    assert "Seq Scan" not in found
    return answer


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("status", [None, "assigned", "available", "invalid_archived"])
@pytest.mark.parametrize("search", [None, "x", "nowhere"])
@pytest.mark.parametrize("page", [None, {"record_id": 50_000}], ids=["first page", "later page"])
def test_a_list_of_records_reads_an_index(session, people, scope, status, search, page):
    who, database_id = SCOPES[scope]
    statement = "select api.members_list_records('member_wd', %s, %s, %s, 50, %s)"
    read(session, people, who, statement, database_id, status, search, Jsonb(page) if page else None)


@pytest.mark.parametrize("who", ["adm", "sm", "stf"])
@pytest.mark.parametrize("word", ["x", "nowhere"])
def test_a_search_for_members_reads_an_index(session, people, who, word):
    read(session, people, who, "select api.members_search(%s)", word)


def test_every_filter_of_the_lists_is_tried():
    assert set(models.RecordList.model_fields) == {"search", "status", "limit", "cursor"}
    assert set(work_models.CardList.model_fields) == {"product_id", "limit", "cursor"}
    assert set(work_models.ArchivedList.model_fields) == {"database_id", "product_id", "limit", "cursor"}
    assert set(work_models.InvalidList.model_fields) == {"product_id", "limit", "cursor"}
    assert set(work_models.StaffRecordList.model_fields) == {
        "product_id", "database_id", "validation_status", "limit", "cursor",
    }  # fmt: skip


@pytest.mark.parametrize("product_id", [None, 2])
@pytest.mark.parametrize("module", ["member_wd", "bonanza"])
@pytest.mark.parametrize("page", [None, {"id": 120}], ids=["first page", "later page"])
def test_cards_read_an_index(session, people, module, product_id, page):
    statement = "select api.members_staff_batches(%s, %s, 50, %s)"
    read(session, people, "stf", statement, module, product_id, Jsonb(page) if page else None)


@pytest.mark.parametrize("who", ["adm", "sm"])
@pytest.mark.parametrize("database_id", [None, 1])
@pytest.mark.parametrize("product_id", [None, 2])
def test_archived_records_read_an_index(session, people, who, database_id, product_id):
    statement = "select api.members_list_archived('member_wd', %s, 50, null, %s)"
    read(session, people, who, statement, database_id, product_id)


@pytest.mark.parametrize(
    "values", [(None, None, None), (2, None, None), (None, 1, None), (None, None, "none")]
)
@pytest.mark.parametrize("page", [None, {"record_id": 50_000}], ids=["first page", "later page"])
def test_ones_own_records_read_an_index(session, people, values, page):
    statement = "select api.members_staff_records('member_wd', %s, %s, %s, 50, %s)"
    read(session, people, "stf", statement, *values, Jsonb(page) if page else None)


@pytest.mark.parametrize("who", ["adm", "sm"])
@pytest.mark.parametrize("product_id", [None, 2])
def test_invalid_records_of_a_staff_read_an_index(session, people, who, product_id):
    statement = "select api.members_invalid_records('member_wd', %s, %s, 50, null)"
    read(session, people, who, statement, people["sp1"].user_id, product_id)


@pytest.mark.parametrize("who", ["adm", "sm"])
def test_the_overview_of_invalid_records_reads_an_index(session, people, who):
    read(session, people, who, "select api.members_invalid_overview('member_wd')")


def test_batches_are_counted_by_an_index(session, people):
    read(session, people, "adm", "select sum(current_count)::int from api.batches where batch_id = 11")


MANY_REQUESTS = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into members.databases (org_id, database_id, module, name, product_id, file_name, columns)
    overriding system value
    select %(org)s, 100 + n, 'normal', 'n' || n, 1, 'f', '{a}' from generate_series(1, %(databases)s) n;
    insert into members.download_requests (
        org_id, request_id, database_id, staff_id, record_ids, status, requested_at, reviewed_at,
        withheld_count
    )
    overriding system value
    select
        %(org)s, g.n, 101 + g.n %% %(databases)s,
        (%(staff)s::uuid[])[1 + g.n / 100 %% cardinality(%(staff)s)], array[g.n],
        case when g.n %% 1000 = 0 then 'pending' else 'approved' end, now(),
        case when g.n %% 1000 <> 0 then now() end, case when g.n %% 1000 <> 0 then 1 else 0 end
    from generate_series(1, %(rows)s) g (n);
"""


@pytest.fixture(scope="module")
def requests(database: str, people: People, session: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """The same with many requests."""
    values = {
        "org": people["stf"].org_id,
        "rows": ROWS,
        "databases": DATABASES,
        "staff": [people[name].user_id for name in ("stf", "stf2", "sp1", "sp3", "ss")],
    }
    with explained(
        database, (MANY_REQUESTS, values), analyze="members.download_requests, members.databases"
    ) as found:
        yield found


MANY_ASSIGNED = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into members.databases (org_id, database_id, module, name, product_id, file_name, columns)
    overriding system value
    select %(org)s, 200 + n, 'normal', 'm' || n, 1, 'f', '{a}' from generate_series(1, %(databases)s) n;
    insert into members.records (
        org_id, module, database_id, row_number, row_data, match_keys, status, assigned_to, assigned_at,
        whatsapp_status
    )
    select
        %(org)s, 'normal', 201 + g.n %% %(databases)s, g.n, '{"a": "x"}', '{}', 'assigned',
        (%(staff)s::uuid[])[1 + g.n / 100 %% cardinality(%(staff)s)], now() - g.n * interval '1 second',
        case when g.n %% 50 = 0 then 'ada' end
    from generate_series(1, %(rows)s) g (n);
"""


@pytest.fixture(scope="module")
def assigned(database: str, people: People, requests: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """The same with many assigned records of normal databases."""
    values = {
        "org": people["stf"].org_id,
        "rows": ROWS // 2,
        "databases": DATABASES,
        "staff": [people[name].user_id for name in ("stf", "stf2", "sp1", "sp3", "ss")],
    }
    with explained(database, (MANY_ASSIGNED, values), analyze="members.records, members.databases") as found:
        yield found


LATER = {"assigned_at": "2001-01-01T00:00:00+00:00", "record_id": 1}


@pytest.mark.parametrize("who", ["adm", "sm"])
@pytest.mark.parametrize(
    "filters",
    [
        {}, {"product_id": 1}, {"database_id": 201}, {"staff_id": "sp1"}, {"search": "SP1"},
        {"whatsapp_status": "ada"}, {"respond_status": "none"},
    ],
    ids=str,
)  # fmt: skip
def test_all_assignments_read_an_index(assigned, people, who, filters):
    assert set(normal_models.AssignmentList.model_fields) == {
        "product_id", "database_id", "staff_id", "search", "whatsapp_status", "respond_status", "limit",
        "cursor",
    }  # fmt: skip
    if "staff_id" in filters:
        filters = {"staff_id": str(people[filters["staff_id"]].user_id)}
    for page in (None, Jsonb(LATER)):
        read(assigned, people, who, "select api.members_list_assignments(%s, 50, %s)", Jsonb(filters), page)


@pytest.mark.parametrize("values", [(None, None), (1, None), (None, 201)])
def test_ones_own_assigned_records_read_an_index(assigned, people, values):
    assert set(normal_models.MyRecordList.model_fields) == {"product_id", "database_id", "limit", "cursor"}
    read(assigned, people, "stf", "select api.members_my_records(%s, %s, 50, null)", *values)
    read(assigned, people, "stf", "select api.members_my_records(%s, %s, 50, %s)", *values, Jsonb(LATER))


def test_ones_own_batches_read_an_index(assigned, people):
    answer = read(assigned, people, "stf", "select api.members_request_batches(null, 50, null)")
    assert answer["items"][0]["is_legacy"]
    legacy = answer["items"][0]["id"]
    read(assigned, people, "stf", "select api.members_request_batch_records(%s, 50, null)", legacy)


@pytest.mark.parametrize("who", ["adm", "sm", "stf"])
@pytest.mark.parametrize("status", [None, "pending"])
@pytest.mark.parametrize("database_id", [None, 101])
@pytest.mark.parametrize("staff", [None, "sp1"])
@pytest.mark.parametrize("page", [None, {"request_id": 50_000}], ids=["first page", "later page"])
def test_requests_read_an_index(requests, people, who, status, database_id, staff, page):
    assert set(normal_models.RequestList.model_fields) == {
        "status", "database_id", "staff_id", "limit", "cursor",
    }  # fmt: skip
    staff_id = people[staff].user_id if staff else None
    values = (status, database_id, staff_id, Jsonb(page) if page else None)
    statement = "select api.members_list_requests(%s, %s, %s, 50, %s)"
    _, found = asked(requests, people[who], "download_requests", statement, *values)
    assert found, "no plan says how requests were read"
    assert "Seq Scan" not in found


@pytest.mark.parametrize("who", ["adm", "sm", "stf"])
@pytest.mark.parametrize(
    "filters",
    [
        {}, {"module": "member_wd"}, {"product_id": 2}, {"database_id": 6},
        {"staff_id": "sp1"}, {"status": "assigned"}, {"validation_status": "invalid"},
        {"whatsapp_status": "ada"}, {"respond_status": "ya"},
    ],
    ids=str,
)  # fmt: skip
def test_records_of_all_modules_read_an_index(session, people, who, filters):
    assert set(models.AllRecordsList.model_fields) == {
        "module", "product_id", "database_id", "staff_id", "status", "validation_status",
        "whatsapp_status", "respond_status", "limit", "cursor",
    }  # fmt: skip
    if "staff_id" in filters:
        filters = {"staff_id": str(people["sp1"].user_id)}
    for page in (None, Jsonb({"record_id": 50_000})):
        read(session, people, who, "select api.members_all_records(%s, 50, %s)", Jsonb(filters), page)
