-- Whether the caller sees a lead: what policy leads_select says, for definer code.

create or replace function app.may_select_leads(p_org_id uuid, p_lead_id text) returns boolean
language sql
stable
security definer -- answers for the caller about a row that the caller may not be able to read
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select
        from crm.leads l
        where l.org_id = p_org_id
          and l.org_id = app.org_id()
          and l.lead_id = p_lead_id
          and (
              app.can('leads', 'select', 'all')
              or (app.can('leads', 'select', 'team') and l.sales_owner_user_id = any (app.team_ids()))
              or (app.can('leads', 'select', 'team_unowned') and l.sales_owner_user_id is null and l.created_by = any (app.team_ids()))
              or (app.can('leads', 'select', 'own') and l.sales_owner_user_id = app.uid())
              or (app.can('leads', 'select', 'created') and l.created_by = app.uid())
              or (app.can('leads', 'select', 'created_unowned') and l.sales_owner_user_id is null and l.created_by = app.uid())
              or (app.can('leads', 'select', 'pipeline') and (l.sales_owner_user_id is not null or l.sourced_by = 'Sales'))
          )
    )
$$;

comment on function app.may_select_leads(uuid, text) is
    'True when the caller sees this lead; equal to policy leads_select by test (decisions §5.7).';
revoke all on function app.may_select_leads(uuid, text) from public;
grant execute on function app.may_select_leads(uuid, text) to authenticated, analyst;
