-- Writes a chunk of rows; if the database refuses it, halves it until the row at fault stands alone.

create or replace function ingest.write_module_rows(
    p_import ingest.imports,
    p_actor jsonb,
    p_rows ingest.module_row[],
    p_deadline timestamptz
) returns ingest.row_outcome[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rows integer := cardinality(p_rows);
    v_first ingest.row_outcome[];
    v_code text;
    v_message text;
begin
    if v_rows = 0 then
        return '{}'::ingest.row_outcome[];
    end if;
    begin
        return ingest.write_rows_of_module(p_import, p_actor, p_rows);
    exception
        -- One bad row must not take the file down (design §7).
        when others then
            -- Not the row's fault: deadlock, resources, cancellation, system (design §7).
            if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then
                raise;
            end if;
            if v_rows = 1 then
                get stacked diagnostics v_code = pg_exception_hint, v_message = message_text;
                return array[
                    row(
                        p_rows[1].row_no, 'error', ingest.row_problem(sqlstate, v_code, v_message), p_rows[1].row_hash, null, null
                    )::ingest.row_outcome
                ];
            end if;
    end;

    v_first := ingest.write_module_rows(p_import, p_actor, p_rows[1 : v_rows / 2], p_deadline);
    -- Out of time: what is left stays pending for the next call.
    if clock_timestamp() > p_deadline then
        return v_first;
    end if;
    return v_first || ingest.write_module_rows(p_import, p_actor, p_rows[v_rows / 2 + 1 :], p_deadline);
end
$$;

comment on function ingest.write_module_rows(ingest.imports, jsonb, ingest.module_row[], timestamptz) is
    'Outcomes of the rows; rows not reached before p_deadline are absent. Raises only what is not a row''s fault (design §7).';
revoke all on function ingest.write_module_rows(ingest.imports, jsonb, ingest.module_row[], timestamptz) from public;
