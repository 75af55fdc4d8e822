-- Whether the caller may say what somebody has reached: entries and evidence alike.

create or replace function app.may_insert_kpi_entries(p_resource text, p_assignee uuid) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        app.can(p_resource, 'insert', 'all')
        or (app.can(p_resource, 'insert', 'own') and p_assignee = app.uid())
        or (app.can(p_resource, 'insert', 'team') and p_assignee = any (app.team_ids()))
        or (app.can(p_resource, 'insert', 'marketing') and p_assignee = any (app.user_ids_of_group('marketing'))),
        false
    )
$$;

comment on function app.may_insert_kpi_entries(text, uuid) is
    'p_resource: kpi_entries or kpi_evidence; p_assignee: whose achievement it is. For oneself, or for one''s people (spec: command_center §1.7, case 90).';
revoke all on function app.may_insert_kpi_entries(text, uuid) from public;
grant execute on function app.may_insert_kpi_entries(text, uuid) to authenticated;
