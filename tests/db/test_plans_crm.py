"""Lists of prospects, activities and customers are read from an index, whatever is asked and by whom."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff.crm import customers, models
from bff.models import Page
from tests.support.people import People
from tests.support.plans import asked, explained, looked_at

ROWS = 100_000

# A customer, a prospect and an activity each; the people of sales own them in turn.
MANY = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into crm.customers (
        org_id, customer_id, company_name, status, city, owner_ids, creator_ids, created_at
    )
    select
        %(org)s, 'C' || n, 'Company ' || n,
        (array['prospect', 'active', 'inactive', 'suspended'])[1 + n %% 4], 'City ' || n %% 100,
        case
            when n %% 10 = 0 then array[(%(owners)s::uuid[])[1 + n / 10 %% cardinality(%(owners)s)]]
            else '{}'
        end,
        array[(%(creators)s::uuid[])[1 + n %% cardinality(%(creators)s)]],
        timestamptz '2026-01-01' + n * interval '1 minute'
    from generate_series(1, %(rows)s) n;
    insert into crm.customer_keys (org_id, kind, key, customer_id)
    select %(org)s, k.kind, k.key, 'C' || n
    from generate_series(1, %(rows)s) n
    cross join lateral (
        values ('company', 'company ' || n), ('email', n || '@mail.example')
    ) as k (kind, key);
    insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id, current_stage, created_at)
    select
        %(org)s, 'P' || n, 'C' || n, (%(owners)s::uuid[])[1 + n %% cardinality(%(owners)s)],
        case when n %% 1000 = 0 then 'Negotiation' else 'Prospect Created' end,
        timestamptz '2026-01-01' + n * interval '1 minute'
    from generate_series(1, %(rows)s) n;
    insert into crm.activities (
        org_id, activity_type, direction, customer_id, prospect_id, notes, completed_at, scheduled_at,
        created_by, created_at
    )
    select
        %(org)s, (array['call', 'email', 'note'])[1 + n %% 3], 'outbound', 'C' || n %% 1000,
        'P' || n %% 1000, 'n', case when n %% 100 > 0 then now() end, now(),
        (%(owners)s::uuid[])[1 + n %% cardinality(%(owners)s)],
        timestamptz '2026-01-01' + n * interval '1 minute'
    from generate_series(1, %(rows)s) n;
    insert into crm.customer_documents (org_id, customer_id, uploaded_by)
    select %(org)s, 'C' || n %% 1000, (%(owners)s::uuid[])[1] from generate_series(1, %(rows)s) n;
    insert into app.files (
        org_id, bucket, path, file_name, mime_type, size_bytes, sha256, document_id, created_by
    )
    select
        d.org_id, 'customer-documents', d.document_id::text, 'f', 'text/csv', 1, repeat('a', 64),
        d.document_id, d.uploaded_by
    from crm.customer_documents d;
    insert into crm.activity_photos (org_id, activity_id, uploaded_by)
    select a.org_id, case when a.activity_id %% 10 > 0 then a.activity_id end, a.created_by
    from crm.activities a;
"""

PEOPLE = ("sa", "mm", "sm", "sp1", "mc", "ss")
"""Somebody of each scope."""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on many rows."""
    values = {
        "org": people["sp1"].org_id,
        "rows": ROWS,
        "owners": [people[name].user_id for name in ("sp1", "sp2", "sp3", "sm", "stf")],
        "creators": [people[name].user_id for name in ("mc", "dgo", "macx", "vsdo", "sp1")],
    }
    filled = (
        "crm.customers, crm.customer_keys, crm.prospects, crm.activities, crm.customer_documents, app.files,"
        "crm.activity_photos"
    )
    with explained(database, (MANY, values), analyze=filled) as connection:
        yield connection


LISTS: dict[str, tuple[LiteralString, type[Page], dict[str, Any]]] = {
    "prospects": (
        "select api.crm_list_prospects(%s, 50, %s)",
        models.ProspectList,
        {"current_stage": "Negotiation", "owner_user_id": "sp2@alpha", "customer_id": "C77"},
    ),
    "activities": (
        "select api.crm_list_activities(%s, 50, %s)",
        models.ActivityList,
        {
            "prospect_id": "P70",
            "lead_id": "L1",
            "customer_id": "C70",
            "created_by": "sp2@alpha",
            "activity_type": "email",
            "is_open": True,
        },
    ),
    "customers": (
        "select api.crm_list_customers(%s, 50, %s)",
        customers.CustomerList,
        {
            "status": "suspended",
            "customer_type": "government",
            "owner_user_id": "sp2@alpha",
            "parent_customer_id": "C1",
        },
    ),
}
"""For each list its call, its filters' model, and a value for each filter."""


@pytest.mark.parametrize("table", LISTS)
def test_every_filter_is_tried(table: str) -> None:
    _, model, filters = LISTS[table]
    assert set(filters) == set(model.model_fields) - {"limit", "cursor"}


@pytest.mark.parametrize("table", LISTS)
@pytest.mark.parametrize("who", PEOPLE)
def test_a_filter_reads_an_index(who: str, table: str, session: psycopg.Connection, people: People) -> None:
    question, _, filters = LISTS[table]
    tried = [{}, filters, *({name: value} for name, value in filters.items())]
    for chosen in tried:
        named = {k: str(people[v].user_id) if str(v).endswith("@alpha") else v for k, v in chosen.items()}
        _, scans = asked(session, people[who], table, question, Jsonb(named), None)
        assert "Seq Scan" not in scans, f"{who}: {named}"


@pytest.mark.parametrize("who", PEOPLE)
def test_a_search_reads_indexes(who: str, session: psycopg.Connection, people: People) -> None:
    for word in ("company 99999", "no such thing", "77@mail.example", "C77"):
        for table in ("customers", "customer_keys"):
            _, scans = asked(session, people[who], table, "select api.crm_search(%s)", word)
            assert "Seq Scan" not in scans, f"{who}: {word}"


@pytest.mark.parametrize("who", ["sm", "sp1", "mc"])
def test_a_search_of_ones_own_customers_reads_no_keys_of_others(
    who: str, session: psycopg.Connection, people: People
) -> None:
    for word in ("company 99999", "no such thing", "77@mail.example"):
        _, rows = looked_at(session, people[who], "customer_keys", "select api.crm_search(%s)", word)
        assert rows == 0, word


@pytest.mark.parametrize("who", ["sa", "mm", "ss"])
def test_documents_of_a_customer_read_indexes(who: str, session: psycopg.Connection, people: People) -> None:
    for table in ("customer_documents", "files"):
        page, rows = looked_at(session, people[who], table, "select api.crm_list_documents('C10', 50, null)")
        assert len(page["items"]) == 50
        # Its file asks once more whether the document is seen.
        assert rows <= 3 * 51


def test_a_photo_is_taken_by_its_key(session: psycopg.Connection, people: People) -> None:
    for table in ("activity_photos", "files"):
        question: LiteralString = "select count(*) from api.activity_photos where photo_id = 7"
        _, scans = asked(session, people["sp1"], table, question)
        assert "Seq Scan" not in scans
