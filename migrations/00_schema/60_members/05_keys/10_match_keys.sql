-- What of a member's row is compared with reservations: every value, in comparable form.

create or replace function members.match_keys(p_cells text[]) returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_upper text := upper(array_to_string(p_cells, E'\x1f'));
    v_keys text[] := string_to_array(v_upper, E'\x1f');
begin
    -- Nothing to trim, to leave out or to tell apart, as in nearly all rows: plain functions do it in half the time that
    -- starting a query takes. tsvector is what makes an array distinct.
    if length(v_upper) <= 200 and cardinality(v_keys) = cardinality(p_cells)
        and v_upper !~ E'(^|\x1f)[ \t\r\n\u00a0]|[ \t\r\n\u00a0](\x1f|$)'
    then
        return tsvector_to_array(array_to_tsvector(array_remove(v_keys, '')));
    end if;

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
