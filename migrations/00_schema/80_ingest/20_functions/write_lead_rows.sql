-- Writes a chunk of drafts; if the database refuses it, halves it until the row at fault stands alone.

create or replace function ingest.write_lead_rows(
    p_org_id uuid,
    p_actor jsonb,
    p_drafts jsonb,
    p_deadline timestamptz
) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rows integer := jsonb_array_length(p_drafts);
    v_results jsonb;
    v_code text;
    v_message text;
begin
    if v_rows = 0 then
        return '[]'::jsonb;
    end if;

    begin
        select jsonb_agg(
            jsonb_build_object(
                'row_no', w.row_no,
                'status', 'success',
                'target_table', 'crm.leads',
                'target_id', w.lead_id,
                'counts', w.counts
            )
        )
        into v_results
        from crm.write_leads(p_org_id, p_actor, p_drafts) w;
        return v_results;
    exception
        -- The one place where anything is caught: one bad row must not take the file down (design §7).
        when others then
            -- Not the row's fault: deadlock, resources, cancellation, system (design §7).
            if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then
                raise;
            end if;
            if v_rows = 1 then
                get stacked diagnostics v_code = pg_exception_hint, v_message = message_text;
                return jsonb_build_array(
                    jsonb_build_object(
                        'row_no', p_drafts -> 0 -> 'row_no',
                        'status', 'error',
                        'errors', ingest.row_problem(sqlstate, v_code, v_message)
                    )
                );
            end if;
    end;

    v_results := ingest.write_lead_rows(
        p_org_id, p_actor, jsonb_path_query_array(p_drafts, '$[0 to $last]', jsonb_build_object('last', v_rows / 2 - 1)), p_deadline
    );
    -- Out of time: what is left stays pending for the next call.
    if clock_timestamp() > p_deadline then
        return v_results;
    end if;
    return v_results || ingest.write_lead_rows(
        p_org_id, p_actor,
        jsonb_path_query_array(p_drafts, '$[$first to last]', jsonb_build_object('first', v_rows / 2)), p_deadline
    );
end
$$;

comment on function ingest.write_lead_rows(uuid, jsonb, jsonb, timestamptz) is
    'Returns [{row_no, status success or error, target_table, target_id, counts, errors}]; rows not reached before p_deadline are absent. Raises only what is not a row''s fault (design §7).';
revoke all on function ingest.write_lead_rows(uuid, jsonb, jsonb, timestamptz) from public;
