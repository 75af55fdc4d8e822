-- The audit trail, for those who may read it.

create view api.audit_logs with (security_barrier = true) as
select
    a.org_id, a.audit_id, a.table_name, a.record_id, a.action, a.changed_by, a.changed_at, a.changed_fields,
    a.before_data, a.after_data, a.import_id, a.request_id, a.ip_address, a.user_agent
from app.audit_logs a
where a.org_id = (select app.org_id())
  and (select app.can('audit_logs', 'select', 'all'));

comment on view api.audit_logs is
    'Audit entries of the reader''s organisation. Runs as its owner because nobody has a right on the table; filters by itself (decisions §5.2).';
revoke all on api.audit_logs from public;
grant select on api.audit_logs to authenticated, analyst;
