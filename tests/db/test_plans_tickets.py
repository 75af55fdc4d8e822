"""A page of tickets is read from an index, whoever asks and whatever is asked, where there are many."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff.desk.models import TicketList
from tests.support.people import People
from tests.support.plans import asked, explained, looked_at

ROWS = 100_000

# One in ten is about one of a thousand leads, which are sp1's and sp3's in turn.
MANY_TICKETS = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into crm.customers (org_id, customer_id, company_name) values (%(org)s, 'CUST0101310001', 'C');
    insert into crm.leads (
        org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code,
        sourced_by, primary_channel, next_step, due_date, sales_owner_user_id, customer_id, created_by,
        prospect_id
    )
    select
        %(org)s, 'LEADSEM010131' || lpad(n::text, 4, '0'), '2031-01-01', 'C', 'P', '1', 'e@x.test', 'c',
        'EXI_AF', 'Sales', 'SEM', 'Call', '2031-01-01', (%(people)s::uuid[])[1 + n %% 2], 'CUST0101310001',
        (%(people)s::uuid[])[1], 'P'
    from generate_series(1, 1000) n;
    insert into desk.tickets (
        org_id, ticket_id, ticket_type, dept_target, inquiry_status, ticket_status, assigned_to,
        related_lead_id, related_customer_id, need_customer_masking, subject, created_by,
        created_at, closed_at
    )
    select
        %(org)s, 'GENEXI010131' || lpad(n::text, 6, '0'),
        case when n %% 2 = 0 then 'inquiry tariff' else 'request pickup' end,
        (array['EXI', 'DOM', 'DTD', 'TRF', 'FIN'])[1 + n %% 5],
        case when n %% 2 = 0 then case when n %% 8 = 0 then 'OPEN' else 'CLOSED' end end,
        case when n %% 2 = 1 then 'CLOSED' end,
        case when n %% 50 = 0 then (%(people)s::uuid[])[1 + n / 50 %% 4] end,
        case when n %% 10 = 0 then 'LEADSEM010131' || lpad((1 + n / 10 %% 1000)::text, 4, '0') end,
        case when n %% 10 = 0 then 'CUST0101310001' end, n %% 10 = 0,
        'S', (%(people)s::uuid[])[1 + n %% 4], timestamptz '2030-01-01' + n * interval '1 minute',
        case when n %% 8 <> 0 then timestamptz '2031-01-01' end
    from generate_series(1, %(rows)s) n;
    insert into app.audit_logs (org_id, table_name, record_id, action, before_data)
    select
        %(org)s, 'crm.contacts', n::text, case when n %% 20 = 0 then 'DELETE' else 'UPDATE' end,
        jsonb_build_object('customer_id', 'CUST020131' || lpad(n::text, 6, '0'), 'full_name', 'Gone')
    from generate_series(1, %(rows)s) n;
"""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on many tickets."""
    values = {
        "org": people["sp1"].org_id,
        "rows": ROWS,
        "people": [people[name].user_id for name in ("sp1", "sp3", "mc", "exi")],
    }
    with explained(
        database, (MANY_TICKETS, values), analyze="desk.tickets, crm.leads, app.audit_logs"
    ) as connection:
        yield connection


def read(session: psycopg.Connection, people: People, who: str, statement: str, *values: object):
    answer, found = asked(session, people[who], "tickets", statement, *values)  # type: ignore[arg-type]
    assert found, "no plan says how tickets were read"
    assert "Seq Scan" not in found
    return answer


def filters(people: People) -> dict[str, object]:
    return {
        "ticket_type": "inquiry tariff",
        "status": "OPEN",
        "dept_target": "DTD",
        "assigned_to": str(people["sp1"].user_id),
        "created_by": str(people["mc"].user_id),
        "related_lead_id": "LEADSEM0101310007",
        "related_customer_id": "CUST0101310001",
        "created_from": "2030-02-01",
        "created_to": "2030-02-01",
    }


def test_every_filter_is_tried(people):
    assert set(filters(people)) == set(TicketList.model_fields) - {"limit", "cursor"}


@pytest.mark.parametrize("who", ["sa", "mm", "mc", "sm", "sp1", "sp2", "ss", "exi", "fin"])
def test_a_page_of_tickets_reads_an_index(session, people, who):
    page = read(session, people, who, "select api.desk_list_tickets('{}', 50, null)")
    assert len(page["items"]) == (0 if who == "sp2" else 50)
    if page["next"]:
        read(session, people, who, "select api.desk_list_tickets('{}', 50, %s)", Jsonb(page["next"]))


@pytest.mark.parametrize("who", ["sa", "sp1"])
def test_every_filter_reads_an_index(session, people, who):
    for name, value in filters(people).items():
        read(session, people, who, "select api.desk_list_tickets(%s)", Jsonb({name: value}))


@pytest.mark.parametrize("asked_for", ["order by created_at desc", "where inquiry_status = 'CLOSED'", ""])
def test_the_first_of_the_masked_tickets_do_not_wait_for_the_others(session, people, asked_for):
    question = f"select array_agg(r.subject) from (select * from api.v_ops_rfqs_masked {asked_for} limit 5) r"
    found, rows = looked_at(session, people["exi"], "leads", question)
    assert found == ["S"] * 5
    # The ticket's lead, and a hundred others of its customer at most.
    assert 0 < rows <= 5 * 102


def test_masking_reads_the_trail_by_index(session, people):
    page, found = asked(session, people["exi"], "audit_logs", "select api.desk_list_tickets('{}', 50, null)")
    assert any(item["is_masked"] for item in page["items"])
    assert found, "no plan says how the trail was read"
    assert "Seq Scan" not in found


@pytest.mark.parametrize("who", ["sa", "mm", "sm", "sp1", "exi"])
def test_a_search_reads_tickets_by_an_index(session, people, who):
    for word in ("0101310001", "GENEXI010131000077", "nothing"):
        read(session, people, who, "select api.crm_search(%s)", word)
