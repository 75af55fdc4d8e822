-- The audit trail of every core table, written per statement from transition tables.

create or replace function app.audit_row_insert() returns trigger
language plpgsql
security definer -- writes app.audit_logs, on which nobody has a privilege
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text := tg_argv[0];
    v_table text := tg_table_schema || '.' || tg_table_name;
    v_context record;
begin
    -- A statement that touched no row fires all the same.
    if not exists (select from new_rows) then
        return null;
    end if;
    v_context := app.audit_context();

    insert into app.audit_logs (
        org_id, table_name, record_id, action, changed_by, after_data, import_id, request_id, ip_address, user_agent
    )
    select
        n.org_id, v_table, n.image ->> v_key, 'INSERT', v_context.changed_by, n.image,
        v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
    from (
        select t.org_id, jsonb_strip_nulls(to_jsonb(t)) as image
        from new_rows t
        -- The image is made once, not once for each use of it.
        offset 0
    ) n;
    return null;
end
$$;

comment on function app.audit_row_insert() is
    'What app.audit_row_change does on insert, without the settings that only updates need: for tables that are filled in bulk. Argument: key column (spec: command_center §3.5).';
revoke all on function app.audit_row_insert() from public;

create or replace function app.audit_row_change() returns trigger
language plpgsql
security definer -- writes app.audit_logs, on which nobody has a privilege
-- Transition tables are planned as if they held one row: a bulk update would compare every row with every other.
set enable_nestloop = off
-- … and without nested loops its cost looks so high that it would be compiled each time, for most of a second.
set jit = off
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Arguments of the trigger: the key column, then columns whose change alone is not worth an entry because
    -- something audited implies it.
    v_key text := tg_argv[0];
    v_derived text[] := array['updated_at', 'version'] || tg_argv[1:];
    v_table text := tg_table_schema || '.' || tg_table_name;
    v_context record;
begin
    -- A statement that touched no row fires all the same.
    if tg_op = 'DELETE' then
        if not exists (select from old_rows) then
            return null;
        end if;
    elsif not exists (select from new_rows) then
        return null;
    end if;
    v_context := app.audit_context();

    if tg_op = 'INSERT' then
        insert into app.audit_logs (
            org_id, table_name, record_id, action, changed_by, after_data, import_id, request_id, ip_address, user_agent
        )
        select
            n.org_id, v_table, n.image ->> v_key, tg_op, v_context.changed_by, n.image,
            v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
        from (select t.org_id, jsonb_strip_nulls(to_jsonb(t)) as image from new_rows t offset 0) n;

    elsif tg_op = 'DELETE' then
        insert into app.audit_logs (
            org_id, table_name, record_id, action, changed_by, before_data, import_id, request_id, ip_address, user_agent
        )
        select
            o.org_id, v_table, o.image ->> v_key, tg_op, v_context.changed_by, o.image,
            v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
        from (select t.org_id, jsonb_strip_nulls(to_jsonb(t)) as image from old_rows t offset 0) o;

    else
        insert into app.audit_logs (
            org_id, table_name, record_id, action, changed_by, changed_fields, before_data, after_data,
            import_id, request_id, ip_address, user_agent
        )
        select
            n.org_id, v_table, n.image ->> v_key, tg_op, v_context.changed_by, d.fields, d.before_data, d.after_data,
            v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
        from (select t.org_id, to_jsonb(t) as image from new_rows t offset 0) n
        join (select t.org_id, to_jsonb(t) as image from old_rows t offset 0) o
            on o.org_id = n.org_id and o.image ->> v_key = n.image ->> v_key
        cross join lateral (
            select
                array_agg(c.key order by c.key) as fields,
                jsonb_object_agg(c.key, o.image -> c.key) as before_data,
                jsonb_object_agg(c.key, c.value) as after_data
            from jsonb_each(n.image) c
            where c.value is distinct from o.image -> c.key
              and c.key <> all (v_derived)
        ) d
        -- Nothing but derived columns changed: no entry (spec: command_center §3.5, case 129).
        where d.fields is not null;
    end if;
    return null;
end
$$;

comment on function app.audit_row_change() is
    'Statement trigger with transition tables new_rows / old_rows. Arguments: key column, then derived columns to ignore. changed_by is null for the system (spec: command_center §3.5).';
revoke all on function app.audit_row_change() from public;
