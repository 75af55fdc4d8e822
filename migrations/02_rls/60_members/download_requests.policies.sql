-- Which rows of members.download_requests are whose: spec: member §2, case 11; decisions §1.2.

create policy download_requests_select on members.download_requests
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('download_requests', 'select', 'all'))
        or ((select app.can('download_requests', 'select', 'team')) and staff_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('download_requests', 'select', 'own')) and staff_id = (select app.uid()))
    )
);
