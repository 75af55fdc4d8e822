-- The import modules whose imports the caller sees whoever uploaded them: for scope module.

create or replace function app.managed_modules() returns text[]
language sql
stable
security definer -- reads the caller's permissions
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(m[1]), '{}')
    from regexp_matches(app.identity_value('permissions'), ' imports\.([a-z_]+):manage:', 'g') m
$$;

comment on function app.managed_modules() is
    'Modules for which the caller''s role has imports.<module>:manage (spec: command_center §1.7, case 125).';
revoke all on function app.managed_modules() from public;
grant execute on function app.managed_modules() to authenticated, analyst;
