-- Who is deleted owns no customer any more.

create or replace function members.profiles_end_reservations() returns trigger
language plpgsql
security definer -- ends reservations, on which whoever manages people may have no right
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[];
begin
    perform members.lock_reservations(new.org_id, true);
    v_ids := array(
        select r.reservation_id
        from members.reservations r
        where r.org_id = new.org_id and r.staff_id = new.user_id
        order by r.reservation_id
        for update
    );
    if cardinality(v_ids) > 0 then
        perform members.end_reservations(new.org_id, v_ids, 'admin_manual_delete', app.uid());
        perform app.emit_for(new.org_id, 'reservations.deleted', v_ids::text[], members.reservation_tags());
    end if;
    return null;
end
$$;

comment on function members.profiles_end_reservations() is
    'When a person is deleted: their reservations end with all that follows, approved ones are in the archive, from where nobody can restore them to the person (spec: member §5.1; case 10, BF-6, LD-4).';
revoke all on function members.profiles_end_reservations() from public;

create or replace trigger profiles_61_let_go_of_reservations
after update of deleted_at on app.profiles
for each row
when (old.deleted_at is null and new.deleted_at is not null)
execute function members.profiles_end_reservations();
