-- The database roles: who may connect, who may speak for others, and who owns what.
--
-- pgcrm_owner    owns every object; nobody logs in as it, it is no superuser and does not bypass row security
-- pgcrm_gateway  group: log-ins that may say on whose behalf they act (app.enter)
-- pgcrm_bff      the BFF's log-in. Noinherit: it can do nothing until it has entered and become `authenticated`
-- pgcrm_worker   the log-in of the dispatcher and of jobs: executes its few functions and nothing else
-- analyst        group: people with a log-in of their own, reading the `api` views under row security
-- anon, authenticated, service_role, authenticator   Supabase's names, so that the same SQL runs there
--
-- Roles belong to the cluster, not to the database: whatever exists already is left as it is.

do $$
declare
    v_role record;
begin
    for v_role in
        select wanted.name, wanted.options
        from (values
            ('pgcrm_gateway', 'nologin noinherit'),
            ('pgcrm_bff',     'login noinherit'),
            ('pgcrm_worker',  'login noinherit'),
            ('analyst',       'nologin noinherit'),
            ('anon',          'nologin noinherit'),
            ('authenticated', 'nologin noinherit'),
            ('service_role',  'nologin noinherit'),
            ('authenticator', 'login noinherit')
        ) as wanted (name, options)
        where not exists (select from pg_catalog.pg_roles r where r.rolname = wanted.name)
    loop
        begin
            execute format('create role %I %s', v_role.name, v_role.options);
        exception
            -- Two databases of one cluster may be built at the same moment.
            when duplicate_object or unique_violation then null;
        end;
    end loop;
end
$$;

do $$
declare
    v_grant record;
begin
    for v_grant in
        select wanted.granted, wanted.member
        from (values
            ('pgcrm_gateway', 'pgcrm_bff'),
            ('anon',          'pgcrm_bff'),
            ('authenticated', 'pgcrm_bff'),
            ('anon',          'authenticator'),
            ('authenticated', 'authenticator'),
            ('service_role',  'authenticator')
        ) as wanted (granted, member)
        where not exists (
            select
            from pg_catalog.pg_auth_members m
            join pg_catalog.pg_roles g on g.oid = m.roleid
            join pg_catalog.pg_roles u on u.oid = m.member
            where g.rolname = wanted.granted and u.rolname = wanted.member
        )
    loop
        begin
            execute format('grant %I to %I', v_grant.granted, v_grant.member);
        exception
            when unique_violation then null;
        end;
    end loop;
end
$$;
