-- What a word in the search field may be: a company, an address, a number; in the form in which keys are kept.

create or replace function crm.search_needles(p_word text) returns table (kind text, needle text)
language plpgsql
stable
security definer -- reads the organisation's telephone region
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_digits text := regexp_replace(p_word, '[^0-9]', '', 'g');
    -- More letters than a telephone number has: it is a name with a number in it.
    v_is_number boolean := p_word !~ '[[:alpha:]@]' and length(v_digits) >= 4;
begin
    return query
    select n.kind, n.needle
    from (
        values
            ('company', crm.company_key(p_word)),
            ('email', case when strpos(p_word, '@') > 0 then lower(p_word) end),
            (
                'phone',
                case when v_is_number then regexp_replace(ltrim(p_word, '+ '), '[^0-9]', '', 'g') end
            ),
            ('npwp', case when v_is_number then v_digits end)
    ) as n (kind, needle)
    where n.needle <> '' and (n.kind <> 'company' or not v_is_number)
    union all
    -- 0812… is kept as 62812….
    select 'phone', crm.calling_code_of(app.org_id()) || substr(v_digits, 2)
    where v_is_number and v_digits ~ '^0[1-9]';
end
$$;

comment on function crm.search_needles(text) is
    'p_word: as typed, trimmed. Rows (kind of crm.customer_keys, part of a key); a part is looked for literally, % and _ are characters (pitfall P34).';
revoke all on function crm.search_needles(text) from public;
