-- Triggers of members.reservations: keys by which records are compared, audit.

create or replace function members.reservations_after_change() returns trigger
language plpgsql
security definer -- keeps members.reservation_keys, which nobody can write
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from members.reservation_keys k
    where tg_op = 'UPDATE' and k.org_id = new.org_id and k.reservation_id = new.reservation_id;

    if tg_op <> 'DELETE' then
        insert into members.reservation_keys (org_id, product_id, key, reservation_id, is_approved)
        select new.org_id, new.product_id, k.key, new.reservation_id, new.status = 'approved'
        from unnest(members.match_keys(array[new.customer_id, new.customer_name])) as k (key);
    end if;

    if (tg_op <> 'INSERT' and old.status = 'approved') or (tg_op <> 'DELETE' and new.status = 'approved') then
        insert into members.reservation_versions as v (org_id, version)
        values (coalesce(new.org_id, old.org_id), 1)
        on conflict on constraint reservation_versions_pkey do update set version = v.version + 1;
    end if;
    return null;
end
$$;

comment on function members.reservations_after_change() is
    'Both names of a live reservation become its keys; raises 23505 reservation_keys_pkey for a customer that is reserved for the product already. A change of approved ones advances members.reservation_versions (spec: member §5.6, BF-9).';
revoke all on function members.reservations_after_change() from public;

create or replace trigger reservations_50_keys
after insert or update or delete on members.reservations
for each row execute function members.reservations_after_change();

create or replace trigger reservations_90_audit_insert
after insert on members.reservations
referencing new table as new_rows
for each statement execute function app.audit_row_change('reservation_id');

create or replace trigger reservations_91_audit_update
after update on members.reservations
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('reservation_id');

create or replace trigger reservations_92_audit_delete
after delete on members.reservations
referencing old table as old_rows
for each statement execute function app.audit_row_change('reservation_id');
