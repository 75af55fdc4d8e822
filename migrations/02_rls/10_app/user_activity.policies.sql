-- Which rows of app.user_activity are whose: those of people whom one looks after (spec: member §2).

create policy user_activity_select on app.user_activity
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('user_activity', 'select', 'all'))
        or ((select app.can('user_activity', 'select', 'team')) and user_id = any ((select app.team_ids())::uuid[]))
    )
);
