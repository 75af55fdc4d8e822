-- Where a file's bytes are, for whoever may see the row it belongs to.

create or replace function api.app_get_file(p_file_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_file jsonb;
begin
    -- Invoker: the policy of app.files asks the parent row's policies.
    select jsonb_build_object(
        'file_id', f.file_id,
        'bucket', f.bucket,
        'path', f.path,
        'file_name', f.file_name,
        'mime_type', f.mime_type,
        'size_bytes', f.size_bytes
    )
    into v_file
    from app.files f
    where f.org_id = (select app.org_id()) and f.file_id = p_file_id;

    if v_file is null then
        perform app.fail('PT404', 'file.not_found', 'There is no such file.', p_file_id::text);
    end if;
    return v_file;
end
$$;

comment on function api.app_get_file(bigint) is
    'Returns {file_id, bucket, path, file_name, mime_type, size_bytes}. Raises PT404 file.not_found also for a file of a row the caller cannot see (decisions §5.14).';
revoke all on function api.app_get_file(bigint) from public;
grant execute on function api.app_get_file(bigint) to authenticated;
