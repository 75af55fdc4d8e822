-- The conflict log: whose record of a reserved customer was taken by whom, and when it was given back.

create view api.conflicts with (security_invoker = true) as
select
    c.org_id, c.conflict_id, c.record_id, c.customer_id, c.module,
    case c.module when 'normal' then 'Normal Database' when 'bonanza' then 'DB Bonanza' else 'Member WD CRM' end as source,
    c.database_id, c.database_name, c.product_id, p.name as product_name, c.reservation_id,
    c.affected_staff_id, a.full_name as affected_staff_name, c.reserved_by_staff_id, b.full_name as reserved_by_staff_name,
    'Customer reserved by ' || coalesce(b.full_name, 'somebody else') as invalid_reason,
    c.invalidated_at, (c.invalidated_at at time zone (select app.setting('time_zone') #>> '{}'))::date as invalidated_on, c.invalidated_by, c.restored_at, c.restored_reason
from members.conflicts c
join members.products p on p.org_id = c.org_id and p.product_id = c.product_id
left join api.v_user_directory a on a.org_id = c.org_id and a.user_id = c.affected_staff_id
left join api.v_user_directory b on b.org_id = c.org_id and b.user_id = c.reserved_by_staff_id
where c.org_id = (select app.org_id());

comment on view api.conflicts is
    'Append-only log; restored_at is null while the record is flagged, invalidated_by for the system (spec: member §5.7).';
revoke all on api.conflicts from public;
grant select on api.conflicts to authenticated, analyst;
