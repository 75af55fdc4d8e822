-- Processes the next chunk of a file of any module but leads and member records.

create or replace function ingest.process_module(p_import ingest.imports, p_module text, p_limit integer) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import_id bigint := (p_import).import_id;
    v_actor jsonb;
    v_read record;
    v_written ingest.row_outcome[];
begin
    if (p_import).module <> p_module then
        perform app.fail('PT409', 'import.other_module', format('This import is not one of %s.', p_module), (p_import).module);
    end if;
    if (p_import).status = 'staging' then
        perform app.fail('PT409', 'import.not_staged', 'The file is still being staged.', v_import_id::text);
    end if;
    if (p_import).status in ('completed', 'failed') or (p_import).undone_at is not null then
        return ingest.import_as_json((p_import).org_id, v_import_id);
    end if;
    -- The rows are the uploader's, whoever sets the work going.
    v_actor := crm.lead_rules((p_import).uploaded_by);
    if v_actor is null then
        perform app.fail('PT409', 'import.uploader_inactive', 'Whoever uploaded this file is no longer active.');
    end if;
    v_actor := v_actor || jsonb_build_object('import_id', v_import_id);

    -- Alone with what is written, in the order in which single operations take these locks (design §3).
    if p_module in ('customers', 'contacts') then
        perform pg_advisory_xact_lock(hashtextextended('customers|' || (p_import).org_id, 0));
    elsif p_module in ('invoices', 'payments') then
        perform ar.lock_invoices((p_import).org_id, true);
    else
        -- Two files with the same entries, in another order.
        perform pg_advisory_xact_lock(hashtextextended('kpi|' || (p_import).org_id, 0));
    end if;
    perform set_config('pgcrm.import_id', v_import_id::text, true);
    perform ingest.renew_statistics(
        '{ingest.import_rows,crm.customers,crm.customer_keys,crm.contacts,crm.prospects,ar.invoices,ar.payments}'
    );

    select r.* into v_read from ingest.read_module_rows(p_import, least(greatest(coalesce(p_limit, 1000), 1), 5000)) r;
    v_written := ingest.write_module_rows(p_import, v_actor, v_read.rows, clock_timestamp() + interval '2 seconds');
    perform ingest.record_rows((p_import).org_id, v_import_id, v_read.outcomes || v_written);

    perform app.emit(
        p_module || '.imported',
        array[v_import_id::text],
        case p_module
            when 'payments' then array['payments', 'invoices']
            when 'marketing_spend' then array['marketing_spend', 'kpi_targets']
            when 'marketing_activities' then array['marketing_activity_events']
            when 'kpi_entries' then array['kpi_entries', 'kpi_targets']
            else array[p_module]
        end
    );
    perform app.emit('imports.progress', array[v_import_id::text], array['imports']);
    return ingest.import_as_json((p_import).org_id, v_import_id);
end
$$;

comment on function ingest.process_module(ingest.imports, text, integer) is
    'What api.process_import_<p_module> does with an import that ingest.take_import has locked: up to p_limit (1–5000) pending rows. Returns the import. Raises PT409 import.not_staged, import.other_module, import.uploader_inactive (spec: command_center §3.7, design §7).';
revoke all on function ingest.process_module(ingest.imports, text, integer) from public;
