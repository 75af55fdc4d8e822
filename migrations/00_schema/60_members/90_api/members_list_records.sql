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
    v_after bigint := coalesce((p_after ->> 'record_id')::bigint, 0);
    -- Said beside the policy, so that whoever sees few records reads few.
    v_reach uuid[] := members.readable_staff();
    v_needle text := lower(nullif(btrim(p_search), ''));
    -- As it stands in the text of a jsonb: what does not have it need not be taken apart.
    v_written text := substr(to_jsonb(v_needle)::text, 2, length(to_jsonb(v_needle)::text) - 2);
    -- A page looks through so many records and no more; the next goes on where it stopped.
    v_stop bigint := 9223372036854775807;
    v_ids bigint[];
    v_items jsonb;
begin
    perform app.require('records', 'select');
    if not exists (select from api.databases d where d.database_id = p_database_id and d.module = p_module) then
        perform app.fail('PT404', 'database.not_found', 'There is no such database.', p_database_id::text);
    end if;
    if v_needle is not null then
        select coalesce(max(s.record_id), v_stop)
        into v_stop
        from (
            select r.record_id
            from members.records r
            where r.org_id = (select app.org_id()) and r.module = p_module and r.database_id = p_database_id
              and (v_reach is null or r.assigned_to = any (v_reach))
              and r.record_id > v_after
            order by r.record_id
            offset 49999
            limit 1
        ) s;
    end if;
    v_ids := array(
        select r.record_id
        from members.records r
        where r.org_id = (select app.org_id()) and r.module = p_module and r.database_id = p_database_id
          and (v_reach is null or r.assigned_to = any (v_reach))
          and r.record_id > v_after and r.record_id <= v_stop
          and (p_status is null or r.status = p_status)
          and (
              v_needle is null
              or (
                  strpos(lower(r.row_data::text), v_written) > 0
                  -- In a value, not in the name of a column or across two values.
                  and exists (select from jsonb_each_text(r.row_data) c where strpos(lower(c.value), v_needle) > 0)
              )
          )
        order by r.record_id
        limit v_limit + 1
    );
    select jsonb_agg(to_jsonb(r) - 'org_id' order by r.record_id)
    into v_items
    from api.records r
    where r.record_id = any (v_ids[:v_limit]);
    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_ids) > v_limit then jsonb_build_object('record_id', v_ids[v_limit])
            when v_stop < 9223372036854775807 then jsonb_build_object('record_id', v_stop)
        end
    );
end
$$;

comment on function api.members_list_records(text, bigint, text, text, integer, jsonb) is
    'p_status: available, requested, assigned, invalid_archived or null for all; p_search: looked for literally, in any case of letters, in every value of a row, through 50,000 records a page: a page may be short, or empty, with a `next`; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.records, next}. Raises PT401, PT403, PT404 database.not_found (spec: member §8; LD-31, LD-33).';
revoke all on function api.members_list_records(text, bigint, text, text, integer, jsonb) from public;
grant execute on function api.members_list_records(text, bigint, text, text, integer, jsonb) to authenticated;
