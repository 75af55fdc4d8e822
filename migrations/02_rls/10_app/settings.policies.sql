-- Which rows of app.settings are whose: those of one's organisation (decisions §5.9).

create policy settings_select on app.settings
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('settings', 'select', 'all'))
    )
);
