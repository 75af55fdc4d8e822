-- How much sales did, by day, person and type.

create view api.v_sales_activities_daily with (security_invoker = true) as
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
group by a.org_id, d.day, a.created_by, a.activity_type;

comment on view api.v_sales_activities_daily is
    'Completed outbound activities of the five types that the reader may see, by day in the organisation''s time zone; a completed visit has photo and position by a check of the table (spec: command_center §4, decisions §1.4).';
revoke all on api.v_sales_activities_daily from public;
grant select on api.v_sales_activities_daily to authenticated, analyst;
