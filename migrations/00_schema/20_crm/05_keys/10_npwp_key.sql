-- The comparable form of an NPWP (Indonesian tax number).

create or replace function crm.npwp_key(p_npwp text) returns text
language plpgsql
immutable
strict
set search_path = pg_catalog, pg_temp
as $$
declare
    v_digits text := regexp_replace(p_npwp, '[^0-9]', '', 'g');
begin
    -- The old 15 digit form is the 16 digit one with a leading zero.
    return case length(v_digits) when 15 then '0' || v_digits else nullif(v_digits, '') end;
end
$$;

comment on function crm.npwp_key(text) is
    'Digits only, 15 digits become the 16 digit form, null for none (spec: command_center §3.1).';
revoke all on function crm.npwp_key(text) from public;
-- A generated column is computed with the rights of whoever writes the row.
grant execute on function crm.npwp_key(text) to authenticated;
