-- What the next expiry run would do, without doing it.

create or replace function api.members_expiry_preview(p_bucket text default 'expiring', p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
security definer -- reads settings of the organisation; shows what the caller manages
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after_days integer := (p_after ->> 'remaining_days')::integer;
    v_after_id bigint := (p_after ->> 'reservation_id')::bigint;
    v_reach uuid[];
    v_answer jsonb;
    v_found jsonb;
begin
    perform app.require('reservations', 'manage');
    v_reach := case when not app.can('reservations', 'manage', 'all') then app.team_ids() end;
    with aged as materialized (
        select a.*, r.staff_id, r.customer_id, r.product_id, r.last_deposit_on, r.approved_at
        from members.reservation_ages(v_org_id) a
        join members.reservations r on r.org_id = v_org_id and r.reservation_id = a.reservation_id
        where v_reach is null or r.staff_id = any (v_reach)
    )
    select
        (
            select jsonb_object_agg(b.bucket, coalesce(n.count, 0))
            from unnest(array['active', 'expiring', 'expired', 'permanent']) as b (bucket)
            left join (select g.bucket, count(*) from aged g group by g.bucket) n on n.bucket = b.bucket
        ),
        (
            select jsonb_agg(to_jsonb(page) order by page.remaining_days, page.reservation_id)
            from (
                select
                    g.reservation_id, g.customer_id, g.product_id, p.name as product_name, g.staff_id, u.full_name as staff_name,
                    g.approved_at, g.last_deposit_on as last_omset_date, g.days_since_last_deposit as days_since_last_omset,
                    g.grace_days, coalesce(g.remaining_days, 0) as remaining_days, g.bucket
                from aged g
                join members.products p on p.org_id = v_org_id and p.product_id = g.product_id
                join app.profiles u on u.org_id = v_org_id and u.user_id = g.staff_id
                where g.bucket = p_bucket
                  and (v_after_id is null or (coalesce(g.remaining_days, 0), g.reservation_id) > (v_after_days, v_after_id))
                order by coalesce(g.remaining_days, 0), g.reservation_id
                limit v_limit + 1
            ) page
        )
    into v_answer, v_found;
    return jsonb_build_object(
        'counts', v_answer,
        'items', coalesce(v_found - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_found) > v_limit
                then jsonb_build_object(
                    'remaining_days', v_found -> (v_limit - 1) -> 'remaining_days', 'reservation_id', v_found -> (v_limit - 1) -> 'reservation_id'
                )
        end
    );
end
$$;

comment on function api.members_expiry_preview(text, integer, jsonb) is
    'p_bucket: active, expiring, expired or permanent; p_limit 1–100; p_after: `next` of the page before. Returns {counts by bucket, items: approved reservations that the caller manages, least remaining first, next}. Raises PT401, PT403 (spec: member §5.6 preview).';
revoke all on function api.members_expiry_preview(text, integer, jsonb) from public;
grant execute on function api.members_expiry_preview(text, integer, jsonb) to authenticated;
