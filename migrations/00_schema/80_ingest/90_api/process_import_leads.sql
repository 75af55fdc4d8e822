-- Processes the next chunk of a leads file.

create or replace function api.process_import_leads(p_import_id bigint, p_limit integer default 1000) returns jsonb
language plpgsql
security definer -- the matrix says rpc: no role inserts leads, customers or prospects itself (pitfall P32)
-- Everything below is found by key: planning it anew for each call took most of the call.
set plan_cache_mode = force_generic_plan
-- … and at the beginning of a load the statistics are those of an empty table.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import ingest.imports := ingest.take_import(p_import_id);
    v_rules jsonb;
    v_read record;
    v_written record;
begin
    if v_import.module <> 'leads' then
        perform app.fail('PT409', 'import.other_module', 'This import is not one of leads.', v_import.module);
    end if;
    if v_import.status = 'staging' then
        perform app.fail('PT409', 'import.not_staged', 'The file is still being staged.', p_import_id::text);
    end if;
    if v_import.status in ('completed', 'failed') or v_import.undone_at is not null then
        return ingest.import_as_json(v_import.org_id, p_import_id);
    end if;

    -- The leads are the uploader's, whoever sets the work going.
    v_rules := crm.lead_rules(v_import.uploaded_by);
    if v_rules is null then
        perform app.fail('PT409', 'import.uploader_inactive', 'Whoever uploaded this file is no longer active.');
    end if;

    -- Alone with the customers of the organisation: thousands of key locks would exhaust memory (decisions §3).
    perform pg_advisory_xact_lock(hashtextextended('customers|' || v_import.org_id, 0));
    perform set_config('pgcrm.import_id', p_import_id::text, true);
    perform ingest.renew_statistics(
        '{ingest.import_rows,crm.customers,crm.customer_keys,crm.contacts,crm.prospects,crm.leads}'
    );

    select r.drafts, r.outcomes
    into v_read
    from ingest.read_lead_rows(v_import, v_rules, least(greatest(coalesce(p_limit, 1000), 1), 5000)) r;

    select w.outcomes, w.uncounted
    into v_written
    from ingest.write_lead_rows(
        v_import.org_id,
        v_rules || jsonb_build_object('import_id', p_import_id),
        v_read.drafts,
        clock_timestamp() + interval '2 seconds'
    ) w;

    perform ingest.record_rows(v_import.org_id, p_import_id, v_read.outcomes || v_written.outcomes);

    perform crm.report_uncounted_leads(v_import.uploaded_by, v_written.uncounted);
    -- One event for the chunk: whoever listens reads again once, not five thousand times.
    perform app.emit(
        'leads.imported', array[p_import_id::text], array['leads', 'customers', 'prospects'],
        jsonb_build_object('lead_ids', w.lead_ids)
    )
    from (
        select array_agg(o.target_id order by o.row_no) as lead_ids
        from unnest(v_written.outcomes) o
        where o.status = 'success'
    ) w
    where w.lead_ids is not null;
    perform app.emit('imports.progress', array[p_import_id::text], array['imports']);

    return ingest.import_as_json(v_import.org_id, p_import_id);
end
$$;

comment on function api.process_import_leads(bigint, integer) is
    'Takes up to p_limit (1–5000) pending rows and returns the import; call again while its status is processing, calling after the end changes nothing. Raises PT401, PT403, PT404 import.not_found, PT409 import.not_staged, import.other_module, import.uploader_inactive (spec: command_center §3.7, design §7).';
revoke all on function api.process_import_leads(bigint, integer) from public;
grant execute on function api.process_import_leads(bigint, integer) to authenticated;
