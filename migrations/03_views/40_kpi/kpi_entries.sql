-- Entries as people read them.

create view api.kpi_entries with (security_invoker = true) as
select
    e.org_id, e.entry_id, e.metric_key, e.entry_date, e.assignee_user_id, e.value, e.source, e.notes, e.source_import_id,
    e.created_by, e.created_at, e.updated_at
from kpi.kpi_entries e
where e.org_id = (select app.org_id());

comment on view api.kpi_entries is 'Entries that the reader may see (spec: command_center §1.7).';
revoke all on api.kpi_entries from public;
grant select on api.kpi_entries to authenticated, analyst;
