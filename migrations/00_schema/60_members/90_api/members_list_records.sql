-- Records of a database that the caller sees, in the order of the file.

create or replace function api.members_list_records(
    p_module text,
    p_database_id bigint,
    p_status text default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := coalesce((p_after ->> 'record_id')::bigint, 0);
    v_items jsonb;
begin
    perform app.require('records', 'select');
    if not exists (select from api.databases d where d.database_id = p_database_id and d.module = p_module) then
        perform app.fail('PT404', 'database.not_found', 'There is no such database.', p_database_id::text);
    end if;
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.record_id)
    into v_items
    from (
        select r.*
        from api.records r
        where r.module = p_module
          and r.database_id = p_database_id
          and r.record_id > v_after
          and (p_status is null or r.status = p_status)
        order by r.record_id
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_items) > v_limit
                then jsonb_build_object('record_id', v_items -> (v_limit - 1) -> 'record_id')
        end
    );
end
$$;

comment on function api.members_list_records(text, bigint, text, integer, jsonb) is
    'p_status: available, requested, assigned, invalid_archived or null for all; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.records, next}. Raises PT401, PT403, PT404 database.not_found (spec: member §8).';
revoke all on function api.members_list_records(text, bigint, text, integer, jsonb) from public;
grant execute on function api.members_list_records(text, bigint, text, integer, jsonb) to authenticated;
