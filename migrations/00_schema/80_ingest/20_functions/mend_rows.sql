-- Puts new text into cells of rows that have errors, so that a retry can take them up.

create or replace function ingest.mend_rows(p_org_id uuid, p_import_id bigint, p_header text[], p_rows jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_faults jsonb;
begin
    if jsonb_typeof(p_rows) <> 'object' then
        perform app.fail(
            'PT422', 'request.invalid', 'The rows are not valid.',
            '[{"field": "rows", "code": "request.not_an_object", "message": "must be an object of line to cells"}]'
        );
    end if;

    select jsonb_agg(
        jsonb_build_object('field', 'rows.' || left(f.place, 150), 'code', f.code, 'message', f.message) order by f.place, f.code
    )
    into v_faults
    from (
        select g.key as place, 'import.row.not_an_error' as code, 'is no row of this import that has an error' as message
        from jsonb_each(p_rows) g
        left join ingest.import_rows r
            on r.org_id = p_org_id and r.import_id = p_import_id and r.status = 'error'
            and r.row_no = case when g.key ~ '^[1-9][0-9]{0,17}$' then g.key::bigint end
        where r.row_no is null
        union all
        select g.key, 'request.not_an_object', 'must be an object of column to text'
        from jsonb_each(p_rows) g
        where jsonb_typeof(g.value) <> 'object' or g.value = '{}'
        union all
        select g.key || '.' || c.key, 'import.row.unknown_column', 'is no column of the file'
        from jsonb_each(p_rows) g
        cross join lateral jsonb_each(case when jsonb_typeof(g.value) = 'object' then g.value else '{}' end) c
        where c.key <> all (p_header)
        union all
        select g.key || '.' || c.key, 'request.string_type', 'must be a text'
        from jsonb_each(p_rows) g
        cross join lateral jsonb_each(case when jsonb_typeof(g.value) = 'object' then g.value else '{}' end) c
        where jsonb_typeof(c.value) <> 'string'
    ) f;
    if v_faults is not null then
        perform app.fail('PT422', 'request.invalid', 'The rows are not valid.', v_faults::text);
    end if;

    with mended as (
        select
            r.row_no, r.row_data as before_data, r.is_unreadable,
            (r.row_data - '_extra' - '_raw') || g.value as after_data,
            g.value as patch, r.errors
        from jsonb_each(p_rows) g
        join ingest.import_rows r on r.org_id = p_org_id and r.import_id = p_import_id and r.row_no = g.key::bigint
    ),
    written as (
        update ingest.import_rows r
        set row_data = m.after_data,
            -- A faulty cell is mended by a new one, a row of too many or too few cells when each column has one.
            is_unreadable = m.is_unreadable and not (
                m.after_data ?& p_header
                and not exists (
                    select
                    from jsonb_array_elements(m.errors) e
                    where e ->> 'field' is not null and not m.patch ? (e ->> 'field')
                )
            )
        from mended m
        where r.org_id = p_org_id and r.import_id = p_import_id and r.row_no = m.row_no
        returning r.row_no, m.before_data, m.after_data, m.patch
    )
    insert into app.audit_logs (
        org_id, table_name, record_id, action, changed_by, changed_fields, before_data, after_data, import_id, request_id,
        ip_address, user_agent
    )
    select
        p_org_id, 'ingest.import_rows', p_import_id || '/' || w.row_no, 'UPDATE', app.uid(), array['row_data'],
        jsonb_build_object('row_data', w.before_data), jsonb_build_object('row_data', w.after_data), p_import_id,
        app.request_context('request_id'), app.request_address(), app.request_context('user_agent')
    from written w;
end
$$;

comment on function ingest.mend_rows(uuid, bigint, text[], jsonb) is
    'p_header: columns of the file; p_rows: {line: {column: new text}}. Audited with the cells before and after. Raises PT422 naming each line that has no error (import.row.not_an_error) and each unknown column (import.row.unknown_column) (spec: command_center §3.7, case 118).';
revoke all on function ingest.mend_rows(uuid, bigint, text[], jsonb) from public;
