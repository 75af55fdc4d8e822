-- Which rows of members.databases are whose: everybody's who has to do with members; deleted ones nobody's (spec: member §8).

create policy databases_select on members.databases
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and deleted_at is null
    and (
        (select app.can('databases', 'select', 'all'))
    )
);
