-- The comparable form of a telephone number.

create or replace function crm.phone_key(p_phone text, p_calling_code text) returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_digits text := regexp_replace(p_phone, '[^0-9]', '', 'g');
begin
    -- 00 and + both announce a country code.
    if v_digits like '00%' then
        v_digits := substr(v_digits, 3);
    end if;
    return case
        when length(v_digits) < 6 then null
        when v_digits like '0%' then p_calling_code || substr(v_digits, 2)
        else v_digits
    end;
end
$$;

comment on function crm.phone_key(text, text) is
    'Digits with country code: a leading 0 becomes p_calling_code, 00 and + go; null under 6 digits (spec: command_center §3.1, decisions §5.4).';
revoke all on function crm.phone_key(text, text) from public;
