-- What `pgcrm migrate` itself stands on, and therefore runs first: the owner, its schema app, and Alembic's table in it.
-- (Nothing of ours lies in `public`, where Supabase would publish it.)
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'pgcrm_owner') then
        create role pgcrm_owner nologin noinherit;
    end if;

    -- An administrator who is not a superuser must be able to become the owner. Since version 16 having created a role is not enough.
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
        and not exists (
            select from pg_catalog.pg_auth_members as m
            where m.roleid = 'pgcrm_owner'::pg_catalog.regrole
                and m.member = current_user::pg_catalog.regrole
                -- set_option and inherit_option came with 16
                and coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, true)
                and coalesce((pg_catalog.to_jsonb(m) ->> 'inherit_option')::boolean, true)
        )
    then
        execute pg_catalog.format('grant pgcrm_owner to %I', current_user);
    end if;

    if not exists (select from pg_catalog.pg_namespace where nspname = 'app') then
        create schema app authorization pgcrm_owner;
    elsif (select nspowner <> 'pgcrm_owner'::pg_catalog.regrole from pg_catalog.pg_namespace where nspname = 'app') then
        raise exception 'the schema "app" of this database belongs to something else'
            using hint = 'give pgcrm a database of its own';
    end if;

    if pg_catalog.to_regclass('app.alembic_version') is null then
        create table app.alembic_version (
            version_num varchar(32) not null,
            constraint alembic_version_pkc primary key (version_num)
        );
        alter table app.alembic_version owner to pgcrm_owner;
        alter table app.alembic_version enable row level security;
        comment on table app.alembic_version is 'The revision of migrations/versions this database is at. Written by Alembic alone.';
    end if;
end;
$$;
