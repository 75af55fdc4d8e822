-- Leads within the caller's scopes that a word in the search field may mean, by what was typed.

create or replace function crm.search_leads(p_word text, p_customer_ids text[], p_limit integer) returns text[]
language plpgsql
stable
security definer -- under row security no condition but the policy's own can choose an index (design §4)
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_user_id uuid := app.uid();
    v_team_ids uuid[] := app.team_ids();
    v_all boolean := app.can('leads', 'select', 'all');
    v_team boolean := app.can('leads', 'select', 'team');
    v_team_unowned boolean := app.can('leads', 'select', 'team_unowned');
    v_own boolean := app.can('leads', 'select', 'own');
    v_created boolean := app.can('leads', 'select', 'created');
    v_created_unowned boolean := app.can('leads', 'select', 'created_unowned');
    v_pipeline boolean := app.can('leads', 'select', 'pipeline');
    v_calling_code text := crm.calling_code_of(v_org_id);
    v_needles jsonb := (select coalesce(jsonb_agg(to_jsonb(n)), '[]') from crm.search_needles(p_word) n);
begin
    return array(
        -- First whose they are, or the newest of all leads would be looked through for a word that may be in none.
        with mine as materialized (
            select l.lead_id, l.created_at, l.company_name, l.email, l.npwp, l.contact_phone
            from crm.leads l
            where l.org_id = v_org_id
              and (
                  -- Whoever sees nearly all finds leads through their customers, others look through their own.
                  (v_all and l.customer_id = any (p_customer_ids))
                  or (v_pipeline and l.customer_id = any (p_customer_ids) and (l.sales_owner_user_id is not null or l.sourced_by = 'Sales'))
                  or (v_team and l.sales_owner_user_id = any (v_team_ids))
                  or (v_team_unowned and l.sales_owner_user_id is null and l.created_by = any (v_team_ids))
                  or (v_own and l.sales_owner_user_id = v_user_id)
                  or (v_created and l.created_by = v_user_id)
                  or (v_created_unowned and l.sales_owner_user_id is null and l.created_by = v_user_id)
              )
        )
        select m.lead_id
        from mine m
        -- What the lead says, not what its customer is called: that may be hidden (decisions §5.1).
        where exists (
            select
            from jsonb_to_recordset(v_needles) as n (kind text, needle text)
            where strpos(
                case n.kind
                    when 'company' then crm.company_key(m.company_name)
                    when 'email' then lower(m.email)
                    when 'npwp' then regexp_replace(m.npwp, '[^0-9]', '', 'g')
                    else crm.phone_key(m.contact_phone, v_calling_code)
                end,
                n.needle
            ) > 0
        )
        order by m.created_at desc, m.lead_id desc
        limit p_limit
    );
end
$$;

comment on function crm.search_leads(text, text[], integer) is
    'p_customer_ids: crm.search_customers(). Up to p_limit lead_ids, newest first, by company name, e-mail, telephone or NPWP as typed; read them through api.leads, so that the policies have the last word (pitfall P34, case 153).';
revoke all on function crm.search_leads(text, text[], integer) from public;
grant execute on function crm.search_leads(text, text[], integer) to authenticated;
