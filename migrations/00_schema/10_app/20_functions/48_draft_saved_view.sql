-- Reads a saved view, new or changed.

create or replace function app.draft_saved_view(p_input jsonb, p_is_new boolean) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fields constant jsonb := '{
        "view_name": {"kind": "text", "required": true, "maximum": 100},
        "is_default": {"kind": "boolean"}
    }'::jsonb;
    v_module constant jsonb := '{"module": {"kind": "text", "required": true, "maximum": 20}}'::jsonb;
    v_wanted jsonb;
    v_problems jsonb;
begin
    if p_is_new then
        v_wanted := app.read_payload('saved_view', p_input - 'filter_json', v_fields || v_module);
    else
        v_wanted := app.read_changes('saved_view', p_input - 'filter_json', v_fields);
    end if;
    select coalesce(jsonb_agg(jsonb_build_object('field', p.field, 'code', 'saved_view.' || p.code, 'message', p.message)), '[]')
    into v_problems
    from (
        select 'filter_json' as field, 'filter_json.type' as code, 'must be an object' as message
        where p_input ? 'filter_json' and jsonb_typeof(p_input -> 'filter_json') <> 'object'
        union all
        select 'filter_json', 'filter_json.too_long', 'must have at most 10000 characters'
        where length(p_input ->> 'filter_json') > 10000
    ) p;
    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return v_wanted || case
        when p_input ? 'filter_json' then jsonb_build_object('filter_json', p_input -> 'filter_json') else '{}'
    end;
end
$$;

comment on function app.draft_saved_view(jsonb, boolean) is
    'Returns {field: value} of module (of a new one), view_name, filter_json, is_default. Raises PT422 request.invalid; which modules there are the table checks (spec: command_center §2.3).';
revoke all on function app.draft_saved_view(jsonb, boolean) from public;
