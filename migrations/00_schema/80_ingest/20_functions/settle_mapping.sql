-- Which columns of a file are which of ours: as the uploader says, as was saved for such files, or as the names suggest.

create or replace function ingest.settle_mapping(p_module text, p_header text[], p_given jsonb, p_saved jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_faults jsonb;
    v_said jsonb := coalesce(p_given, p_saved, '{}');
begin
    if jsonb_typeof(v_said) <> 'object' then
        perform app.fail(
            'PT422', 'request.invalid', 'The mapping is not valid.',
            '[{"field": "mapping", "code": "import.mapping.type", "message": "must be an object of header to column"}]'
        );
    end if;

    -- What was saved may name a column that is gone by now; then the names decide again.
    if p_given is null then
        select coalesce(jsonb_object_agg(s.key, s.value), '{}')
        into v_said
        from jsonb_each(v_said) s
        where s.value = 'null'
           or exists (
               select from ingest.import_columns c where c.module = p_module and c.column_name = s.value #>> '{}'
           );
    end if;

    select jsonb_agg(
        jsonb_build_object('field', 'mapping.' || left(f.name, 100), 'code', f.code, 'message', f.message) order by f.name, f.code
    )
    into v_faults
    from (
        select g.key as name, 'import.mapping.unknown_header' as code, 'is no column of the file' as message
        from jsonb_each(v_said) g
        where g.key <> all (p_header)
        union all
        select g.key, 'import.mapping.unknown_column', format('the module has no column %s', left(g.value::text, 100))
        from jsonb_each(v_said) g
        where g.value not in ('null', '""')
          and not exists (
              select
              from ingest.import_columns c
              where c.module = p_module and jsonb_typeof(g.value) = 'string' and c.column_name = g.value #>> '{}'
          )
        union all
        select t.key, 'import.mapping.duplicate_column', format('another column of the file is %s already', t.value #>> '{}')
        from (
            select g.key, g.value, count(*) over (partition by g.value) as times
            from jsonb_each(v_said) g
            where g.value not in ('null', '""')
        ) t
        where t.times > 1
    ) f;
    if v_faults is not null then
        perform app.fail('PT422', 'request.invalid', 'The mapping is not valid.', v_faults::text);
    end if;

    return (
        select coalesce(jsonb_object_agg(h.name, coalesce(nullif(v_said ->> h.name, ''), g.value)), '{}')
        from unnest(p_header) as h (name)
        left join jsonb_each_text(
            -- A column that is spoken for is not guessed a second time.
            ingest.guess_mapping(p_module, array(select n from unnest(p_header) n where not v_said ? n))
        ) g on g.key = h.name
            and not exists (select from jsonb_each_text(v_said) s where s.value = g.value)
    );
end
$$;

comment on function ingest.settle_mapping(text, text[], jsonb, jsonb) is
    'p_given, p_saved: {header: column, "" or null = ignore} or null; what they leave out is found by name. Returns every name of the header with its column or null. Raises PT422 with import.mapping.unknown_header, .unknown_column, .duplicate_column, .type for each fault of p_given (design §7).';
revoke all on function ingest.settle_mapping(text, text[], jsonb, jsonb) from public;
