-- The next readable id of one kind on one day.

create or replace function app.next_prefixed_id(p_org_id uuid, p_prefix text, p_day date, p_width integer default 4)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.format_prefixed_id(p_prefix, p_day, app.reserve_ids(p_org_id, p_prefix, p_day), p_width);
end
$$;

comment on function app.next_prefixed_id(uuid, text, date, integer) is
    'prefix + DDMMYY + the next number of that organisation, prefix and day, at least p_width digits (spec: command_center §2.2, pitfall P7).';
revoke all on function app.next_prefixed_id(uuid, text, date, integer) from public;
