-- How old reservations are, and what the expiry job would do with them: the one clock of grace.

create or replace function members.reservation_ages(p_org_id uuid, p_reservation_ids bigint[] default null) returns table (
    reservation_id bigint,
    grace_days integer,
    days_since_last_deposit integer,
    remaining_days integer,
    bucket text
)
language sql
stable
-- One organisation's of many.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
    -- Once, not for each reservation.
    with clock as materialized (
        select
            (app.now() at time zone z.name)::date as today,
            z.name as time_zone,
            (app.setting_of(p_org_id, 'reservation_grace_days') #>> '{}')::integer as grace_days,
            (app.setting_of(p_org_id, 'reservation_warning_days') #>> '{}')::integer as warning_days,
            app.setting_of(p_org_id, 'reservation_without_deposit') #>> '{}' as without_deposit
        from (select app.setting_of(p_org_id, 'time_zone') #>> '{}' as name) z
    ),
    aged as (
        select
            r.reservation_id, r.is_permanent, r.last_deposit_on, c.today, c.warning_days,
            coalesce(g.grace_days, c.grace_days) as grace_days,
            case
                -- Dates alone are compared (BF-3). Greatest passes by what is null.
                when r.last_deposit_on is not null then greatest(r.last_deposit_on, r.restored_on)
                when c.without_deposit = 'from_approval'
                    then greatest((r.approved_at at time zone c.time_zone)::date, r.restored_on)
            end as counted_from
        from members.reservations r
        cross join clock c
        left join members.reservation_grace g on g.org_id = r.org_id and g.product_id = r.product_id
        where r.org_id = p_org_id and r.status = 'approved'
          and (p_reservation_ids is null or r.reservation_id = any (p_reservation_ids))
    )
    select
        a.reservation_id,
        a.grace_days,
        a.today - a.last_deposit_on,
        -- A deposit dated in the future does not make grace longer than it is.
        least(a.grace_days - (a.today - a.counted_from), a.grace_days),
        case
            when a.is_permanent then 'permanent'
            when a.counted_from is null or a.grace_days - (a.today - a.counted_from) <= 0 then 'expired'
            when a.grace_days - (a.today - a.counted_from) <= a.warning_days then 'expiring'
            else 'active'
        end
    from aged a
$$;

comment on function members.reservation_ages(uuid, bigint[]) is
    'One row for each approved reservation; p_reservation_ids: null = all. grace_days: of its product, else the setting; remaining_days: grace less whole days, in the organisation''s time zone, since the last deposit, or since the approval where there never was one (setting reservation_without_deposit; null = nothing to count from), or since it was restored; bucket: permanent, expired (0 or less remain), expiring (at most reservation_warning_days), active (spec: member §5.6; cases 45 to 47, BF-3, BF-15; decisions D-6).';
revoke all on function members.reservation_ages(uuid, bigint[]) from public;
