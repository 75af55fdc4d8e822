-- Registers an uploaded file, or finds the import that it already is.

create or replace function api.ingest_create_import(
    p_module text,
    p_file_name text,
    p_mime_type text,
    p_size_bytes bigint,
    p_sha256 text,
    p_bucket text,
    p_path text,
    p_header text[],
    p_mapping jsonb default null,
    p_options jsonb default '{}',
    p_details jsonb default '{}',
    p_save_mapping boolean default false
) returns jsonb
language plpgsql
security definer -- the matrix says rpc: imports are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import ingest.imports;
    v_import_id bigint;
    v_org_id uuid := app.org_id();
    v_header_key bytea := ingest.header_key(p_header);
    v_request jsonb := jsonb_build_object(
        'module', p_module, 'file_name', p_file_name, 'sha256', p_sha256, 'mapping', p_mapping, 'options', p_options,
        'save_mapping', p_save_mapping
    );
    v_answer jsonb;
    v_options jsonb;
    v_target_key text;
    v_settled jsonb;
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
    if not exists (select from ingest.import_modules m where m.module = p_module and p_mime_type = any (m.mime_types)) then
        perform app.fail(
            'PT415', 'import.type', 'Files of this type cannot be imported for this module.',
            '[{"field": "file", "code": "import.type", "message": "is of a type that this module does not take"}]'
        );
    end if;

    -- Of the file its digest is the request; where this attempt stored it is not.
    v_answer := app.replay('ingest_create_import', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    -- A normal database is called like its file where nobody says otherwise.
    v_options := ingest.check_options(
        p_module,
        case
            when p_module = 'member_records' and p_options ->> 'record_module' = 'normal'
                then jsonb_build_object('name', left(p_file_name, 255)) || p_options
            else p_options
        end
    );
    v_target_key := ingest.target_key_of(p_module, v_options);
    v_settled := ingest.settle_mapping(
        p_module,
        p_header,
        nullif(p_mapping, 'null'),
        (
            select s.mapping
            from ingest.saved_mappings s
            where s.org_id = v_org_id and s.user_id = app.uid() and s.module = p_module and s.header_key = v_header_key
        )
    );

    -- Eight uploads of one file at once: the first registers it, the others find it.
    perform pg_advisory_xact_lock(
        hashtextextended(concat_ws('|', 'import_file', v_org_id, p_module, p_sha256, app.uid(), v_target_key), 0)
    );
    select i.*
    into v_import
    from ingest.imports i
    where i.org_id = v_org_id and i.module = p_module and i.file_sha256 = p_sha256 and i.uploaded_by = app.uid()
      and i.target_key = v_target_key and i.status <> 'failed' and i.undone_at is null;
    if found then
        if nullif(p_mapping, 'null') is not null and jsonb_strip_nulls(v_settled) <> v_import.mapping then
            perform app.fail(
                'PT409', 'import.mapping.differs', 'This file was uploaded before, with another mapping.', v_import.import_id::text
            );
        end if;
        return app.remember(
            'ingest_create_import',
            v_request,
            ingest.import_as_json(v_org_id, v_import.import_id) || jsonb_build_object('duplicate_of', v_import.import_id)
        );
    end if;

    if p_save_mapping then
        insert into ingest.saved_mappings (org_id, user_id, module, header_key, mapping)
        values (v_org_id, app.uid(), p_module, v_header_key, v_settled)
        on conflict on constraint saved_mappings_pkey do update set mapping = excluded.mapping, saved_at = now();
    end if;

    insert into ingest.imports (
        org_id, module, file_name, file_sha256, header, mapping, digit_columns, options, target_key, encoding, delimiter,
        sheet, uploaded_by
    )
    values (
        v_org_id, p_module, p_file_name, p_sha256, p_header, jsonb_strip_nulls(v_settled),
        ingest.digit_columns_of(p_module, p_header, v_settled), v_options, v_target_key,
        p_details ->> 'encoding', p_details ->> 'delimiter', p_details ->> 'sheet', app.uid()
    )
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

comment on function api.ingest_create_import(text, text, text, bigint, text, text, text, text[], jsonb, jsonb, jsonb, boolean) is
    'p_sha256: hex digest of the file; p_bucket, p_path: where it is stored; p_header: the header as in the file; p_mapping: {header: column, "" or null = ignore} or null; p_options: what the module must be told; p_details: {encoding, delimiter, sheet}, how the file was read; p_save_mapping: keep the mapping for the next file with this header. Returns the import with duplicate_of (null, or itself when this person already uploaded the file for this target). Raises PT401, PT403, PT409 import.mapping.differs, PT415 import.type, PT422 import.module.unknown, import.mapping.*, options (spec: command_center §3.7, case 119).';
revoke all on function api.ingest_create_import(text, text, text, bigint, text, text, text, text[], jsonb, jsonb, jsonb, boolean) from public;
grant execute on function api.ingest_create_import(text, text, text, bigint, text, text, text, text[], jsonb, jsonb, jsonb, boolean) to authenticated;
