-- Blocks of the dashboard about one's own work: leads and targets.

create or replace function app.dashboard_own(p_block text, p_scope text, p_from date, p_to date) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_all boolean := p_scope = 'all';
    v_limit integer := 50;
    v_ids bigint[];
begin
    if p_block = 'leads' then
        return jsonb_build_object(
            'created', api.kpi_actual('MKT_LEADS_BY_CHANNEL', p_from, p_to, case when not v_all then app.uid() end),
            'by_status', (
                select coalesce(jsonb_agg(to_jsonb(s) - 'org_id' order by s.status), '[]')
                from api.v_leads_pipeline_stats s
            )
        );
    end if;

    -- Which first: numbers are made for those alone.
    v_ids := array(
        select t.target_id
        from api.kpi_targets t
        where t.period_start <= p_to and t.period_end >= p_from
          and (t.assignee_user_id = app.uid() or (v_all and t.assignee_user_id is null))
        order by t.target_id desc
        limit v_limit + 1
    );
    return jsonb_build_object(
        'items', kpi.progress_of(v_ids[:v_limit]),
        'has_more', cardinality(v_ids) > v_limit
    );
end
$$;

comment on function app.dashboard_own(text, text, date, date) is
    'p_block: leads (created in the period by api.kpi_actual, and where those that the caller sees stand now by api.v_leads_pipeline_stats) or targets (the 50 newest rows of api.v_kpi_progress that share a day with the period); p_scope all: the organisation''s, else the caller''s (spec: command_center §1.8).';
revoke all on function app.dashboard_own(text, text, date, date) from public;
grant execute on function app.dashboard_own(text, text, date, date) to authenticated;
