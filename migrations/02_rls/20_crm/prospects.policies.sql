-- Which rows of crm.prospects are whose: spec: command_center §1.7.

create policy prospects_select on crm.prospects
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('prospects', 'select', 'all'))
        or ((select app.can('prospects', 'select', 'team')) and owner_user_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('prospects', 'select', 'own')) and owner_user_id = (select app.uid()))
    )
);
