"""What people see of reservations and conflicts is read from an index, and so is what a reservation flags."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff.members import conflicts, data_sync, reservations
from tests.support.people import People
from tests.support.plans import asked, explained

ROWS = 100_000

# Every hundredth reservation is pending; three staff have the records of everybody, in turn.
MANY = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into members.products (org_id, product_id, name)
    overriding system value values (%(org)s, 11, 'R1'), (%(org)s, 12, 'R2');
    insert into members.databases (org_id, database_id, module, name, product_id, file_name, columns)
    overriding system value values (%(org)s, 1001, 'bonanza', 'd', 11, 'f', '{a}');
    insert into members.reservations (
        org_id, reservation_id, product_id, customer_id, staff_id, status, approved_at
    )
    overriding system value
    select
        %(org)s, 5000000 + n, 11 + n %% 2, 'r' || n, (%(staff)s::uuid[])[1 + n %% 3],
        case when n %% 100 = 0 then 'pending' else 'approved' end, case when n %% 100 <> 0 then now() end
    from generate_series(1, %(rows)s) n;
    insert into members.reservation_keys (org_id, product_id, key, reservation_id, is_approved)
    select r.org_id, r.product_id, upper(r.customer_id), r.reservation_id, r.status = 'approved'
    from members.reservations r where r.org_id = %(org)s;
    insert into members.deleted_reservations (
        org_id, product_id, customer_id, staff_id, created_at, approved_at, is_permanent, deleted_at,
        deleted_reason
    )
    select
        %(org)s, 11 + n %% 2, 'd' || n, (%(staff)s::uuid[])[1 + n %% 3], now(), now(), false, now(),
        'admin_manual_delete'
    from generate_series(1, %(rows)s) n;
    insert into members.records (
        org_id, record_id, module, database_id, row_number, row_data, match_keys, status, assigned_to,
        assigned_at
    )
    overriding system value
    select
        %(org)s, 5000000 + n, 'bonanza', 1001, n, '{}', array['R' || n, 'N' || n, 'P' || n], 'assigned',
        (%(staff)s::uuid[])[1 + n %% 3], now()
    from generate_series(1, %(rows)s) n;
    insert into members.record_keys (org_id, database_id, record_id, match_keys)
    select r.org_id, r.database_id, r.record_id, r.match_keys from members.records r where r.org_id = %(org)s;
    insert into members.conflicts (
        org_id, record_id, module, database_id, database_name, product_id, reservation_id, customer_id,
        affected_staff_id, reserved_by_staff_id, invalidated_at, restored_at, restored_reason
    )
    select
        %(org)s, 5000000 + n, 'bonanza', 1001, 'd', 11, n, 'r' || n, (%(staff)s::uuid[])[1 + n %% 3],
        (%(staff)s::uuid[])[1 + (n + 1) %% 3], now() - n * interval '1 minute',
        case when n %% 5 <> 0 then now() end, case when n %% 5 <> 0 then 'recalled' end
    from generate_series(1, %(rows)s) n;
    insert into members.system_logs (org_id, type, payload, performed_at)
    select %(org)s, 'data_repair', '{}', now() from generate_series(1, %(rows)s);
"""

SCOPES = {"all": "adm", "team": "sm", "own": "sp1"}
"""Somebody whose role sees by that scope."""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    values = {
        "org": people["stf"].org_id,
        "rows": ROWS,
        "staff": [people[name].user_id for name in ("stf", "stf2", "sp1")],
    }
    tables = (
        "members.reservations, members.reservation_keys, members.deleted_reservations, members.records,"
        " members.record_keys, members.conflicts, members.system_logs"
    )
    with explained(database, (MANY, values), analyze=tables) as connection:
        yield connection


def read(session, people, who: str, relation: str, statement: str, *values: object):
    answer, found = asked(session, people[who], relation, statement, *values)
    assert found, "no plan says how rows were read"
    assert "Seq Scan" not in found
    return answer


def test_every_filter_of_the_lists_is_tried():
    assert set(reservations.ReservationList.model_fields) == {
        *("status", "product_id", "staff_id", "limit", "cursor")
    }
    assert set(reservations.DeletedList.model_fields) == {"product_id", "staff_id", "limit", "cursor"}
    assert set(reservations.PreviewList.model_fields) == {"bucket", "limit", "cursor"}
    assert set(data_sync.LogList.model_fields) == {"limit", "cursor"}
    assert set(conflicts.ConflictList.model_fields) == {"staff_id", "date_from", "date_to", "limit", "cursor"}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("status", [None, "pending", "approved"])
@pytest.mark.parametrize("product_id", [None, 12])
@pytest.mark.parametrize("staff", [None, "stf2"])
@pytest.mark.parametrize("page", [None, {"reservation_id": 5_050_000}], ids=["first page", "later page"])
def test_a_list_of_reservations_reads_an_index(session, people, scope, status, product_id, staff, page):
    statement = "select api.members_list_reservations(%s, %s, %s, 50, %s)"
    staff_id = staff and people[staff].user_id
    after = Jsonb(page) if page else None
    read(session, people, SCOPES[scope], "reservations", statement, status, product_id, staff_id, after)


def test_the_badge_reads_an_index(session, people):
    read(session, people, "sp1", "reservations", "select api.members_pending_reservations()")


@pytest.mark.parametrize("who", ["adm", "sm"])
@pytest.mark.parametrize("product_id", [None, 12])
@pytest.mark.parametrize("staff", [None, "sp1"])
def test_the_archive_reads_an_index(session, people, who, product_id, staff):
    statement = "select api.members_list_deleted_reservations(%s, %s, 50, %s)"
    staff_id = staff and people[staff].user_id
    read(session, people, who, "deleted_reservations", statement, product_id, staff_id, None)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("staff", [None, "stf2"])
@pytest.mark.parametrize("day", [None, "2020-01-01"])
def test_the_conflict_log_reads_an_index(session, people, scope, staff, day):
    statement = "select api.members_list_conflicts(%s, %s, null, 50, null)"
    staff_id = staff and people[staff].user_id
    read(session, people, SCOPES[scope], "conflicts", statement, staff_id, day)


@pytest.mark.parametrize("bucket", ["expiring", "active"])
def test_the_preview_of_the_expiry_run_reads_an_index(session, people, bucket):
    read(session, people, "adm", "reservations", "select api.members_expiry_preview(%s)", bucket)


@pytest.mark.parametrize("page", [None, {"log_id": 50_000}], ids=["first page", "later page"])
def test_the_activity_log_reads_an_index(session, people, page):
    statement = "select api.members_list_system_logs(50, %s)"
    read(session, people, "adm", "system_logs", statement, Jsonb(page) if page else None)


def test_what_was_taken_from_oneself_reads_an_index(session, people):
    read(session, people, "sp1", "conflicts", "select api.members_taken_records('bonanza')")


@pytest.mark.parametrize("relation", ["record_keys", "records", "reservation_keys", "conflicts"])
def test_a_reservation_finds_others_records_by_an_index(session, people, relation):
    body = {"customer_id": f"n{len(relation)}", "product_id": 11, "staff_id": str(people["stf"].user_id)}
    answer = read(session, people, "adm", relation, "select api.members_reserve(%s)", Jsonb(body))
    assert answer["invalidated_records"] <= 1
