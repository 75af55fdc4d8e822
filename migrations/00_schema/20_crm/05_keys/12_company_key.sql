-- The comparable form of a company's name.

create or replace function crm.company_key(p_company_name text) returns text
language plpgsql
immutable
strict
set search_path = pg_catalog, pg_temp
as $$
begin
    -- PT and CV stay: PT X and CV X are different firms.
    return nullif(
        btrim(regexp_replace(translate(lower(p_company_name), '.,', ''), E'[[:space:]\u00a0]+', ' ', 'g')),
        ''
    );
end
$$;

comment on function crm.company_key(text) is
    'Lower case, single blanks, without dots and commas, legal forms kept, null for none (spec: command_center §3.1).';
revoke all on function crm.company_key(text) from public;
-- A generated column is computed with the rights of whoever writes the row.
grant execute on function crm.company_key(text) to authenticated;
