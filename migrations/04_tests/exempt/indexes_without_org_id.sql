-- Indexes of an organisation's tables that do not begin with org_id: the two of decisions §5.5, and one like them.

create view tests.v_indexes_without_org_id with (security_invoker = true) as
select *
from (
    values
        ('app.profiles_user_id_key', 'a request knows the user and not yet the organisation'),
        ('app.outbox_unsent_idx', 'the dispatcher reads all organisations in order of id'),
        ('app.job_queue_due_idx', 'the runner reads all organisations in order of time')
) as exempt (object, reason);

comment on view tests.v_indexes_without_org_id is 'Indexes that need not begin with org_id, and why.';
revoke all on tests.v_indexes_without_org_id from public;
