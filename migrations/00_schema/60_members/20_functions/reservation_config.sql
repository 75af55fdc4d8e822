-- How long reservations live, and when their owners are warned.

create or replace function members.reservation_config() returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'global_grace_days', app.setting('reservation_grace_days'),
        'warning_days', app.setting('reservation_warning_days'),
        'without_deposit', app.setting('reservation_without_deposit'),
        'product_overrides', (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object('product_id', g.product_id, 'product_name', g.product_name, 'grace_days', g.grace_days)
                    order by g.product_id
                ),
                '[]'
            )
            from api.reservation_grace g
        )
    )
$$;

comment on function members.reservation_config() is
    '{global_grace_days, warning_days, without_deposit, product_overrides: [{product_id, product_name, grace_days}]} (spec: member §4 reserved_member_config; decisions D-6).';
revoke all on function members.reservation_config() from public;
grant execute on function members.reservation_config() to authenticated;
