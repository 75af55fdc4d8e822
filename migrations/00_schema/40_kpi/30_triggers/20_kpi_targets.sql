-- Rules, stamps and audit of targets.

create or replace function kpi.kpi_targets_before_write() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_metric kpi.kpi_metric_definitions;
begin
    if tg_op = 'UPDATE' and (new.metric_key, new.assignee_user_id) is distinct from (old.metric_key, old.assignee_user_id) then
        perform app.fail('PT422', 'kpi_target.metric_key.immutable', 'A target keeps its metric and assignee.');
    end if;
    select d.* into v_metric from kpi.kpi_metric_definitions d where d.metric_key = new.metric_key;
    new.metric_group := v_metric.metric_group;
    new.is_finance := v_metric.is_finance;
    if new.target_value = 0 and v_metric.direction = 'HIGHER_BETTER' then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            '[{"field": "target_value", "code": "kpi_target.target_value.range", "message": "must be above 0 where more is better"}]'
        );
    end if;
    return new;
end
$$;

comment on function kpi.kpi_targets_before_write() is
    'Copies group and finance mark from the definition. Raises PT422 kpi_target.target_value.range: 0 is a target only where less is better (spec: command_center §5.3); kpi_target.metric_key.immutable.';
revoke all on function kpi.kpi_targets_before_write() from public;

create or replace trigger kpi_targets_10_rules
before insert or update on kpi.kpi_targets
for each row execute function kpi.kpi_targets_before_write();

create or replace trigger kpi_targets_20_stamp
before update on kpi.kpi_targets
for each row execute function app.stamp_authored_row();

create or replace trigger kpi_targets_90_audit_insert
after insert on kpi.kpi_targets
referencing new table as new_rows
for each statement execute function app.audit_row_change('target_id');

create or replace trigger kpi_targets_91_audit_update
after update on kpi.kpi_targets
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('target_id');

create or replace trigger kpi_targets_92_audit_delete
after delete on kpi.kpi_targets
referencing old table as old_rows
for each statement execute function app.audit_row_change('target_id');
