-- Stamps that no client decides, for tables that nobody in particular authors.

create or replace function app.stamp_row() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.org_id <> old.org_id then
        perform app.fail('PT422', 'org_id.immutable', 'A row never moves to another organisation.');
    end if;
    new.created_at := old.created_at;
    -- An update that changes nothing leaves no trace.
    if new is distinct from old then
        new.updated_at := clock_timestamp();
    end if;
    return new;
end
$$;

comment on function app.stamp_row() is
    'Before-update row trigger: organisation and created_at stay, updated_at advances when something changed (spec: command_center §1.6, case 149).';
revoke all on function app.stamp_row() from public;
