-- Ends reservations: approved ones go to the archive, pending ones just go.

create or replace function members.end_reservations(p_org_id uuid, p_reservation_ids bigint[], p_reason text, p_deleted_by uuid)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ended integer;
begin
    perform members.lock_reservations(p_org_id, true);
    insert into members.deleted_reservations (
        org_id, product_id, customer_id, customer_name, phone_number, staff_id, created_by, created_at, approved_by, approved_at,
        is_permanent, last_deposit_on, deleted_at, deleted_by, deleted_reason, grace_days_used, days_since_last_deposit
    )
    select
        r.org_id, r.product_id, r.customer_id, r.customer_name, r.phone_number, r.staff_id, r.created_by, r.created_at,
        r.approved_by, r.approved_at, r.is_permanent, r.last_deposit_on, app.now(), p_deleted_by, p_reason,
        case when p_reason <> 'admin_manual_delete' then a.grace_days end, a.days_since_last_deposit
    from members.reservations r
    join members.reservation_ages(p_org_id, p_reservation_ids) a on a.reservation_id = r.reservation_id
    where r.org_id = p_org_id and r.reservation_id = any (p_reservation_ids) and r.status = 'approved'
    on conflict on constraint deleted_reservations_customer_key do update
    set customer_id = excluded.customer_id,
        customer_name = excluded.customer_name,
        phone_number = excluded.phone_number,
        created_by = excluded.created_by,
        created_at = excluded.created_at,
        approved_by = excluded.approved_by,
        approved_at = excluded.approved_at,
        is_permanent = excluded.is_permanent,
        last_deposit_on = excluded.last_deposit_on,
        deleted_at = excluded.deleted_at,
        deleted_by = excluded.deleted_by,
        deleted_reason = excluded.deleted_reason,
        grace_days_used = excluded.grace_days_used,
        days_since_last_deposit = excluded.days_since_last_deposit;

    perform set_config(
        'pgcrm.reservation_end',
        case p_reason when 'admin_manual_delete' then 'reservation_deleted' else 'reservation_expired' end, true
    );
    delete from members.reservations r where r.org_id = p_org_id and r.reservation_id = any (p_reservation_ids);
    get diagnostics v_ended = row_count;
    perform set_config('pgcrm.reservation_end', '', true);
    return v_ended;
end
$$;

comment on function members.end_reservations(uuid, bigint[], text, uuid) is
    'p_reason: a deleted_reason; p_deleted_by: null = the system. Returns how many ended; flags on others'' records go with them by trigger. The one way to end a reservation, whoever asks: admins, the job, the removal of a person (spec: member §5.6; cases 53, 57, BF-11, BF-40).';
revoke all on function members.end_reservations(uuid, bigint[], text, uuid) from public;
