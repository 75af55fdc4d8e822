-- Records of a database that the caller sees, in the order of the file.

create or replace function api.members_list_records(
    p_module text,
    p_database_id bigint,
    p_status text default null,
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
    v_needle text := lower(nullif(btrim(p_search), ''));
    v_page record;
    v_items jsonb;
begin
    perform app.require('records', 'select');
    if not exists (select from api.databases d where d.database_id = p_database_id and d.module = p_module) then
        perform app.fail('PT404', 'database.not_found', 'There is no such database.', p_database_id::text);
    end if;
    v_page := members.page_of_database(
        p_database_id, p_status, v_needle, v_limit + 1, coalesce((p_after ->> 'record_id')::bigint, 0)
    );
    select jsonb_agg(to_jsonb(r) - 'org_id' order by r.record_id)
    into v_items
    from api.records r
    where r.record_id = any (v_page.record_ids[:v_limit]);
    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_page.record_ids) > v_limit then jsonb_build_object('record_id', v_page.record_ids[v_limit])
            when v_page.stopped_at is not null then jsonb_build_object('record_id', v_page.stopped_at)
        end
    );
end
$$;

comment on function api.members_list_records(text, bigint, text, text, integer, jsonb) is
    'p_status: available, requested, assigned, invalid_archived or null for all; p_search: looked for literally, in any case of letters, in every value of a row, through 50,000 records a page: a page may be short, or empty, with a `next`; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.records, next}. Raises PT401, PT403, PT404 database.not_found (spec: member §8; LD-31, LD-33).';
revoke all on function api.members_list_records(text, bigint, text, text, integer, jsonb) from public;
grant execute on function api.members_list_records(text, bigint, text, text, integer, jsonb) to authenticated;
