-- Which rows of desk.calendars are whose: everybody works by them (decisions §4).

create policy calendars_select on desk.calendars
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('calendars', 'select', 'all'))
);
