"""Lists stay fast where there is much: every filter of a list is answered from an index, for every scope."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff.models import LeadList
from tests.support.people import People
from tests.support.plans import asked, explained, looked_at

ROWS = 100_000

# One lead in ten is owned by somebody, in turn; all were made in turn by somebody of marketing or sales.
MANY_LEADS = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into crm.customers (org_id, customer_id, company_name, owner_ids, creator_ids)
    select %(org)s, 'C' || n, 'Company ' || n, '{}', '{}'
    from generate_series(0, %(rows)s / 5 - 1) n;
    insert into crm.leads (
        org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area,
        service_code, sourced_by, primary_channel, status, next_step, due_date, sales_owner_user_id,
        customer_id, prospect_id, created_by, created_at
    )
    select
        %(org)s, 'L' || n, date '2026-01-01' + n %% 100, 'Company ' || n, 'PIC', '0812', 'pic@x.test',
        'Jakarta',
        (array['EXI_AF', 'EXI_SF', 'DOM_LT', 'DTD_AF'])[1 + n %% 4],
        (array['Marketing', 'Sales'])[1 + n %% 2],
        (array['SEM', 'Referral', 'Canvasing', 'Event'])[1 + n %% 4],
        (array['New', 'Contacted', 'Qualified', 'Proposal', 'Negotiation'])[1 + n %% 5],
        'Call', date '2026-03-05',
        case when n %% 10 = 0 then (%(owners)s::uuid[])[1 + n / 10 %% cardinality(%(owners)s)] end,
        'C' || n %% (%(rows)s / 5), 'P' || n,
        (%(creators)s::uuid[])[1 + n %% cardinality(%(creators)s)],
        timestamptz '2026-01-01' + n * interval '1 minute'
    from generate_series(1, %(rows)s) n;
    insert into crm.customer_keys (org_id, kind, key, customer_id)
    select c.org_id, 'company', c.company_key, c.customer_id from crm.customers c;
    insert into crm.lead_counts (org_id, status, slot, leads, assigned)
    select l.org_id, l.status, 0, count(*), count(l.sales_owner_user_id) from crm.leads l group by 1, 2;
"""

FILTERS: dict[str, Any] = {
    "status": "Qualified",
    "primary_channel": "Event",
    "service_code": "DOM_LT",
    "sales_owner_user_id": "sp2@alpha",
    "created_by": "mc@alpha",
    "customer_id": "C77",
    "lead_date_from": "2026-04-09",
    "lead_date_to": "2026-01-02",
}
"""For each filter of the list a value that few rows have, or the name of a person."""

SCOPES = {"all": "sa", "team": "sm", "own": "sp1", "created": "mc", "pipeline": "ss"}
"""Somebody whose role sees leads by that scope."""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on many leads."""
    values = {
        "org": people["sp1"].org_id,
        "rows": ROWS,
        "owners": [people[name].user_id for name in ("sp1", "sp2", "sp3", "sm", "stf")],
        "creators": [people[name].user_id for name in ("mc", "dgo", "macx", "vsdo", "sp1", "sp3")],
    }
    with explained(
        database, (MANY_LEADS, values), analyze="crm.leads, crm.customers, crm.customer_keys"
    ) as connection:
        yield connection


def scans(
    session: psycopg.Connection, person: Any, filters: dict[str, Any], page: dict[str, str] | None
) -> set[str]:
    """How the list reads crm.leads: the kinds of scan that its statements made."""
    question = "select api.crm_list_leads(%s, 50, %s)"
    return asked(session, person, "leads", question, Jsonb(filters), Jsonb(page) if page else None)[1]


def test_every_filter_of_the_list_is_tried() -> None:
    assert set(FILTERS) == set(LeadList.model_fields) - {"limit", "cursor"}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", [*FILTERS, "none", "none, second page", "all"])
def test_a_filter_reads_an_index(name: str, scope: str, session: psycopg.Connection, people: People) -> None:
    chosen = FILTERS if name == "all" else {name: FILTERS[name]} if name in FILTERS else {}
    filters = {key: str(people[value].user_id) if value in people else value for key, value in chosen.items()}
    page = {"created_at": "2026-02-01T00:00:00+00:00", "lead_id": "L44640"} if "page" in name else None

    found = scans(session, people[SCOPES[scope]], filters, page)
    assert found, "no plan says how leads were read"
    assert "Seq Scan" not in found


@pytest.mark.parametrize("scope", ["team", "own", "created"])
def test_a_search_for_what_is_not_there_looks_through_ones_own_leads_alone(
    scope: str, session: psycopg.Connection, people: People
) -> None:
    question = "select api.crm_search('nobody is called so')"
    answer, rows = looked_at(session, people[SCOPES[scope]], "leads", question)
    assert answer == {"items": []}
    assert 0 < rows < ROWS / 2


@pytest.mark.parametrize(("who", "word"), [("sa", "company 77"), ("mm", "company 1")])
def test_a_search_for_a_name_that_begins_so_looks_at_few_others(session, people, who, word):
    answer, rows = looked_at(session, people[who], "customer_keys", "select api.crm_search(%s)", word)
    assert [item["kind"] for item in answer["items"]] == ["customer"] * 5 + ["lead"] * 5
    assert all(item["title"].lower().startswith(word) for item in answer["items"])
    assert rows <= 200  # a hundred, and what ends each stretch


def test_a_sequential_scan_would_be_seen(session: psycopg.Connection, people: People) -> None:
    with session.transaction():
        session.execute("set local enable_indexscan = off; set local enable_bitmapscan = off")
        session.execute("set local enable_indexonlyscan = off")
        assert "Seq Scan" in scans(session, people["sa"], {"status": "Qualified"}, None)


@pytest.mark.parametrize(
    ("who", "times"), [("sm", 0), ("sp1", 0), ("exi", 0), ("fin", 0), ("mc", 0.4), ("mm", 0.6), ("dir", 0.9)]
)
def test_the_dashboard_reads_leads_for_whoever_has_blocks_of_them(session, people, who, times):
    """`times`: how often all leads, at most. This month has 28 in 100 of them, of which three blocks tell."""
    question = "select api.app_dashboard('2026-02-01', '2026-02-28')"
    _, rows = looked_at(session, people[who], "leads", question)
    assert rows <= times * ROWS
