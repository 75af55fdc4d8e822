-- The comparable form of a company's name.

create or replace function crm.company_key(p_company_name text) returns text
language plpgsql
immutable
strict
set search_path = pg_catalog, pg_temp
as $$
declare
    -- PT and CV stay: PT X and CV X are different firms. Tab, line feed, vertical tab, form feed and return are blanks.
    v_key text := translate(lower(p_company_name), E'\t\n\u000b\f\r.,', '     ');
begin
    -- Beyond ASCII there are more blanks than these, and runs of them are rare: only then is the slow way worth it.
    if octet_length(v_key) > length(v_key) or position('  ' in v_key) > 0 then
        v_key := regexp_replace(v_key, E'[[:space:]\u00a0]+', ' ', 'g');
    end if;
    return nullif(btrim(v_key), '');
end
$$;

comment on function crm.company_key(text) is
    'Lower case, single blanks, without dots and commas, legal forms kept, null for none (spec: command_center §3.1).';
revoke all on function crm.company_key(text) from public;
-- A generated column is computed with the rights of whoever writes the row.
grant execute on function crm.company_key(text) to authenticated;
