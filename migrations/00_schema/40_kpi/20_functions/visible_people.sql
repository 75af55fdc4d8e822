-- Whose rows the caller sees, for lists that look for them by index.

create or replace function kpi.visible_people(p_resource text) returns uuid[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when app.can(p_resource, 'select', 'all') then null
        else case when app.can(p_resource, 'select', 'own') then array[app.uid()] else '{}' end
            || case when app.can(p_resource, 'select', 'team') then app.team_ids() else '{}' end
            || case when app.can(p_resource, 'select', 'marketing') then app.user_ids_of_group('marketing') else '{}' end
    end
$$;

comment on function kpi.visible_people(text) is
    'p_resource: kpi_entries or kpi_evidence. User ids, null for everybody; the policy decides, this makes it fast (design §4).';
revoke all on function kpi.visible_people(text) from public;
grant execute on function kpi.visible_people(text) to authenticated;
