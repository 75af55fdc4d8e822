-- What came of an upload of member records: its database, and how many of it are reserved.

create or replace function api.members_get_upload(p_import_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import jsonb;
begin
    perform app.require('imports', 'select');
    v_import := ingest.import_as_json(app.org_id(), p_import_id);
    if v_import is null then
        perform app.fail('PT404', 'import.not_found', 'There is no such import.', p_import_id::text);
    end if;
    return (
        select jsonb_build_object(
            'id', d.database_id,
            'name', v_import #> '{options,name}',
            'product_id', v_import #> '{options,product_id}',
            'product_name', p.name,
            'columns', v_import -> 'header',
            'total_records', coalesce(c.total_records, 0),
            -- Those whose customer somebody has reserved: they are never handed out (spec: member §3.6).
            'reserved_count', coalesce(c.excluded_count, 0),
            -- A file without a header makes its first person the names of the columns.
            'warnings', case when coalesce(v_import -> 'mapping', '{}') = '{}' then '["header.unknown"]'::jsonb else '[]' end,
            'import', v_import
        )
        from (select 1) one
        left join api.databases d on d.import_id = p_import_id
        left join api.products p on p.product_id = (v_import #>> '{options,product_id}')::bigint
        left join lateral members.counts_of(array[d.database_id]) c on d.database_id is not null
    );
end
$$;

comment on function api.members_get_upload(bigint) is
    'Returns {id: the database or null when no row became a record, name, product_id, product_name, columns, total_records, reserved_count, warnings: header.unknown when no column is a key, name or phone, import}. Raises PT401, PT403, PT404 import.not_found (spec: member §5.10 upload, §6, case 16).';
revoke all on function api.members_get_upload(bigint) from public;
grant execute on function api.members_get_upload(bigint) to authenticated;
