-- What follows from a reservation, whoever writes it: keys by which records are compared, flags on others' records, audit.

create or replace function members.reservations_keep_keys() returns trigger
language plpgsql
security definer -- keeps members.reservation_keys, which nobody can write
set search_path = pg_catalog, pg_temp
as $$
declare
    v_approved uuid[];
begin
    if tg_op = 'UPDATE' then
        delete from members.reservation_keys k
        using old_rows o, new_rows n
        where n.org_id = o.org_id and n.reservation_id = o.reservation_id
          and (n.product_id, n.customer_id, n.customer_name, n.status)
              is distinct from (o.product_id, o.customer_id, o.customer_name, o.status)
          and k.org_id = o.org_id and k.reservation_id = o.reservation_id;
        v_approved := array(
            select o.org_id
            from old_rows o
            join new_rows n on n.org_id = o.org_id and n.reservation_id = o.reservation_id
            where 'approved' in (o.status, n.status)
              and (n.product_id, n.customer_id, n.customer_name, n.status)
                  is distinct from (o.product_id, o.customer_id, o.customer_name, o.status)
        );
    elsif tg_op = 'INSERT' then
        v_approved := array(select n.org_id from new_rows n where n.status = 'approved');
    else
        v_approved := array(select o.org_id from old_rows o where o.status = 'approved');
    end if;

    if tg_op <> 'DELETE' then
        insert into members.reservation_keys (org_id, product_id, key, reservation_id, is_approved)
        select n.org_id, n.product_id, m.key, n.reservation_id, n.status = 'approved'
        from new_rows n
        cross join lateral unnest(members.match_keys(array[n.customer_id, n.customer_name])) as m (key)
        where not exists (
            select from members.reservation_keys k where k.org_id = n.org_id and k.reservation_id = n.reservation_id
        );
    end if;

    insert into members.reservation_versions as v (org_id, version)
    select distinct a.org_id, 1 from unnest(v_approved) as a (org_id)
    on conflict on constraint reservation_versions_pkey do update set version = v.version + 1;
    return null;
end
$$;

comment on function members.reservations_keep_keys() is
    'Both names of a live reservation become its keys; raises 23505 reservation_keys_pkey for a customer that is reserved for the product already. A change of approved ones advances members.reservation_versions (spec: member §5.6, BF-9, case 41).';
revoke all on function members.reservations_keep_keys() from public;

create or replace trigger reservations_50_keys_insert
after insert on members.reservations
referencing new table as new_rows
for each statement execute function members.reservations_keep_keys();

create or replace trigger reservations_51_keys_update
after update on members.reservations
referencing old table as old_rows new table as new_rows
for each statement execute function members.reservations_keep_keys();

create or replace trigger reservations_52_keys_delete
after delete on members.reservations
referencing old table as old_rows
for each statement execute function members.reservations_keep_keys();

create or replace function members.reservations_keep_flags() returns trigger
language plpgsql
security definer -- flags records of people whom the caller may not see
set search_path = pg_catalog, pg_temp
as $$
declare
    -- [{org_id, reservation_id}]: whose flags go, and who is approved, or somebody else's, from now on.
    v_ended jsonb := '[]'::jsonb;
    v_begun jsonb := '[]'::jsonb;
begin
    if tg_op = 'UPDATE' then
        with changed as (
            select n.org_id, n.reservation_id, o.status as old_status, n.status as new_status
            from old_rows o
            join new_rows n on n.org_id = o.org_id and n.reservation_id = o.reservation_id
            where (n.product_id, n.customer_id, n.customer_name, n.status, n.staff_id)
                is distinct from (o.product_id, o.customer_id, o.customer_name, o.status, o.staff_id)
        )
        select
            coalesce(jsonb_agg(to_jsonb(c)) filter (where c.old_status = 'approved'), '[]'),
            coalesce(jsonb_agg(to_jsonb(c)) filter (where c.new_status = 'approved'), '[]')
        into v_ended, v_begun
        from changed c;
    elsif tg_op = 'INSERT' then
        select coalesce(jsonb_agg(jsonb_build_object('org_id', n.org_id, 'reservation_id', n.reservation_id)), '[]')
        into v_begun
        from new_rows n
        where n.status = 'approved';
    else
        select coalesce(jsonb_agg(jsonb_build_object('org_id', o.org_id, 'reservation_id', o.reservation_id)), '[]')
        into v_ended
        from old_rows o
        where o.status = 'approved';
    end if;

    -- Whoever hands out records at this moment has to be done: what was handed out is flagged, what comes later is not handed out.
    perform members.lock_reservations(w.org_id, true)
    from (select distinct x.org_id from jsonb_to_recordset(v_ended || v_begun) as x (org_id uuid) order by x.org_id) w;

    perform members.unflag_conflicts(
        w.org_id, w.ids,
        case when tg_op = 'UPDATE' then 'reservation_moved'
            else coalesce(nullif(current_setting('pgcrm.reservation_end', true), ''), 'reservation_deleted') end
    )
    from (
        select x.org_id, array_agg(x.reservation_id) as ids
        from jsonb_to_recordset(v_ended) as x (org_id uuid, reservation_id bigint)
        group by x.org_id
    ) w;
    perform members.flag_conflicts(w.org_id, w.ids), members.tell_conflicts(w.org_id, w.ids), members.forget_deleted(w.org_id, w.ids)
    from (
        select x.org_id, array_agg(x.reservation_id) as ids
        from jsonb_to_recordset(v_begun) as x (org_id uuid, reservation_id bigint)
        group by x.org_id
    ) w;
    return null;
end
$$;

comment on function members.reservations_keep_flags() is
    'Statement trigger: a reservation that becomes approved, or another''s, flags the records that others have of its customer, tells them and leaves the archive; one that ends or moves takes its flags back. So every path does it: request, direct add, bulk, restore, auto-reassignment, deletion, expiry, move (spec: member §5.6, §5.7; LD-6).';
revoke all on function members.reservations_keep_flags() from public;

create or replace trigger reservations_60_flags_insert
after insert on members.reservations
referencing new table as new_rows
for each statement execute function members.reservations_keep_flags();

create or replace trigger reservations_61_flags_update
after update on members.reservations
referencing old table as old_rows new table as new_rows
for each statement execute function members.reservations_keep_flags();

create or replace trigger reservations_62_flags_delete
after delete on members.reservations
referencing old table as old_rows
for each statement execute function members.reservations_keep_flags();

create or replace trigger reservations_90_audit_insert
after insert on members.reservations
referencing new table as new_rows
for each statement execute function app.audit_row_change('reservation_id');

-- That somebody was warned is no change of the reservation: the notification says it.
create or replace trigger reservations_91_audit_update
after update on members.reservations
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('reservation_id', 'warned_on');

create or replace trigger reservations_92_audit_delete
after delete on members.reservations
referencing old table as old_rows
for each statement execute function app.audit_row_change('reservation_id');
