-- How many of the leads that the caller sees stand where.

create or replace function api.crm_lead_stats() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('leads', 'select');
    return jsonb_build_object(
        'items', (select coalesce(jsonb_agg(to_jsonb(s) - 'org_id' order by s.status), '[]') from api.v_leads_pipeline_stats s)
    );
end
$$;

comment on function api.crm_lead_stats() is
    'Returns {items: rows of api.v_leads_pipeline_stats}; a status without leads is not there. Raises PT401, PT403 permission.denied (spec: command_center §4, §7).';
revoke all on function api.crm_lead_stats() from public;
grant execute on function api.crm_lead_stats() to authenticated;
