-- A date as people type it, or null: never an error.

create or replace function app.parse_date(p_text text) returns date
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when d.parts is null then null
        when d.parts[2]::integer not between 1 and 12 then null
        when d.parts[3]::integer not between 1 and extract(
            day from make_date(d.parts[1]::integer, d.parts[2]::integer, 1) + interval '1 month' - interval '1 day'
        )::integer then null
        else make_date(d.parts[1]::integer, d.parts[2]::integer, d.parts[3]::integer)
    end
    from (select regexp_match(p_text, '^([12][0-9]{3})-([0-9]{2})-([0-9]{2})$') as parts) d
$$;

comment on function app.parse_date(text) is
    'Date of yyyy-mm-dd between the years 1000 and 2999, null for anything else, 30 February included.';
revoke all on function app.parse_date(text) from public;
