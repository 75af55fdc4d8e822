-- Changes some settings of the caller's organisation: all of those that are named, or none.

create or replace function api.app_change_settings(payload jsonb) returns jsonb
language plpgsql
security definer -- settings are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_answer jsonb;
    v_problems jsonb;
begin
    perform app.require('settings', 'update');
    if jsonb_typeof(payload) is distinct from 'object' then
        perform app.fail('PT422', 'request.not_an_object', 'The body must be a JSON object.');
    end if;
    v_answer := app.replay('app_change_settings', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    select coalesce(
        jsonb_agg(
            jsonb_build_object(
                'field', left(p.key, 100), 'code', case when p.is_known then 'setting.invalid' else 'setting.unknown' end,
                'message', case when p.is_known then p.problem else 'is no setting' end
            )
            order by p.key
        ),
        '[]'
    )
    into v_problems
    from (
        -- Null takes the default again.
        select
            k.key, d.key is not null as is_known, case when k.value <> 'null' then app.setting_problem(k.key, k.value) end as problem
        from jsonb_each(payload) k
        left join app.setting_definitions d on d.key = k.key
    ) p
    where not p.is_known or p.problem is not null;
    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;

    delete from app.settings s
    where s.org_id = v_org_id and s.key in (select k.key from jsonb_each(payload) k where k.value = 'null');
    insert into app.settings as s (org_id, key, value)
    select v_org_id, k.key, k.value
    from jsonb_each(payload) k
    where k.value <> 'null'
    order by k.key
    on conflict (org_id, key) do update set value = excluded.value
    where s.value is distinct from excluded.value;
    perform app.emit('settings.updated', array[v_org_id::text], array['settings']);
    return app.remember('app_change_settings', payload, api.app_list_settings());
end
$$;

comment on function api.app_change_settings(jsonb) is
    'payload {key: value}; null takes the default again, what is left out stays. Returns api.app_list_settings. Raises PT401, PT403 permission.denied, PT422 with every bad one and its allowed range (decisions §4, §5.9).';
revoke all on function api.app_change_settings(jsonb) from public;
grant execute on function api.app_change_settings(jsonb) to authenticated;
