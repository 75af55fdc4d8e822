-- The comparable form of an e-mail address.

create or replace function crm.email_key(p_email text) returns text
language plpgsql
immutable
strict
set search_path = pg_catalog, pg_temp
as $$
begin
    return nullif(lower(btrim(p_email, E' \t\r\n\u00a0')), '');
end
$$;

comment on function crm.email_key(text) is 'Lower case without surrounding blanks, null for none (spec: command_center §3.1).';
revoke all on function crm.email_key(text) from public;
-- A generated column is computed with the rights of whoever writes the row.
grant execute on function crm.email_key(text) to authenticated;
