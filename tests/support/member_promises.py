"""What must be true of members after whatever was done: one question to the database, asked by tests."""

import psycopg

PROMISES = """
with kept as (
    select
        r.*, d.product_id,
        exists (
            select from members.reservation_keys k
            where k.org_id = r.org_id and k.key = any (r.match_keys) and k.is_approved
        ) as is_reserved
    from members.records r
    join members.databases d using (org_id, module, database_id)
    where r.org_id = %(org)s
),
counted as (
    select
        database_id, count(*) as total,
        count(*) filter (where status = 'available' and not is_reserved) as available,
        count(*) filter (where status = 'requested') as requested,
        count(*) filter (where status = 'assigned') as assigned,
        count(*) filter (where status = 'invalid_archived') as archived,
        count(*) filter (where status = 'available' and is_reserved) as excluded,
        count(*) filter (where is_reservation_conflict) as conflicts
    from kept
    group by database_id
)
select 'counts of database ' || n.database_id || ' are not ' || n || ' but ' || c
from members.counts_of(array(select database_id from counted)) c
join counted n on n.database_id = c.database_id
where (c.total_records, c.available_count, c.requested_count, c.assigned_count, c.archived_count,
       c.excluded_count, c.conflict_count)
    is distinct from (n.total, n.available, n.requested, n.assigned, n.archived, n.excluded, n.conflicts)

union all
select 'record ' || r.record_id || ' is ' || r.status || ', live assignments: ' || count(a.record_id)
from kept r
left join members.assignments a on a.org_id = r.org_id and a.record_id = r.record_id and a.ended_at is null
group by r.record_id, r.status, r.assigned_to, r.batch_id
having count(a.record_id) <> case when r.status = 'assigned' then 1 else 0 end
    or bool_or((a.staff_id, a.batch_id) is distinct from (r.assigned_to, r.batch_id))
        filter (where a.record_id is not null)

union all
select 'assignment ' || a.assignment_id || ' replaces none that was invalid in its batch'
from members.assignments a
left join members.assignments o on o.org_id = a.org_id and o.assignment_id = a.replaces_assignment_id
left join members.databases d on d.org_id = a.org_id and d.database_id = a.database_id
left join members.databases e on e.org_id = o.org_id and e.database_id = o.database_id
where a.org_id = %(org)s
  and a.replaces_assignment_id is not null
  and (
      (a.module, a.batch_id, a.staff_id, d.product_id)
          is distinct from (o.module, o.batch_id, o.staff_id, e.product_id)
      or o.outcome is distinct from 'archived'
  )

union all
select 'assignment ' || replaces_assignment_id || ' is replaced ' || count(*) || ' times'
from members.assignments
where org_id = %(org)s and replaces_assignment_id is not null
group by replaces_assignment_id
having count(*) > 1

union all
select 'record ' || r.record_id || ' is requested for no request that waits, or not while one does'
from kept r
where (r.status = 'requested') is distinct from exists (
    select from members.download_requests q
    where q.org_id = r.org_id and q.request_id = r.request_id and q.status = 'pending'
      and r.record_id = any (q.record_ids)
)

union all
select 'record ' || r.record_id || ' is in a batch that is closed, or of somebody else'
from kept r
join members.batches b on b.org_id = r.org_id and b.batch_id = r.batch_id
where r.status = 'assigned'
  and (b.closed_at is not null or b.staff_id <> r.assigned_to or b.database_id <> r.database_id)

union all
select 'record ' || r.record_id || case when r.is_reservation_conflict then ' is flagged' else ' is not' end
from kept r
where r.is_reservation_conflict is distinct from (
    r.status = 'assigned'
    and exists (
        select
        from members.reservation_keys k
        join members.reservations w on w.org_id = k.org_id and w.reservation_id = k.reservation_id
        where k.org_id = r.org_id and k.key = any (r.match_keys) and k.is_approved
          and k.product_id = r.product_id and w.staff_id <> r.assigned_to
    )
)
"""

NOT_RESERVED = """
union all
select 'record ' || r.record_id || ' was handed out though reserved'
from kept r
join members.reservation_keys k on k.org_id = r.org_id and k.key = any (r.match_keys) and k.is_approved
join members.reservations w on w.org_id = k.org_id and w.reservation_id = k.reservation_id
where r.status = 'assigned' and w.approved_at <= r.assigned_at
"""
"""Where every operation has a minute of its own: people at once have only the lock to tell them apart."""


def broken_promises(connection: psycopg.Connection, org_id: object, *, in_turn: bool = False) -> list[str]:
    """What is not true of the members of an organisation, in words; nothing is expected.

    `connection`: somebody's of that organisation who may read everything. `in_turn`: one did after the other.
    """
    query = PROMISES + (NOT_RESERVED if in_turn else "")
    return [row[0] for row in connection.execute(query.encode(), {"org": org_id})]
