-- Registers an uploaded file, or finds the import that it already is.

create or replace function api.ingest_create_import(
    p_module text,
    p_file_name text,
    p_mime_type text,
    p_size_bytes bigint,
    p_sha256 text,
    p_bucket text,
    p_path text,
    p_header text[]
) returns jsonb
language plpgsql
security definer -- the matrix says rpc: imports are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import_id bigint;
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('module', p_module, 'file_name', p_file_name, 'sha256', p_sha256);
    v_answer jsonb;
begin
    if app.uid() is null then
        perform app.fail('PT401', 'auth.required', 'Nobody is logged in.');
    end if;
    if not exists (select from ingest.import_modules m where m.module = p_module) then
        perform app.fail(
            'PT422', 'request.invalid', 'There is no such module.',
            '[{"field": "module", "code": "import.module.unknown", "message": "is no module that can be imported"}]'
        );
    end if;
    perform app.require('imports.' || p_module, 'insert');

    -- Of the file its digest is the request; where this attempt stored it is not.
    v_answer := app.replay('ingest_create_import', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    -- Eight uploads of one file at once: the first registers it, the others find it.
    perform pg_advisory_xact_lock(
        hashtextextended(concat_ws('|', 'import_file', v_org_id, p_module, p_sha256, app.uid()), 0)
    );
    select i.import_id
    into v_import_id
    from ingest.imports i
    where i.org_id = v_org_id and i.module = p_module and i.file_sha256 = p_sha256 and i.uploaded_by = app.uid()
      and i.status <> 'failed' and i.undone_at is null;
    if found then
        return app.remember(
            'ingest_create_import',
            v_request,
            ingest.import_as_json(v_org_id, v_import_id) || jsonb_build_object('duplicate_of', v_import_id)
        );
    end if;

    insert into ingest.imports (org_id, module, file_name, file_sha256, header, mapping, uploaded_by)
    select
        v_org_id, p_module, p_file_name, p_sha256, p_header,
        coalesce(jsonb_object_agg(known.name, known.column_name), '{}'),
        app.uid()
    from (
        -- "Company Name", "company-name" and "company_name" are one column; the first of them is taken.
        select distinct on (c.column_name) h.name, c.column_name
        from unnest(p_header) with ordinality as h (name, position)
        join ingest.import_columns c
            on c.module = p_module
            and c.column_name = regexp_replace(lower(btrim(h.name)), '[^a-z0-9]+', '_', 'g')
        order by c.column_name, h.position
    ) known
    returning import_id into v_import_id;

    insert into app.files (org_id, bucket, path, file_name, mime_type, size_bytes, sha256, import_id, created_by)
    values (v_org_id, p_bucket, p_path, p_file_name, p_mime_type, p_size_bytes, p_sha256, v_import_id, app.uid());

    return app.remember(
        'ingest_create_import',
        v_request,
        ingest.import_as_json(v_org_id, v_import_id) || jsonb_build_object('duplicate_of', null)
    );
end
$$;

comment on function api.ingest_create_import(text, text, text, bigint, text, text, text, text[]) is
    'p_sha256: hex digest of the file; p_bucket, p_path: where it is stored; p_header: the header as in the file. Returns the import with duplicate_of (null, or itself when this person already uploaded the file). Raises PT401, PT403, PT422 import.module.unknown (spec: command_center §3.7, case 119).';
revoke all on function api.ingest_create_import(text, text, text, bigint, text, text, text, text[]) from public;
grant execute on function api.ingest_create_import(text, text, text, bigint, text, text, text, text[]) to authenticated;
