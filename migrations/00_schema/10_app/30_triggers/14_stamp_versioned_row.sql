-- Stamps that no client decides, for tables that are edited by many and therefore count their versions.

create or replace function app.stamp_versioned_row() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.org_id <> old.org_id then
        perform app.fail('PT422', 'org_id.immutable', 'A row never moves to another organisation.');
    end if;
    new.created_at := old.created_at;
    new.created_by := old.created_by;
    -- An update that changes nothing leaves no trace. Generated columns, which the trigger's arguments name, are
    -- not filled in yet here and do not tell.
    if to_jsonb(new) - coalesce(tg_argv[:], '{}') is distinct from to_jsonb(old) - coalesce(tg_argv[:], '{}') then
        new.updated_at := clock_timestamp();
        new.version := old.version + 1;
    end if;
    return new;
end
$$;

comment on function app.stamp_versioned_row() is
    'Before-update row trigger: organisation, created_at and created_by stay, updated_at and version advance when something changed. Arguments: the table''s generated columns (spec: command_center §1.6, case 149).';
revoke all on function app.stamp_versioned_row() from public;
