-- Functions that run as the owner whoever calls them, each with the reason (design §4, decisions §5.7).

create view tests.v_definer_functions with (security_invoker = true) as
select *
from (
    values
        -- Who is asking, and what they may do
        ('app.enter(uuid,jsonb)', 'reads profiles and roles before anybody is known; gateways only'),
        ('app.uid()', 'reads who the caller is from tables that the caller cannot read'),
        ('app.org_id()', 'reads who the caller is from tables that the caller cannot read'),
        ('app.role_key()', 'reads who the caller is from tables that the caller cannot read'),
        ('app.dept_code()', 'reads who the caller is from tables that the caller cannot read'),
        ('app.team_ids()', 'reads team mates whom the caller''s own policies may hide (pitfall P2)'),
        ('app.can(text,text,text)', 'reads the caller''s permissions'),
        ('app.require(text,text)', 'reads the caller''s permissions'),
        ('app.managed_modules()', 'reads the caller''s permissions'),
        ('app.user_ids_of_group(text)', 'whose rows are seen is known, their profiles need not be'),
        ('crm.find_leads(jsonb,integer,jsonb)', 'chooses indexes that row security would hide; its ids are read under the policies'),
        ('app.may_select_customers(uuid,text)', 'answers about a row that the caller may not be able to read'),
        -- What every rule needs
        ('app.now()', 'app.clock has no grant'),
        ('app.today()', 'reads the organisation''s time zone and the clock'),
        ('app.setting(text)', 'rules need settings whoever is asking'),
        -- Traces of a mutation: tables without any grant
        ('app.replay(text,jsonb)', 'app.idempotency_keys has no grant'),
        ('app.remember(text,jsonb,jsonb)', 'app.idempotency_keys has no grant'),
        ('app.emit(text,text[],text[],jsonb)', 'app.outbox has no grant'),
        ('app.notify(uuid[],text,text,text,text)', 'people are told by others who cannot write their notifications'),
        ('app.audit_row_change()', 'app.audit_logs has no grant'),
        ('app.audit_row_insert()', 'app.audit_logs has no grant'),
        -- Log-in: app.credentials, app.sessions and their kin have no grant; gateways only, before anybody is known
        ('app.auth_begin(text,jsonb)', 'counts an attempt and reads the hash'),
        ('app.auth_recheck(uuid,jsonb)', 'counts an attempt and reads the hash'),
        ('app.auth_succeed(uuid,integer,bytea,bytea,integer,bigint,bytea,text,text,jsonb)', 'opens a session'),
        ('app.auth_fail(uuid,text,jsonb)', 'audits a refusal'),
        ('app.auth_refresh(bytea,bytea,bytea,bytea,jsonb)', 'rotates a refresh token'),
        ('app.auth_logout(bytea,jsonb)', 'ends a session'),
        ('app.auth_logout_all(uuid,uuid,text,uuid,jsonb)', 'ends sessions'),
        ('app.auth_change_password(uuid,uuid,integer,text,bigint,bytea,jsonb)', 'replaces a hash'),
        ('app.auth_totp_enrol(uuid,integer,text,jsonb)', 'keeps the second factor'),
        ('app.auth_totp_confirm(uuid,integer,text,bigint,bytea[],jsonb)', 'keeps the second factor'),
        ('app.auth_totp_disable(uuid,integer,bigint,bytea,jsonb)', 'keeps the second factor'),
        ('app.auth_recovery_codes(uuid,integer,bytea[],bigint,bytea,jsonb)', 'keeps the second factor'),
        ('app.auth_signing_keys(text,bytea)', 'reads and makes the keys of tokens'),
        ('app.set_password(uuid,text,boolean)', 'makes a log-in; nobody may execute it but administrators'),
        -- Events and jobs: tables without any grant; the worker alone
        ('app.take_lease(text,text,integer)', 'app.leases has no grant'),
        ('app.release_lease(text,text)', 'app.leases has no grant'),
        ('app.dispatch_outbox(text,integer)', 'app.outbox has no grant'),
        ('app.begin_job(text)', 'chooses among the jobs of all organisations'),
        ('app.work_job(text,integer)', 'jobs do the owner''s work'),
        ('app.fail_job(text,text)', 'the tables of jobs have no grant'),
        ('app.job_overview()', 'the tables of jobs have no grant'),
        -- Triggers: they keep what the writer of the row has no right to
        ('app.profiles_before_write()', 'draws a number and looks at managers whom the caller may not see'),
        ('app.credentials_follow_profile()', 'whoever may change a profile has no privilege on log-ins'),
        ('app.settings_before_write()', 'reads the definitions and who is asking'),
        ('crm.customers_before_write()', 'draws a number and reads the organisation''s region'),
        ('crm.customers_after_delete()', 'keeps crm.customer_keys, which has no grant'),
        ('crm.customers_after_insert()', 'keeps crm.customer_keys, which has no grant'),
        ('crm.customers_after_update()', 'keeps crm.customer_keys, which has no grant'),
        ('crm.contacts_before_write()', 'reads the organisation''s region'),
        ('crm.contacts_after_insert()', 'keeps crm.customer_keys, which has no grant'),
        ('crm.contacts_after_change()', 'keeps crm.customer_keys, which has no grant'),
        ('crm.prospects_before_write()', 'draws a number'),
        ('crm.prospects_after_change()', 'writes history, and owners of customers on which the caller may have no right'),
        ('crm.leads_before_write()', 'draws a number'),
        ('crm.leads_after_change()', 'writes owners of customers on which the caller may have no right'),
        ('crm.profiles_after_update()', 'writes owners of customers on which the caller may have no right'),
        ('desk.tickets_before_write()', 'draws a number'),
        ('desk.tickets_after_insert()', 'SLA events are written by triggers alone'),
        -- The public surface, where the matrix says rpc
        ('api.app_event_access()', 'reads the caller''s permissions'),
        ('api.app_me()', 'shows the caller''s own role and menus whatever the policies of their tables'),
        ('api.app_set_setting(text,jsonb)', 'settings are inserted by functions alone (decisions §5.8)'),
        ('api.crm_create_lead_bundle(jsonb)', 'the matrix says rpc: nobody inserts leads, customers, prospects, tickets'),
        ('api.ingest_create_import(text,text,text,bigint,text,text,text,text[],jsonb,jsonb,jsonb,boolean)', 'the matrix says rpc'),
        ('api.ingest_stage_rows(bigint,bigint[],text[],text[])', 'the matrix says rpc'),
        ('api.ingest_finish_staging(bigint,bigint)', 'the matrix says rpc'),
        ('api.process_import_leads(bigint,integer)', 'the matrix says rpc'),
        ('api.retry_import(bigint)', 'the matrix says rpc')
) as exempt (object, reason);

comment on view tests.v_definer_functions is 'Functions that are security definer, and why.';
revoke all on tests.v_definer_functions from public;
