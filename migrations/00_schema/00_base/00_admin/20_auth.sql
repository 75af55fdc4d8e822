-- Supabase's `auth` schema, only where it is missing: a stand-in for auth.uid() and auth.users elsewhere.

do $$
begin
    if to_regnamespace('auth') is null then
        create schema auth authorization pgcrm_owner;
        comment on schema auth is 'Stand-in for Supabase''s schema of the same name.';
    end if;

    if to_regclass('auth.users') is null then
        create table auth.users (
            id uuid primary key,
            email text,
            created_at timestamptz not null default now()
        );
        alter table auth.users enable row level security;
        alter table auth.users owner to pgcrm_owner;
        comment on table auth.users is 'Stand-in for Supabase''s table; pgcrm keeps people in app.profiles.';
    end if;

    if to_regprocedure('auth.uid()') is null then
        create function auth.uid() returns uuid
        language plpgsql
        stable
        set search_path = pg_catalog, pg_temp
        as $f$
        begin
            return (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')::uuid;
        exception
            -- Malformed claims count as none: nobody can be named by them, and no error can be probed with.
            when invalid_text_representation then return null;
        end
        $f$;
        alter function auth.uid() owner to pgcrm_owner;
        comment on function auth.uid() is
            'The `sub` of the request''s verified claims as PostgREST sets them; null for none or malformed ones. Informative only: rights come from app.uid().';
        revoke all on function auth.uid() from public;
        grant usage on schema auth to authenticated, anon, analyst;
        grant execute on function auth.uid() to authenticated, anon, analyst;
    end if;

    grant usage on schema auth to pgcrm_owner;
    grant execute on function auth.uid() to pgcrm_owner;
end
$$;
