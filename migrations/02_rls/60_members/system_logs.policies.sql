-- Which rows of members.system_logs are whose: those of one's organisation, for whoever looks after its data.

create policy system_logs_select on members.system_logs
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('system_logs', 'select', 'all'))
    )
);
