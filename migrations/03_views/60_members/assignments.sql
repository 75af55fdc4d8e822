-- Who had which record, when, and what it replaced.

create view api.assignments with (security_invoker = true) as
select
    a.org_id, a.assignment_id, a.module, a.database_id, a.batch_id, a.record_id, a.staff_id, a.assigned_by, a.assigned_at,
    a.ended_at, a.outcome, a.is_replacement, a.replaces_assignment_id
from members.assignments a
join members.databases d on d.org_id = a.org_id and d.database_id = a.database_id
where a.org_id = (select app.org_id());

comment on view api.assignments is 'History of records with staff (decisions §3, members.assignments).';
revoke all on api.assignments from public;
grant select on api.assignments to authenticated, analyst;
