-- What of a member's row is compared with reservations: every value, in comparable form.

create or replace function members.match_keys(p_cells text[]) returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Longer texts are nobody's id, and would not fit into an index.
    return array(
        select distinct k.key
        from unnest(p_cells) as c (cell)
        cross join lateral (select upper(btrim(c.cell, E' \t\r\n\u00a0')) as key) k
        where k.key <> '' and length(k.key) <= 200
    );
end
$$;

comment on function members.match_keys(text[]) is
    'Distinct cells, trimmed and in upper case, without blanks and without texts of more than 200 characters (spec: member §3.2, §3.6).';
revoke all on function members.match_keys(text[]) from public;
