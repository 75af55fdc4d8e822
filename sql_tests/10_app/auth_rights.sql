-- Nobody reaches log-ins: no privilege on the tables for anybody, and the functions answer gateways alone.

begin;
select plan(8);

select is_empty(
    $$
        select t.name, r.rolname, p.privilege
        from unnest(array['credentials', 'recovery_codes', 'sessions', 'signing_keys', 'login_attempts', 'download_tokens']) as t (name)
        cross join pg_roles r
        cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as p (privilege)
        where r.rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'analyst', 'pgcrm_gateway', 'pgcrm_bff', 'pgcrm_worker')
            and has_table_privilege(r.oid, 'app.' || t.name, p.privilege)
    $$,
    'no role has any privilege on any table of log-in'
);
select is_empty(
    $$
        select c.relname from pg_class c
        where c.oid in ('app.credentials'::regclass, 'app.recovery_codes'::regclass, 'app.sessions'::regclass,
                        'app.signing_keys'::regclass, 'app.login_attempts'::regclass,
                        'app.download_tokens'::regclass)
            and (not c.relrowsecurity or exists (select from pg_policy p where p.polrelid = c.oid))
    $$,
    'and each has row security without a policy'
);
select is_empty(
    $$
        select p.oid::regprocedure, r.rolname
        from pg_proc p cross join pg_roles r
        where p.pronamespace = 'app'::regnamespace
            and (p.proname like 'auth\_%' or p.proname in ('set_password', 'credentials_follow_profile'))
            and r.rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'analyst', 'pgcrm_worker')
            and has_function_privilege(r.oid, p.oid, 'execute')
    $$,
    'people, analysts, PostgREST and the worker execute no function of log-in'
);
select results_eq(
    $$
        select p.proname::text collate "default"
        from pg_proc p
        where p.pronamespace = 'app'::regnamespace
            and (p.proname like 'auth\_%' or p.proname in ('set_password', 'credentials_follow_profile'))
            and has_function_privilege('pgcrm_bff', p.oid, 'execute')
        order by 1
    $$,
    array[
        'auth_begin', 'auth_change_password', 'auth_fail', 'auth_logout', 'auth_logout_all', 'auth_recheck',
        'auth_recovery_codes', 'auth_redeem_download', 'auth_refresh', 'auth_signing_keys', 'auth_succeed',
        'auth_totp_confirm', 'auth_totp_disable', 'auth_totp_enrol'
    ],
    'the BFF executes these and no others; above all not set_password'
);
select is_empty(
    $$
        select p.oid::regprocedure from pg_proc p
        where p.pronamespace = 'app'::regnamespace and p.proname like 'auth\_%'
            and has_function_privilege('pgcrm_gateway', p.oid, 'execute') is distinct from p.prosecdef
    $$,
    'gateways execute exactly the definer functions; helpers stay internal'
);
select throws_ok(
    $$ set local role authenticated; select app.auth_begin('admin@crm.com') $$, '42501', null,
    'whoever has become `authenticated` cannot ask for a hash'
);
select throws_ok($$ set local role authenticated; select from app.credentials $$, '42501', null, 'or read one');
select throws_ok($$ set local role authenticated; select app.auth_signing_keys() $$, '42501', null, 'or have the signing keys');

select * from finish();
rollback;
