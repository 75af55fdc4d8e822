-- A customer's id or name as reservations compare it.

create or replace function members.match_key(p_text text) returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (members.match_keys(array[p_text]))[1];
end
$$;

comment on function members.match_key(text) is
    'Trimmed and in upper case; null for a blank or a text of more than 200 characters, which match nothing (spec: member §3.2).';
revoke all on function members.match_key(text) from public;
