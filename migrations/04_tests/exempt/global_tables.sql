-- Tables that belong to no organisation, each with the reason (decisions §5.5). Any other table leads with org_id.

create view tests.v_global_tables with (security_invoker = true) as
select *
from (
    values
        ('app.organizations', 'is the list of organisations'),
        ('app.clock', 'one clock for the database'),
        ('app.alembic_version', 'one revision for the database'),
        ('app.applied_files', 'what this database was built from'),
        ('app.credentials', 'log-in knows the e-mail only; it is unique everywhere'),
        ('app.recovery_codes', 'part of app.credentials'),
        ('app.sessions', 'a refresh token tells nothing but itself'),
        ('app.download_tokens', 'a download token tells nothing but itself'),
        ('app.login_attempts', 'counted before anybody is known, also for e-mails that nobody has'),
        ('app.signing_keys', 'sign the tokens of all organisations'),
        ('app.db_logins', 'a Postgres log-in belongs to the cluster'),
        ('app.roles', 'rules that no organisation changes'),
        ('app.scopes', 'rules that no organisation changes'),
        ('app.role_permissions', 'rules that no organisation changes'),
        ('app.menus', 'changed by migrations alone'),
        ('app.role_menus', 'changed by migrations alone'),
        ('app.setting_definitions', 'what can be set; what is set is app.settings'),
        ('app.calling_codes', 'the world''s telephone codes'),
        ('app.leases', 'one dispatcher and one runner of jobs for the database'),
        ('app.event_channel', 'one channel for the database'),
        ('app.jobs', 'changed by migrations alone'),
        ('app.job_runs', 'most jobs run for the database, not for an organisation'),
        ('app.department_templates', 'copied into each organisation'),
        ('crm.service_templates', 'copied into each organisation'),
        ('crm.lead_channels', 'channels decide prefixes of ids, changed by migrations alone'),
        ('crm.lead_transitions', 'rules that no organisation changes'),
        ('crm.prospect_transitions', 'rules that no organisation changes'),
        ('kpi.kpi_metric_definitions', 'what the code can compute, changed by migrations alone'),
        ('desk.ticket_types', 'rules that no organisation changes'),
        ('desk.ticket_statuses', 'rules that no organisation changes'),
        ('desk.ticket_transitions', 'rules that no organisation changes'),
        ('desk.close_reasons', 'rules that no organisation changes'),
        ('ingest.import_modules', 'what the code can import'),
        ('ingest.import_columns', 'what the code can import'),
        ('ingest.column_synonyms', 'what the code can import')
) as exempt (object, reason);

comment on view tests.v_global_tables is 'Tables without an organisation, and why.';
revoke all on tests.v_global_tables from public;
