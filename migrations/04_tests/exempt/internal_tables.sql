-- Tables that nobody but the owner may touch: no policy and no privilege, each with the reason.

create view tests.v_internal_tables with (security_invoker = true) as
select *
from (
    values
        ('app.clock', 'moved by the owner alone'),
        ('app.alembic_version', 'kept by migrate'),
        ('app.applied_files', 'kept by migrate'),
        ('app.credentials', 'password hashes; reached through app.auth_…'),
        ('app.recovery_codes', 'second factors; reached through app.auth_…'),
        ('app.sessions', 'refresh tokens; reached through app.auth_…'),
        ('app.login_attempts', 'counted by app.auth_begin'),
        ('app.download_tokens', 'each opens an export; reached through app.auth_redeem_download'),
        ('app.signing_keys', 'reached through app.auth_signing_keys'),
        ('app.db_logins', 'decides who a log-in is'),
        ('app.calling_codes', 'read by functions of the owner'),
        ('app.department_templates', 'copied by app.create_organization'),
        ('crm.service_templates', 'copied by app.create_organization'),
        ('app.id_sequences', 'counters can be reset by whoever may write them (pitfall P6)'),
        ('app.idempotency_keys', 'answers of others'),
        ('app.bulk_calls', 'whoever could write it would call as often as they like'),
        ('app.audit_logs', 'read through api.audit_logs, written by triggers (pitfall P6)'),
        ('app.outbox', 'appended by app.emit'),
        ('app.webhook_secrets', 'whoever knows one can sign; the worker gets it with what it is to send'),
        ('app.leases', 'written by functions of the worker'),
        ('app.event_channel', 'whoever knows it hears of all organisations'),
        ('app.jobs', 'read by functions of the worker'),
        ('app.job_runs', 'written by functions of the worker'),
        ('app.job_queue', 'appended by app.enqueue_job'),
        ('ar.collections', 'which tickets collect; written and read by api.ar_create_collection_ticket'),
        ('crm.customer_keys', 'would tell which customers exist'),
        ('crm.lead_counts', 'read through crm.count_leads'),
        ('members.legacy_batches', 'staged; read through api.members_diagnose_batches'),
        ('members.legacy_databases', 'staged; read through api.members_diagnose_batches'),
        ('members.legacy_records', 'staged; read through api.members_diagnose_batches'),
        ('members.legacy_reservations', 'staged; read through pgcrm migrate-legacy'),
        ('members.record_keys', 'an index of members.records, read by functions'),
        ('members.reservation_keys', 'would tell whom others are about to reserve'),
        ('members.reservation_versions', 'counts changes, for members.reserved_in'),
        ('members.record_counts', 'read through members.counts_of'),
        ('members.reserved_counts', 'read through members.counts_of')
) as exempt (object, reason);

comment on view tests.v_internal_tables is 'Tables without any policy and privilege, and why.';
revoke all on tests.v_internal_tables from public;
