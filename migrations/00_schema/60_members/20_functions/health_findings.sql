-- What is wrong with an organisation's data although every constraint holds: one row for each kind that there is.

create or replace function members.health_findings(p_org_id uuid) returns table (
    kind text,
    severity text,
    is_warning boolean,
    count bigint,
    sample_ids bigint[],
    can_repair boolean
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- Whoever left, or works on something else now, owns customers still.
    select 'orphaned_reserved_members', 'high', false, count(*), (array_agg(r.reservation_id order by r.reservation_id))[:10], true
    from members.reservations r
    where r.org_id = p_org_id
      and not members.can_reserve(r.org_id, r.staff_id)
    having count(*) > 0
    union all
    select 'expired_reservations', 'medium', true, count(*), (array_agg(a.reservation_id order by a.reservation_id))[:10], true
    from members.reservation_ages(p_org_id) a
    where a.bucket = 'expired'
    having count(*) > 0
$$;

comment on function members.health_findings(uuid) is
    'severity: high, medium or low; is_warning: weighs little whatever its severity; sample_ids: ten at most; can_repair: kind is a repair. What the schema makes impossible is not looked for; other modules add theirs here (spec: member §5.23, cases 151 to 153).';
revoke all on function members.health_findings(uuid) from public;
