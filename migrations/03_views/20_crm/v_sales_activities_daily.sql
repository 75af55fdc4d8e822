-- How much sales did, by day, person and type: numbers of a person are those of all that they did, wherever it went since.

create view api.v_sales_activities_daily with (security_barrier = true) as
select
    a.org_id,
    d.day,
    a.created_by as user_id,
    a.activity_type,
    count(*) as activity_count
-- Time zones are settings, so that no index has days: a filter on days chooses stretches of time, which an index has.
from crm.activity_days() d
join crm.activities a
    on a.completed_at >= d.since and a.completed_at < d.before
    and (a.completed_at at time zone (select app.setting('time_zone') #>> '{}'))::date = d.day
where a.org_id = (select app.org_id())
  and a.direction = 'outbound'
  and a.activity_type in ('visit', 'call', 'online_meeting', 'email', 'whatsapp')
  and (
      (select app.can('v_sales_activities_daily', 'select', 'all'))
      or ((select app.can('v_sales_activities_daily', 'select', 'team')) and a.created_by = any ((select app.team_ids())::uuid[]))
      or ((select app.can('v_sales_activities_daily', 'select', 'own')) and a.created_by = (select app.uid()))
  )
group by a.org_id, d.day, a.created_by, a.activity_type;

comment on view api.v_sales_activities_daily is
    'Completed outbound activities of the five types, by day in the organisation''s time zone, of people whose numbers are the reader''s to know; a completed visit has photo and position by a check of the table. Runs as its owner: a prospect that was handed on hides what was done for it from who did it, and the rest would be no number of a person; kpi.activity_actual says the same (spec: command_center §4, §5.1, decisions §1.4, pitfall P10).';
revoke all on api.v_sales_activities_daily from public;
grant select on api.v_sales_activities_daily to authenticated, analyst;
