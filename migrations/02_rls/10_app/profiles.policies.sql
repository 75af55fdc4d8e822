-- Which rows of app.profiles are whose: spec: command_center §1.7.

create policy profiles_select on app.profiles
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('profiles', 'select', 'all'))
        or ((select app.can('profiles', 'select', 'marketing')) and user_id = any ((select app.user_ids_of_group('marketing'))::uuid[]))
        or ((select app.can('profiles', 'select', 'team')) and manager_user_id = (select app.uid()))
        or ((select app.can('profiles', 'select', 'own')) and user_id = (select app.uid()))
    )
);

create policy profiles_update on app.profiles
for update to authenticated
using (
    org_id = (select app.org_id())
    and (
        (select app.can('profiles', 'update', 'all'))
        or ((select app.can('profiles', 'update', 'marketing')) and user_id = any ((select app.user_ids_of_group('marketing'))::uuid[]))
        or ((select app.can('profiles', 'update', 'own')) and user_id = (select app.uid()))
    )
);
