-- Settings: a default for each, a range, and a refusal that names it.

begin;
select plan(30);

create function pg_temp.refusal(p_key text, p_value jsonb) returns text
language plpgsql
as $$
declare
    v_code text;
    v_detail text;
begin
    perform api.app_set_setting(p_key, p_value);
    return null;
exception
    when others then
        get stacked diagnostics v_code = pg_exception_hint, v_detail = pg_exception_detail;
        return concat_ws(' ', sqlstate, v_code || ':', v_detail);
end
$$;

select tests.become('sp1@alpha.test');
select results_eq(
    $$ select key, value from api.settings where key in ('time_zone', 'currency', 'phone_region', 'member_wd_auto_replace') order by 1 $$,
    $$
        values
            ('currency', '"IDR"'::jsonb), ('member_wd_auto_replace', 'false'), ('phone_region', '"ID"'), ('time_zone', '"Asia/Jakarta"')
    $$,
    'everybody reads the settings; what nobody has set has its default'
);
select is(app.setting('no_such_setting'), null, 'an unknown setting is null');
select is(
    tests.error_of($$ select api.app_set_setting('currency', '"SGD"') $$), 'PT403 permission.denied',
    'a salesperson sets none'
);
select is(
    tests.error_of($$ update app.settings set value = '"SGD"' $$), '42501', 'P33: nor writes the table'
);

select tests.become('sa@alpha.test');
select is(api.app_set_setting('currency', '"SGD"'), '{"key": "currency", "value": "SGD"}', 'a super admin sets the currency');
select is(api.app_set_setting('member_wd_auto_replace', 'true') -> 'value', 'true', 'a switch');
select is(api.app_set_setting('bulk_limit', '500') -> 'value', '500', 'a number');
select is(api.app_set_setting('time_zone', '"Asia/Makassar"') ->> 'value', 'Asia/Makassar', 'a time zone');
select is(
    api.app_set_setting('reservation_without_deposit', '"immediate"') ->> 'value', 'immediate', 'one of two words'
);
select is(
    (select array_agg(a.changed_by) from api.audit_logs a where a.table_name = 'app.settings' and a.record_id = 'currency'),
    array[tap.uid('sa@alpha.test')],
    'the change is audited'
);

select is(pg_temp.refusal(r.key, r.value), r.refusal, r.key || ' ' || r.value::text || ' is refused, with what is allowed')
from (values
    ('bulk_limit', '0'::jsonb, 'PT422 setting.invalid: must be from 1 to 1000'),
    ('bulk_limit', '1001', 'PT422 setting.invalid: must be from 1 to 1000'),
    ('bulk_limit', '1.5', 'PT422 setting.invalid: must be a whole number'),
    ('bulk_limit', '"10"', 'PT422 setting.invalid: must be a number'),
    ('member_wd_auto_replace', '1', 'PT422 setting.invalid: must be true or false'),
    ('currency', '"Rupiah"', 'PT422 setting.invalid: must match ^[A-Z]{3}$'),
    ('time_zone', '"Mars/Olympus"', 'PT422 setting.invalid: must be a time zone such as Asia/Jakarta'),
    ('phone_region', '"XX"', 'PT422 setting.invalid: must be a region whose calling code is known, such as ID'),
    ('reservation_without_deposit', '"later"', 'PT422 setting.invalid: must be one of from_approval, immediate'),
    ('currency', 'null', 'PT422 setting.invalid: must be text'),
    ('no_such_setting', '1', 'PT404 setting.unknown: no_such_setting')
) as r (key, value, refusal);

-- Several at once, all or none

select tests.become('sa@alpha.test');
select is(
    jsonb_path_query_array(
        api.app_change_settings('{"bulk_limit": 7, "currency": "MYR", "time_zone": null}'),
        '$.items[*] ? (@.key == "bulk_limit" || @.key == "currency" || @.key == "time_zone").value'
    ),
    '[7, "MYR", "Asia/Jakarta"]', 'several are set at once; null takes the default again'
);
select is(
    tests.faults_of($$ select api.app_change_settings('{"bulk_limit": 0, "currency": "USD", "no_such": 1, "time_zone": "Mars"}') $$),
    array['bulk_limit setting.invalid', 'no_such setting.unknown', 'time_zone setting.invalid'], 'all that is wrong is named'
);
select is(app.setting('currency'), '"MYR"', 'and nothing is set then');
select is(tests.error_of($$ select api.app_change_settings('[]') $$), 'PT422 request.not_an_object', 'settings have names');
select tests.become('fin@alpha.test');
select is(tests.error_of($$ select api.app_change_settings('{"bulk_limit": 9}') $$), 'PT403 permission.denied', 'finance sets none');
select is(jsonb_array_length(api.app_list_settings() -> 'items') > 20, true, 'and reads them all');
select tests.become('sa@alpha.test');
select api.app_set_setting('time_zone', '"Asia/Makassar"');

-- A setting is obeyed, and is the organisation's own

select tests.become_owner();
insert into app.clock (frozen_at) values ('2031-02-28 16:30:00+00');
select tests.become('sa@alpha.test');
select is(app.today(), '2031-03-01'::date, 'P8: half past midnight in Makassar is the next day there');
select tests.become('sa@beta.test');
select is(app.today(), '2031-02-28'::date, 'P8: and still the day before in Jakarta');
select is(app.setting('currency'), '"IDR"', 'another organisation keeps its own');

select * from finish();
rollback;
