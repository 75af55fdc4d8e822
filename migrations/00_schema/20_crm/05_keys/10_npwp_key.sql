-- The comparable form of an NPWP (Indonesian tax number).

create or replace function crm.npwp_key(p_npwp text) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case
        -- The old 15 digit form is the 16 digit one with a leading zero.
        when length(n.digits) = 15 then '0' || n.digits
        else nullif(n.digits, '')
    end
    from (select regexp_replace(p_npwp, '[^0-9]', '', 'g') as digits) n
$$;

comment on function crm.npwp_key(text) is
    'Digits only, 15 digits become the 16 digit form, null for none (spec: command_center §3.1).';
revoke all on function crm.npwp_key(text) from public;
