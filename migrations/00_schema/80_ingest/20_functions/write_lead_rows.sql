-- Writes a chunk of drafts; if the database refuses it, halves it until the row at fault stands alone.

create or replace function ingest.write_lead_rows(
    p_org_id uuid,
    p_actor jsonb,
    p_drafts crm.lead_draft[],
    p_deadline timestamptz,
    out outcomes ingest.row_outcome[],
    out uncounted text[]
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rows integer := cardinality(p_drafts);
    v_rest record;
    v_code text;
    v_message text;
begin
    outcomes := '{}';
    uncounted := '{}';
    if v_rows = 0 then
        return;
    end if;

    begin
        select
            array_agg(row(w.row_no, 'success', null, w.row_hash, 'crm.leads', w.lead_id)::ingest.row_outcome),
            coalesce(array_agg(w.lead_id) filter (where not w.counts), '{}')
        into outcomes, uncounted
        from crm.write_leads(p_org_id, p_actor, p_drafts) w;
        return;
    exception
        -- The one place where anything is caught: one bad row must not take the file down (design §7).
        when others then
            -- Not the row's fault: deadlock, resources, cancellation, system (design §7).
            if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then
                raise;
            end if;
            if v_rows = 1 then
                get stacked diagnostics v_code = pg_exception_hint, v_message = message_text;
                outcomes := array[
                    row(
                        p_drafts[1].row_no, 'error', ingest.row_problem(sqlstate, v_code, v_message), p_drafts[1].row_hash,
                        null, null
                    )::ingest.row_outcome
                ];
                return;
            end if;
    end;

    select h.outcomes, h.uncounted
    into outcomes, uncounted
    from ingest.write_lead_rows(p_org_id, p_actor, p_drafts[1 : v_rows / 2], p_deadline) h;
    -- Out of time: what is left stays pending for the next call.
    if clock_timestamp() > p_deadline then
        return;
    end if;
    select h.outcomes, h.uncounted
    into v_rest
    from ingest.write_lead_rows(p_org_id, p_actor, p_drafts[v_rows / 2 + 1 :], p_deadline) h;
    outcomes := outcomes || v_rest.outcomes;
    uncounted := uncounted || v_rest.uncounted;
end
$$;

comment on function ingest.write_lead_rows(uuid, jsonb, crm.lead_draft[], timestamptz) is
    'outcomes: success or error of each draft, rows not reached before p_deadline are absent; uncounted: leads on customers that their creator cannot read. Raises only what is not a row''s fault (design §7).';
revoke all on function ingest.write_lead_rows(uuid, jsonb, crm.lead_draft[], timestamptz) from public;
