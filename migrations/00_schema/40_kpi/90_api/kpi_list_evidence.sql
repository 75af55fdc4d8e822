-- A page of evidence that the caller sees, newest first.

create or replace function api.kpi_list_evidence(p_filters jsonb default '{}', p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := coalesce((p_after ->> 'evidence_id')::bigint, 9223372036854775807);
    v_metric_key text := p_filters ->> 'metric_key';
    v_user uuid := (p_filters ->> 'user_id')::uuid;
    v_target bigint := (p_filters ->> 'target_id')::bigint;
    v_entry bigint := (p_filters ->> 'entry_id')::bigint;
    v_people uuid[];
    v_ids bigint[];
    v_items jsonb;
begin
    perform app.require('kpi_evidence', 'select');
    v_people := kpi.visible_people('kpi_evidence');
    v_ids := array(
        select e.evidence_id
        from kpi.kpi_evidence e
        where e.org_id = app.org_id()
          and e.evidence_id < v_after
          and (v_people is null or e.user_id = any (v_people))
          and (v_metric_key is null or e.metric_key = v_metric_key)
          and (v_user is null or e.user_id = v_user)
          and (v_target is null or e.target_id = v_target)
          and (v_entry is null or e.entry_id = v_entry)
        order by e.evidence_id desc
        limit v_limit + 1
    );
    select jsonb_agg(to_jsonb(e) - 'org_id' order by e.evidence_id desc)
    into v_items
    from api.kpi_evidence e
    where e.evidence_id = any (v_ids[:v_limit]);
    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case when cardinality(v_ids) > v_limit then jsonb_build_object('evidence_id', v_ids[v_limit]) end
    );
end
$$;

comment on function api.kpi_list_evidence(jsonb, integer, jsonb) is
    'p_filters: {metric_key, user_id, target_id, entry_id}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.kpi_evidence, next}. Raises PT401, PT403 (spec: command_center §7, case 103).';
revoke all on function api.kpi_list_evidence(jsonb, integer, jsonb) from public;
grant execute on function api.kpi_list_evidence(jsonb, integer, jsonb) to authenticated;
