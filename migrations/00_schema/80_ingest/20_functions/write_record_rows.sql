-- Makes records of the next rows of a file of members; if the database refuses them, halves them until the row at fault
-- stands alone.

create or replace function ingest.write_record_rows(
    p_import ingest.imports,
    p_database members.databases,
    p_first_row bigint,
    p_last_row bigint,
    p_written bigint,
    p_deadline timestamptz
) returns bigint[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_counts bigint[];
    v_middle bigint;
    v_code text;
    v_message text;
begin
    begin
        return ingest.write_records(p_import, p_database, p_first_row, p_last_row, p_written);
    exception
        -- One bad row must not take the file down (design §7).
        when others then
            -- Not the row's fault: deadlock, resources, cancellation, system (design §7).
            if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then
                raise;
            end if;
            if p_first_row = p_last_row then
                get stacked diagnostics v_code = pg_exception_hint, v_message = message_text;
                update ingest.import_rows r
                set status = 'error', errors = ingest.row_problem(sqlstate, v_code, v_message), processed_at = clock_timestamp()
                where r.org_id = (p_import).org_id and r.import_id = (p_import).import_id and r.row_no = p_first_row
                  and r.status = 'pending';
                return array[0, 1, 0, 0];
            end if;
    end;

    v_middle := p_first_row + (p_last_row - p_first_row) / 2;
    v_counts := ingest.write_record_rows(p_import, p_database, p_first_row, v_middle, p_written, p_deadline);
    -- Out of time: what is left stays pending for the next call.
    if clock_timestamp() > p_deadline then
        return v_counts;
    end if;
    return array(
        select s.first_half + s.second_half
        from unnest(
            v_counts,
            ingest.write_record_rows(p_import, p_database, v_middle + 1, p_last_row, p_written + v_counts[1], p_deadline)
        ) with ordinality as s (first_half, second_half, position)
        order by s.position
    );
end
$$;

comment on function ingest.write_record_rows(ingest.imports, members.databases, bigint, bigint, bigint, timestamptz) is
    'p_first_row, p_last_row: lines of the file; p_written: records made of earlier rows. Returns {success, error, skipped, duplicate} counts; rows not reached before p_deadline stay pending. Raises only what is not a row''s fault (design §7).';
revoke all on function ingest.write_record_rows(ingest.imports, members.databases, bigint, bigint, bigint, timestamptz) from public;
