-- What is said about a reservation after something was done with it.

create or replace function members.reservation_answer(p_reservation_id bigint) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        (to_jsonb(r) - 'org_id')
        || (
            select jsonb_build_object('invalidated_records', count(*), 'notified_staff_count', count(distinct c.affected_staff_id))
            from members.conflicts c
            where c.org_id = app.org_id() and c.reservation_id = r.reservation_id and c.restored_at is null
        )
    from api.reservations r
    where r.reservation_id = p_reservation_id
$$;

comment on function members.reservation_answer(bigint) is
    'The row of api.reservations with {invalidated_records, notified_staff_count}: how many records of how many others are flagged because of it (spec: member §5.7, case 56).';
revoke all on function members.reservation_answer(bigint) from public;
