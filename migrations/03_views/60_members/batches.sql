-- Batches with how many of their records are left, counted now.

create view api.batches with (security_invoker = true) as
select
    b.org_id, b.batch_id, b.module, b.database_id, d.name as database_name, d.product_id, coalesce(p.name, 'Unknown') as product_name, b.staff_id,
    b.custom_name, b.initial_count, n.current_count, b.created_by, b.created_at
from members.batches b
join members.databases d on d.org_id = b.org_id and d.database_id = b.database_id
left join members.products p on p.org_id = d.org_id and p.product_id = d.product_id
cross join lateral (
    select count(*) as current_count
    from members.records r
    where r.org_id = b.org_id and r.module = b.module and r.database_id = b.database_id and r.batch_id = b.batch_id
      and r.assigned_to = b.staff_id and r.status = 'assigned'
) n
where b.org_id = (select app.org_id())
  and b.closed_at is null;

comment on view api.batches is 'Cards of staff; current_count is counted, never stored (spec: member §4, §5.10).';
revoke all on api.batches from public;
grant select on api.batches to authenticated, analyst;
