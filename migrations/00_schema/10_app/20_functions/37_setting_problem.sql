-- Why a value cannot be a setting, in words that name the allowed range; null when it can.

create or replace function app.setting_problem(p_key text, p_value jsonb) returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when d.kind in ('integer', 'number') and jsonb_typeof(p_value) is distinct from 'number' then 'must be a number'
        when d.kind = 'integer' and n.value <> trunc(n.value) then 'must be a whole number'
        when d.kind in ('integer', 'number') and (n.value < d.minimum or n.value > d.maximum)
            then format('must be from %s to %s', coalesce(d.minimum::text, 'any'), coalesce(d.maximum::text, 'any'))
        when d.kind = 'boolean' and jsonb_typeof(p_value) is distinct from 'boolean' then 'must be true or false'
        when d.kind in ('text', 'time_zone') and jsonb_typeof(p_value) is distinct from 'string' then 'must be text'
        when d.kind = 'text' and not (p_value #>> '{}') = any (d.allowed)
            then 'must be one of ' || array_to_string(d.allowed, ', ')
        when d.kind = 'text' and (p_value #>> '{}') !~ d.pattern then 'must match ' || d.pattern
        when d.kind = 'time_zone' and not exists (
            select from pg_timezone_names z where z.name = p_value #>> '{}'
        ) then 'must be a time zone such as Asia/Jakarta'
        when d.key = 'phone_region' and not exists (
            select from app.calling_codes c where c.region = p_value #>> '{}'
        ) then 'must be a region whose calling code is known, such as ID'
    end
    from app.setting_definitions d
    -- Only a number is cast: planning would cast whatever it finds.
    cross join lateral (select (case jsonb_typeof(p_value) when 'number' then p_value #>> '{}' end)::numeric as value) n
    where d.key = p_key
$$;

comment on function app.setting_problem(text, jsonb) is
    'Null when the value fits the definition, else what is wrong with the allowed range in words; also null for an unknown key (decisions §4).';
revoke all on function app.setting_problem(text, jsonb) from public;
