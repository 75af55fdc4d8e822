-- Mappings of columns that the caller has saved, latest first.

create or replace function api.ingest_list_mappings(
    p_module text default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
-- A filter that is not given must not be planned for.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_items jsonb;
begin
    perform app.require('saved_mappings', 'select');
    select jsonb_agg(
        jsonb_build_object(
            'mapping_id', encode(m.header_key, 'hex'), 'module', m.module, 'mapping', m.mapping, 'saved_at', m.saved_at
        )
        order by m.saved_at desc, m.header_key desc
    )
    into v_items
    from (
        select s.*
        from ingest.saved_mappings s
        where s.org_id = (select app.org_id())
          and s.user_id = (select app.uid())
          and (p_module is null or s.module = p_module)
          and (
              p_after is null
              or (s.saved_at, s.header_key) < ((p_after ->> 'saved_at')::timestamptz, decode(p_after ->> 'mapping_id', 'hex'))
          )
        order by s.saved_at desc, s.header_key desc
        limit v_limit + 1
    ) m;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_items) > v_limit then jsonb_build_object(
                'saved_at', v_items -> (v_limit - 1) -> 'saved_at', 'mapping_id', v_items -> (v_limit - 1) -> 'mapping_id'
            )
        end
    );
end
$$;

comment on function api.ingest_list_mappings(text, integer, jsonb) is
    'p_module: of these files alone, null = all; p_limit 1–100; p_after: `next` of the page before. Returns {items: [{mapping_id, module, mapping, saved_at}], next}, one''s own. Raises PT401, PT403 (design §7).';
revoke all on function api.ingest_list_mappings(text, integer, jsonb) from public;
grant execute on function api.ingest_list_mappings(text, integer, jsonb) to authenticated;
