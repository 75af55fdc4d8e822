-- Reads working hours as a person writes them: the calendar, and everything that is wrong.

create or replace function desk.read_calendar(p_input jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_periods jsonb := case jsonb_typeof(p_input -> 'periods') when 'array' then p_input -> 'periods' end;
    v_holidays jsonb := coalesce(nullif(p_input -> 'holidays', 'null'), '[]');
    v_fault text;
begin
    if jsonb_typeof(p_input) is distinct from 'object' then
        perform app.fail('PT422', 'request.not_an_object', 'The body must be a JSON object.');
    end if;
    select jsonb_agg(jsonb_build_object('field', f.field, 'code', f.code, 'message', f.message))::text
    into v_fault
    from (
        select 'name' as field, 'calendar.name.required' as code, 'must be a text of up to 100 characters' as message
        where jsonb_typeof(p_input -> 'name') is distinct from 'string'
           or length(btrim(p_input ->> 'name')) not between 1 and 100
        union all
        select 'time_zone', 'calendar.time_zone.unknown', 'must be a time zone such as Asia/Jakarta'
        where not exists (select from pg_timezone_names z where z.name = p_input ->> 'time_zone')
        union all
        select 'periods', 'calendar.periods.format', 'must be a list of {weekday 1 to 7, opens, closes} with times such as 08:30, to 24:00'
        where v_periods is null
           or jsonb_array_length(v_periods) > 200
           or exists (
               select
               from jsonb_array_elements(v_periods) p
               where jsonb_typeof(p) <> 'object'
                  or (p ->> 'weekday') !~ '^[1-7]$' or p ->> 'weekday' is null
                  or (p ->> 'opens') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' or p ->> 'opens' is null
                  or (p ->> 'closes') !~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' or p ->> 'closes' is null
                  or p ->> 'opens' >= p ->> 'closes'
           )
        union all
        select 'periods', 'calendar.periods.overlap', 'must not overlap'
        where exists (
            select
            from jsonb_array_elements(v_periods) with ordinality as a (period, n)
            join jsonb_array_elements(v_periods) with ordinality as b (period, n)
                on a.n < b.n
               and a.period ->> 'weekday' = b.period ->> 'weekday'
               and a.period ->> 'opens' < b.period ->> 'closes'
               and b.period ->> 'opens' < a.period ->> 'closes'
        )
        union all
        select 'holidays', 'calendar.holidays.format', 'must be a list of days such as 2026-08-17'
        where jsonb_typeof(v_holidays) <> 'array'
           or jsonb_array_length(case jsonb_typeof(v_holidays) when 'array' then v_holidays else '[]' end) > 2000
           or exists (
               select
               from jsonb_array_elements_text(case jsonb_typeof(v_holidays) when 'array' then v_holidays else '[]' end) h (day)
               where app.parse_date(h.day) is null or h.day !~ '^\d{4}-\d{2}-\d{2}$'
           )
        union all
        select left(k.name, 100), 'calendar.field.unknown', 'is no field here'
        from jsonb_object_keys(p_input) as k (name)
        where k.name <> all ('{name,time_zone,periods,holidays}')
    ) f;
    if v_fault is not null then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_fault);
    end if;
    return jsonb_build_object(
        'time_zone', p_input ->> 'time_zone',
        'periods', (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object('weekday', (p ->> 'weekday')::integer, 'opens', p ->> 'opens', 'closes', p ->> 'closes')
                    order by (p ->> 'weekday')::integer, p ->> 'opens'
                ),
                '[]'
            )
            from jsonb_array_elements(v_periods) p
        ),
        'holidays', (
            select coalesce(jsonb_agg(distinct h.day order by h.day), '[]') from jsonb_array_elements_text(v_holidays) h (day)
        )
    );
end
$$;

comment on function desk.read_calendar(jsonb) is
    'p_input {name, time_zone, periods: [{weekday, opens, closes}], holidays?: [day]}. Returns hours as desk.business_slots takes them, sorted. Raises PT422 request.invalid with every bad field.';
revoke all on function desk.read_calendar(jsonb) from public;
