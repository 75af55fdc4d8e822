-- Job: checks the data of those organisations that want it, as often as they want it.

create or replace function members.check_due_health() returns integer
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select count(members.check_health(o.org_id, null))::integer
    from app.organizations o
    cross join lateral members.monitoring_config(o.org_id) c
    where o.is_active
      and (c ->> 'enabled')::boolean
      and (
          c ->> 'last_check' is null
          or (c ->> 'last_check')::timestamptz <= app.now() - make_interval(hours => (c ->> 'check_interval_hours')::integer)
      )
$$;

comment on function members.check_due_health() is 'Returns how many organisations were checked (spec: member §5.23 proactive check).';
revoke all on function members.check_due_health() from public;
