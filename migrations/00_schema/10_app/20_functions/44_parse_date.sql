-- A date as people type it, or null: never an error.

create or replace function app.parse_date(p_text text) returns date
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parts integer[] := regexp_match(p_text, '^([12][0-9]{3})-([0-9]{2})-([0-9]{2})$')::integer[];
    v_month date;
begin
    if v_parts is null or v_parts[2] not between 1 and 12 then
        return null;
    end if;
    v_month := make_date(v_parts[1], v_parts[2], 1);
    if v_parts[3] not between 1 and extract(day from v_month + interval '1 month' - interval '1 day')::integer then
        return null;
    end if;
    return v_month + (v_parts[3] - 1);
end
$$;

comment on function app.parse_date(text) is
    'Date of yyyy-mm-dd between the years 1000 and 2999, null for anything else, 30 February included.';
revoke all on function app.parse_date(text) from public;
grant execute on function app.parse_date(text) to authenticated;
