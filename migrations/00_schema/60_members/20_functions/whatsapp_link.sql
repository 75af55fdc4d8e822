-- The link by which a member is written to.

create or replace function members.whatsapp_link(p_phone text, p_calling_code text) returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- A link is stored as it came: what counts stands behind wa.me/ and before a question mark.
    v_number text := regexp_replace(
        split_part(regexp_replace(p_phone, '^.*wa\.me/', ''), '?', 1), '[^0-9+]', '', 'g'
    );
begin
    if v_number ~ '^0' then
        v_number := p_calling_code || substr(v_number, 2);
    end if;
    return 'https://wa.me/' || nullif(v_number, '');
end
$$;

comment on function members.whatsapp_link(text, text) is
    'p_phone: digits or a wa.me link, as in the file; p_calling_code: stands in for a leading 0, only here. Null when there is no number (spec: member §3.7; decisions D-1).';
revoke all on function members.whatsapp_link(text, text) from public;
grant execute on function members.whatsapp_link(text, text) to authenticated;
