-- How much sales did, by day, person and type.

create view api.v_sales_activities_daily with (security_invoker = true) as
select
    a.org_id,
    (a.completed_at at time zone (select app.setting('time_zone') #>> '{}'))::date as day,
    a.created_by as user_id,
    a.activity_type,
    count(*) as activity_count
from crm.activities a
where a.org_id = (select app.org_id())
  and a.completed_at is not null
  and a.direction = 'outbound'
  and a.activity_type in ('visit', 'call', 'online_meeting', 'email', 'whatsapp')
group by 1, 2, 3, 4;

comment on view api.v_sales_activities_daily is
    'Completed outbound activities of the five types that the reader may see, by day in the organisation''s time zone; a completed visit has photo and position by a check of the table (spec: command_center §4, decisions §1.4).';
revoke all on api.v_sales_activities_daily from public;
grant select on api.v_sales_activities_daily to authenticated, analyst;
