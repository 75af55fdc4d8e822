-- Rows with errors, many at a time: what the file of errors is made of.

create or replace function api.ingest_error_rows(p_import_id bigint, p_after bigint default 0, p_limit integer default 1000)
returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import jsonb := api.ingest_get_import(p_import_id);
begin
    return jsonb_build_object(
        'header', v_import -> 'header',
        'file_name', v_import -> 'file_name',
        'items', (
            select coalesce(jsonb_agg(to_jsonb(page) order by page.row_no), '[]')
            from (
                select r.row_no, r.errors, r.row_data
                from ingest.import_rows r
                where r.org_id = (select app.org_id())
                  and r.import_id = p_import_id
                  and r.status = 'error'
                  and r.row_no > coalesce(p_after, 0)
                order by r.row_no
                limit least(greatest(coalesce(p_limit, 1000), 1), 5000)
            ) page
        )
    );
end
$$;

comment on function api.ingest_error_rows(bigint, bigint, integer) is
    'p_after: line of the last row one has; p_limit 1–5000. Returns {header, file_name, items: [{row_no, errors, row_data}]} in the order of the file, no items after the last row. Raises PT404 import.not_found (spec: command_center §3.7).';
revoke all on function api.ingest_error_rows(bigint, bigint, integer) from public;
grant execute on function api.ingest_error_rows(bigint, bigint, integer) to authenticated;
