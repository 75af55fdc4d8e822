-- A point in time as the previous system wrote it.

create or replace function members.legacy_time(p_text text, p_time_zone text) returns timestamptz
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- It wrote ISO 8601, with its own time zone's offset or, where it forgot it, without one.
    select case
        when p_text ~ '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$' then p_text::timestamp at time zone p_time_zone
        when p_text ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$' then p_text::timestamptz
    end
$$;

comment on function members.legacy_time(text, text) is
    'p_time_zone: of texts without an offset. Null for what is no point in time. Raises 22008 for a day that no calendar has.';
revoke all on function members.legacy_time(text, text) from public;
