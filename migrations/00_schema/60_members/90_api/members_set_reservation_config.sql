-- Changes how long reservations live.

create or replace function api.members_set_reservation_config(payload jsonb) returns jsonb
language plpgsql
security definer -- settings are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_wanted jsonb;
    v_overrides jsonb;
begin
    perform app.require('member_settings', 'update');
    v_wanted := app.read_payload(
        'reservation_config', payload - 'product_overrides',
        '{
            "global_grace_days": {"kind": "integer", "minimum": 1, "maximum": 365},
            "warning_days": {"kind": "integer", "minimum": 1, "maximum": 90},
            "without_deposit": {"kind": "text", "maximum": 20}
        }'
    );
    if payload ? 'product_overrides' then
        v_overrides := members.wanted_overrides(payload -> 'product_overrides');
    end if;

    -- Both in one statement: they are compared when it ends.
    insert into app.settings as s (org_id, key, value)
    select v_org_id, k.key, v_wanted -> k.field
    from (
        values
            ('global_grace_days', 'reservation_grace_days'), ('warning_days', 'reservation_warning_days'),
            ('without_deposit', 'reservation_without_deposit')
    ) as k (field, key)
    where v_wanted ? k.field
    order by k.key
    on conflict on constraint settings_pkey do update set value = excluded.value
    where s.value is distinct from excluded.value;

    if v_overrides is not null then
        delete from members.reservation_grace g
        where g.org_id = v_org_id
          and not exists (
              select from jsonb_to_recordset(v_overrides) as o (product_id bigint) where o.product_id = g.product_id
          );
        insert into members.reservation_grace as g (org_id, product_id, grace_days)
        select v_org_id, o.product_id, o.grace_days
        from jsonb_to_recordset(v_overrides) as o (product_id bigint, grace_days integer)
        order by o.product_id
        on conflict on constraint reservation_grace_pkey do update set grace_days = excluded.grace_days
        where g.grace_days <> excluded.grace_days;
    end if;
    return members.reservation_config();
end
$$;

comment on function api.members_set_reservation_config(jsonb) is
    'payload {global_grace_days? 1–365, warning_days? 1–90 and less than grace, without_deposit? from_approval or immediate, product_overrides? [{product_id, grace_days}], which replaces all}; what is left out stays. Returns members.reservation_config. Raises PT403, PT422 (spec: member §5.6 config validation, case 51).';
revoke all on function api.members_set_reservation_config(jsonb) from public;
grant execute on function api.members_set_reservation_config(jsonb) to authenticated;
