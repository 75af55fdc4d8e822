-- Working hours.

create view api.calendars with (security_invoker = true) as
select k.org_id, k.calendar_id, k.name, k.hours, k.created_at, k.updated_at
from desk.calendars k
where k.org_id = (select app.org_id());

comment on view api.calendars is 'Working hours of the reader''s organisation (decisions §4).';
revoke all on api.calendars from public;
grant select on api.calendars to authenticated, analyst;
