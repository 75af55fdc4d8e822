-- What happens to reservations each night: those whose grace is over go to the archive, owners of those that are near it are warned.

create or replace function members.expire_reservations(p_org_id uuid, p_limit integer) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_today date := (app.now() at time zone (app.setting_of(p_org_id, 'time_zone') #>> '{}'))::date;
    v_expired jsonb;
    v_warned bigint[];
begin
    perform members.lock_reservations(p_org_id, true);
    select coalesce(jsonb_agg(to_jsonb(x)), '[]')
    into v_expired
    from (
        select
            r.reservation_id, r.staff_id, r.product_id, r.customer_id,
            case when r.last_deposit_on is null then 'no_deposit' else 'no_omset_grace_period' end as reason
        from members.reservation_ages(p_org_id) a
        join members.reservations r on r.org_id = p_org_id and r.reservation_id = a.reservation_id
        where a.bucket = 'expired'
        order by r.reservation_id
        limit p_limit
    ) x;
    perform members.end_reservations(p_org_id, g.ids, g.reason, null)
    from (
        select x.reason, array_agg(x.reservation_id) as ids
        from jsonb_to_recordset(v_expired) as x (reservation_id bigint, reason text)
        group by x.reason
    ) g;
    perform members.tell(
        p_org_id,
        jsonb_agg(
            jsonb_build_object(
                'user_id', x.staff_id, 'topic', 'reserved_member_expired', 'title', format('Your reservation of %s has expired', x.customer_id),
                'entity_table', 'members.reservations', 'entity_id', x.reservation_id,
                'data', jsonb_build_object('product_id', x.product_id, 'reason', x.reason)
            )
        )
    )
    from jsonb_to_recordset(v_expired) as x (reservation_id bigint, staff_id uuid, product_id bigint, customer_id text, reason text)
    having count(*) > 0;

    with warned as (
        update members.reservations r
        set warned_on = v_today
        from members.reservation_ages(p_org_id) a
        where r.org_id = p_org_id and r.reservation_id = a.reservation_id and a.bucket = 'expiring'
          -- Once for each reservation and day.
          and r.warned_on is distinct from v_today
          and r.reservation_id in (
              select w.reservation_id
              from members.reservation_ages(p_org_id) b
              join members.reservations w on w.org_id = p_org_id and w.reservation_id = b.reservation_id
              where b.bucket = 'expiring' and w.warned_on is distinct from v_today
              order by w.reservation_id
              limit p_limit - jsonb_array_length(v_expired)
          )
        returning r.reservation_id, r.staff_id, r.product_id, r.customer_id, a.remaining_days
    ),
    told as (
        select members.tell(
            p_org_id,
            jsonb_agg(
                jsonb_build_object(
                    'user_id', w.staff_id, 'topic', 'reserved_member_expiring',
                    'title', format('Your reservation of %s ends in %s days', w.customer_id, w.remaining_days),
                    'entity_table', 'members.reservations', 'entity_id', w.reservation_id,
                    'data', jsonb_build_object('product_id', w.product_id, 'remaining_days', w.remaining_days)
                )
            )
        )
        from warned w
        having count(*) > 0
    )
    select coalesce(array_agg(w.reservation_id), '{}') into v_warned from warned w left join told on true;

    if v_expired <> '[]' then
        perform app.emit_for(
            p_org_id, 'reservations.expired', array(select x ->> 'reservation_id' from jsonb_array_elements(v_expired) x),
            members.reservation_tags()
        );
    end if;
    if cardinality(v_warned) > 0 then
        perform app.emit_for(p_org_id, 'reservations.expiring', array(select w::text from unnest(v_warned) w), array['notifications']);
    end if;
    return jsonb_build_object('members_removed', jsonb_array_length(v_expired), 'warnings_sent', cardinality(v_warned));
end
$$;

comment on function members.expire_reservations(uuid, integer) is
    'p_limit: how many to archive and warn together in this call. Returns {members_removed, warnings_sent}; fewer than p_limit together = nothing is left. Permanent and pending ones are passed by; a second run of the same day does nothing (spec: member §5.6 expiry job; cases 45 to 47, BF-14, BF-15).';
revoke all on function members.expire_reservations(uuid, integer) from public;
