-- A page of the audit trail, newest first.

create or replace function api.app_list_audit_logs(p_filters jsonb default '{}', p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
-- Filters that are not given must not be planned for.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_items jsonb;
    v_last bigint;
begin
    perform app.require('audit_logs', 'select');
    select jsonb_agg(to_jsonb(e) - 'org_id' order by e.audit_id desc)
    into v_items
    from (
        select a.*
        from api.audit_logs a
        where a.org_id = (select app.org_id())
          and (p_after is null or a.audit_id < (p_after ->> 'audit_id')::bigint)
          and (p_filters ->> 'table_name' is null or a.table_name = p_filters ->> 'table_name')
          and (p_filters ->> 'action' is null or a.action = p_filters ->> 'action')
          and (p_filters ->> 'record_id' is null or a.record_id = p_filters ->> 'record_id')
          and (p_filters ->> 'changed_by' is null or a.changed_by = (p_filters ->> 'changed_by')::uuid)
          and (p_filters ->> 'import_id' is null or a.import_id = (p_filters ->> 'import_id')::bigint)
          and (p_filters ->> 'changed_from' is null or a.changed_at >= (p_filters ->> 'changed_from')::timestamptz)
          and (p_filters ->> 'changed_to' is null or a.changed_at < (p_filters ->> 'changed_to')::timestamptz)
        order by a.audit_id desc
        limit v_limit + 1
    ) e;
    if jsonb_array_length(v_items) > v_limit then
        v_last := (v_items -> (v_limit - 1) ->> 'audit_id')::bigint;
    end if;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'), 'next', case when v_last is not null then jsonb_build_object('audit_id', v_last) end
    );
end
$$;

comment on function api.app_list_audit_logs(jsonb, integer, jsonb) is
    'p_filters: table_name (with its schema), action, record_id, changed_by, import_id, changed_from and changed_to (moments, the second excluded); p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.audit_logs, next}. Raises PT401, PT403 (spec: command_center §7 EXTRA, case 130).';
revoke all on function api.app_list_audit_logs(jsonb, integer, jsonb) from public;
grant execute on function api.app_list_audit_logs(jsonb, integer, jsonb) to authenticated;
