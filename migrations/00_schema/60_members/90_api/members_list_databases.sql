-- Databases of a module, newest first, with how many of their records are in which state.

create or replace function api.members_list_databases(
    p_module text,
    p_product_id bigint default null,
    p_search text default null,
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
    v_after bigint := (p_after ->> 'database_id')::bigint;
    v_ids bigint[];
    v_items jsonb;
begin
    perform app.require('databases', 'select');
    v_ids := array(
        select d.database_id
        from members.databases d
        where d.org_id = (select app.org_id())
          and d.module = p_module
          and d.deleted_at is null
          and (p_product_id is null or d.product_id = p_product_id)
          -- Literally what was typed: a percent sign is a percent sign.
          and (p_search is null or strpos(lower(d.name), lower(p_search)) > 0)
          and (v_after is null or d.database_id < v_after)
        order by d.database_id desc
        limit v_limit + 1
    );

    select
        jsonb_agg(
            (to_jsonb(d) - 'org_id') || (to_jsonb(c) - 'database_id')
            || jsonb_build_object('preview', members.preview_of(p_module, d.database_id))
            order by d.database_id desc
        )
    into v_items
    from api.databases d
    join members.counts_of(v_ids[:v_limit]) c on c.database_id = d.database_id
    where d.database_id = any (v_ids[:v_limit]);

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case when cardinality(v_ids) > v_limit then jsonb_build_object('database_id', v_ids[v_limit]) end
    );
end
$$;

comment on function api.members_list_databases(text, bigint, text, integer, jsonb) is
    'p_search: part of the name, in any case of letters; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.databases with the counts of members.counts_of and a preview, next}. Raises PT401, PT403 (spec: member §5.10 counts, case 17).';
revoke all on function api.members_list_databases(text, bigint, text, integer, jsonb) from public;
grant execute on function api.members_list_databases(text, bigint, text, integer, jsonb) to authenticated;
