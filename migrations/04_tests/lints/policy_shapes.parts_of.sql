-- Takes an expression apart at its outermost `and` or `or`.

create or replace function tests.parts_of(p_expression text) returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text := btrim(p_expression);
    v_operator text := '';
    v_parts text[] := '{}'::text[];
    v_depth integer := 0;
    v_start integer := 2;
    v_quoted boolean := false;
    v_found text;
begin
    if v_text !~ '^\(.*\)$' then
        return array['', v_text];
    end if;
    -- Postgres puts every `and` and `or` in parentheses of its own: what stands one deep belongs to one operator.
    for i in 1..length(v_text) loop
        case substr(v_text, i, 1)
            when '''' then v_quoted := not v_quoted;
            when '(' then v_depth := v_depth + (not v_quoted)::integer;
            when ')' then v_depth := v_depth - (not v_quoted)::integer;
            when ' ' then
                v_found := substring(substr(v_text, i, 5) from '^ (AND|OR) ');
                if v_depth = 1 and not v_quoted and v_found is not null then
                    v_operator := v_found;
                    v_parts := v_parts || substr(v_text, v_start, i - v_start);
                    v_start := i + length(v_found) + 2;
                end if;
            else null;
        end case;
        if v_depth = 0 and i < length(v_text) then
            return array['', v_text];
        end if;
    end loop;
    if v_operator = '' then
        return array['', v_text];
    end if;
    return array[v_operator] || v_parts || substr(v_text, v_start, length(v_text) - v_start);
end
$$;

comment on function tests.parts_of(text) is
    'An expression as pg_get_expr prints it, taken apart at its outermost operator: {AND, part, part …}, {OR, part …}, or {'''', expression} where that is neither.';
revoke all on function tests.parts_of(text) from public;
