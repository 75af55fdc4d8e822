-- Rules, stamps and audit of entries.

create or replace function kpi.kpi_entries_before_write() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' and (new.metric_key, new.assignee_user_id, new.source) is distinct from (old.metric_key, old.assignee_user_id, old.source) then
        perform app.fail('PT422', 'kpi_entry.metric_key.immutable', 'An entry keeps its metric, assignee and source.');
    end if;
    if exists (select from kpi.kpi_metric_definitions d where d.metric_key = new.metric_key and d.calc_method = 'AUTO') then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            '[{"field": "metric_key", "code": "kpi_entry.metric_key.auto", "message": "is computed and cannot be entered"}]'
        );
    end if;
    return new;
end
$$;

comment on function kpi.kpi_entries_before_write() is
    'Raises PT422 kpi_entry.metric_key.auto: what is computed is never typed (spec: command_center §5.3, pitfall P28); kpi_entry.metric_key.immutable.';
revoke all on function kpi.kpi_entries_before_write() from public;

create or replace trigger kpi_entries_10_rules
before insert or update on kpi.kpi_entries
for each row execute function kpi.kpi_entries_before_write();

create or replace trigger kpi_entries_20_stamp
before update on kpi.kpi_entries
for each row execute function app.stamp_authored_row();

create or replace trigger kpi_entries_90_audit_insert
after insert on kpi.kpi_entries
referencing new table as new_rows
for each statement execute function app.audit_row_change('entry_id');

create or replace trigger kpi_entries_91_audit_update
after update on kpi.kpi_entries
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('entry_id');

create or replace trigger kpi_entries_92_audit_delete
after delete on kpi.kpi_entries
referencing old table as old_rows
for each statement execute function app.audit_row_change('entry_id');
