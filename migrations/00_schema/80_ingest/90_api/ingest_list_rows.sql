-- A page of an import's rows, in the order of the file.

create or replace function api.ingest_list_rows(
    p_import_id bigint,
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
    v_after bigint := coalesce((p_after ->> 'row_no')::bigint, 0);
    v_found jsonb;
begin
    perform app.require('imports', 'select');
    if not exists (select from ingest.imports i where i.org_id = app.org_id() and i.import_id = p_import_id) then
        perform app.fail('PT404', 'import.not_found', 'There is no such import.', p_import_id::text);
    end if;

    select jsonb_agg(to_jsonb(page) order by page.row_no)
    into v_found
    from (
        select r.row_no, r.status, coalesce(r.errors, '[]') as errors, r.row_data, r.target_table, r.target_id
        from ingest.import_rows r
        where r.org_id = (select app.org_id())
          and r.import_id = p_import_id
          and r.row_no > v_after
          and (p_status is null or r.status = p_status)
        order by r.row_no
        limit v_limit + 1
    ) page;

    return jsonb_build_object(
        'items', coalesce(v_found - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_found) > v_limit
                then jsonb_build_object('row_no', v_found -> (v_limit - 1) -> 'row_no')
        end
    );
end
$$;

comment on function api.ingest_list_rows(bigint, text, integer, jsonb) is
    'p_status: pending, success, error, skipped, duplicate or null for all; p_limit 1–100; p_after: `next` of the page before. Returns {items: [{row_no, status, errors, row_data, target_table, target_id}], next}. Raises PT404 import.not_found (spec: command_center §3.7).';
revoke all on function api.ingest_list_rows(bigint, text, integer, jsonb) from public;
grant execute on function api.ingest_list_rows(bigint, text, integer, jsonb) to authenticated;
