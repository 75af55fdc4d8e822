-- Stamps that no client decides: created_at, created_by, updated_at; and an organisation never changes.

create or replace function app.stamp_row() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' then
        if new.org_id <> old.org_id then
            perform app.fail('PT422', 'org_id.immutable', 'A row never moves to another organisation.');
        end if;
        new.created_at := old.created_at;
        if to_jsonb(old) ? 'created_by' then
            new.created_by := old.created_by;
        end if;
        -- An update that changes nothing leaves no trace.
        if new is distinct from old then
            new.updated_at := clock_timestamp();
            if to_jsonb(old) ? 'version' then
                new.version := old.version + 1;
            end if;
        end if;
    end if;
    return new;
end
$$;

comment on function app.stamp_row() is
    'Before-update row trigger: created_at and created_by stay, updated_at and version advance when something changed (spec: command_center §1.6, case 149).';
revoke all on function app.stamp_row() from public;
