-- Audit of records: without what follows from the rest of a record, because records come and go by the ten thousand.

create or replace function members.audit_records() returns trigger
language plpgsql
security definer -- writes app.audit_logs, on which nobody has a privilege
-- As in app.audit_row_change: a transition table is planned as if it held one row.
set enable_nestloop = off
set jit = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_context record;
begin
    if not exists (select from new_rows) then
        return null;
    end if;
    v_context := app.audit_context();

    if tg_op = 'INSERT' then
        insert into app.audit_logs (
            org_id, table_name, record_id, action, changed_by, after_data, import_id, request_id, ip_address, user_agent
        )
        select
            n.org_id, 'members.records', n.record_id::text, 'INSERT', v_context.changed_by,
            jsonb_build_object(
                'org_id', n.org_id, 'record_id', n.record_id, 'module', n.module, 'database_id', n.database_id,
                'row_number', n.row_number, 'row_data', n.row_data, 'status', n.status, 'created_at', n.created_at
            )
            -- A record that comes from a file is with nobody.
            || case when n.assigned_to is null then '{}' else jsonb_strip_nulls(to_jsonb(n) - '{row_data,match_keys,pick_key}'::text[]) end,
            v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
        from new_rows n;
        return null;
    end if;

    -- Records that change together change alike: what changed is put together once, not for each of them.
    insert into app.audit_logs (
        org_id, table_name, record_id, action, changed_by, changed_fields, before_data, after_data,
        import_id, request_id, ip_address, user_agent
    )
    select
        c.org_id, 'members.records', r.record_id::text, 'UPDATE', v_context.changed_by, d.fields, d.before_data, d.after_data,
        v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
    from (
        select n.org_id, s.old_state, s.new_state, array_agg(n.record_id order by n.record_id) as record_ids
        from new_rows n
        join old_rows o on o.org_id = n.org_id and o.record_id = n.record_id
        cross join lateral (
            select
                row(
                    o.status, o.batch_id, o.assigned_to, o.assigned_at, o.assigned_by, o.validation_status,
                    o.validation_reason, o.validated_at, o.archived_at, o.archived_by, o.is_reservation_conflict,
                    o.request_id, o.whatsapp_status, o.whatsapp_status_updated_at, o.respond_status,
                    o.respond_status_updated_at
                )::members.record_state as old_state,
                row(
                    n.status, n.batch_id, n.assigned_to, n.assigned_at, n.assigned_by, n.validation_status,
                    n.validation_reason, n.validated_at, n.archived_at, n.archived_by, n.is_reservation_conflict,
                    n.request_id, n.whatsapp_status, n.whatsapp_status_updated_at, n.respond_status,
                    n.respond_status_updated_at
                )::members.record_state as new_state
        ) s
        group by n.org_id, s.old_state, s.new_state
    ) c
    cross join lateral (
        -- Each image is made once, not once for each of its columns.
        select to_jsonb(c.old_state) as old_image, to_jsonb(c.new_state) as new_image
        offset 0
    ) i
    cross join lateral (
        select
            array_agg(e.key order by e.key) as fields,
            jsonb_object_agg(e.key, i.old_image -> e.key) as before_data,
            jsonb_object_agg(e.key, e.value) as after_data
        from jsonb_each(i.new_image) e
        where e.value is distinct from i.old_image -> e.key
    ) d
    cross join lateral unnest(c.record_ids) as r (record_id)
    where d.fields is not null;
    return null;
end
$$;

comment on function members.audit_records() is
    'Statement trigger with transition tables: writes what app.audit_row_change would of the state of records; on insert without match_keys, pick_key, and key, name and phone, which are parts of row_data (spec: command_center §3.5).';
revoke all on function members.audit_records() from public;

create or replace function members.audit_record_content() returns trigger
language plpgsql
security definer -- writes app.audit_logs, on which nobody has a privilege
set search_path = pg_catalog, pg_temp
as $$
declare
    v_context record := app.audit_context();
    v_before jsonb := to_jsonb(old);
begin
    insert into app.audit_logs (
        org_id, table_name, record_id, action, changed_by, changed_fields, before_data, after_data,
        import_id, request_id, ip_address, user_agent
    )
    select
        new.org_id, 'members.records', new.record_id::text, 'UPDATE', v_context.changed_by, array_agg(e.key order by e.key),
        jsonb_object_agg(e.key, v_before -> e.key), jsonb_object_agg(e.key, e.value),
        v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
    from jsonb_each(to_jsonb(new)) e
    where e.value is distinct from v_before -> e.key
      and e.key = any (tg_argv);
    return null;
end
$$;

comment on function members.audit_record_content() is
    'Row trigger, with the columns that it is about: an entry for what a record says, as members.audit_records writes one for its state. No function of ours changes it (spec: command_center §3.5).';
revoke all on function members.audit_record_content() from public;

create or replace trigger records_90_audit_insert
after insert on members.records
referencing new table as new_rows
for each statement execute function members.audit_records();

create or replace trigger records_91_audit_update
after update on members.records
referencing old table as old_rows new table as new_rows
for each statement execute function members.audit_records();

-- Costs nothing where none of these is written.
create or replace trigger records_91_audit_update_content
after update of module, database_id, row_number, row_data, customer_id, customer_name, phone, created_at on members.records
for each row
when (
    (old.module, old.database_id, old.row_number, old.row_data, old.customer_id, old.customer_name, old.phone, old.created_at)
    is distinct from
    (new.module, new.database_id, new.row_number, new.row_data, new.customer_id, new.customer_name, new.phone, new.created_at)
)
execute function members.audit_record_content(
    'module', 'database_id', 'row_number', 'row_data', 'customer_id', 'customer_name', 'phone', 'created_at'
);

-- members.purge_database writes one entry for a chunk of rows.
create or replace trigger records_92_audit_delete
after delete on members.records
referencing old table as old_rows
for each statement
when (current_setting('pgcrm.bulk_delete', true) is distinct from 'on')
execute function app.audit_row_change('record_id', 'pick_key', 'match_keys');
