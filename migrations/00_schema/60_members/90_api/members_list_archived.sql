-- Archived records, grouped by database.

create or replace function api.members_list_archived(
    p_module text,
    p_database_id bigint default null,
    p_limit integer default 50,
    p_after jsonb default null,
    p_product_id bigint default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := (p_after ->> 'record_id')::bigint;
    v_found jsonb;
begin
    perform app.require('records', 'assign');
    perform members.check_module(p_module);
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.record_id desc)
    into v_found
    from (
        select r.*
        from api.records r
        where r.module = p_module
          and r.status = 'invalid_archived'
          and (p_database_id is null or r.database_id = p_database_id)
          and (p_product_id is null or r.product_id = p_product_id)
          and (v_after is null or r.record_id < v_after)
        order by r.record_id desc
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_found - v_limit, '[]'),
        'databases', (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object('database_id', g.database_id, 'database_name', g.database_name, 'archived_count', g.archived)
                    order by g.database_id
                ),
                '[]'
            )
            from (
                select r.database_id, r.database_name, count(*) as archived
                from api.records r
                where r.module = p_module and r.status = 'invalid_archived' and (p_product_id is null or r.product_id = p_product_id)
                group by r.database_id, r.database_name
            ) g
        ),
        'next', case
            when jsonb_array_length(v_found) > v_limit
                then jsonb_build_object('record_id', v_found -> (v_limit - 1) -> 'record_id')
        end
    );
end
$$;

comment on function api.members_list_archived(text, bigint, integer, jsonb, bigint) is
    'p_database_id, p_product_id: null = all. Newest first. Returns {items: rows of api.records, databases: [{database_id, database_name, archived_count}], next}. Raises PT401, PT403, PT422 (spec: member §5.10).';
revoke all on function api.members_list_archived(text, bigint, integer, jsonb, bigint) from public;
grant execute on function api.members_list_archived(text, bigint, integer, jsonb, bigint) to authenticated;
