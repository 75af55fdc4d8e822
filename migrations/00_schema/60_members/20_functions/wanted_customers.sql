-- Reads a list of customers: trimmed, each once.

create or replace function members.wanted_customers(p_given jsonb) returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := (app.setting('bulk_limit') #>> '{}')::integer;
    v_problem text[];
begin
    v_problem := case
        when p_given is null or p_given = 'null' then array['required', 'is required']
        when jsonb_typeof(p_given) <> 'array' or p_given @? '$[*] ? (@.type() != "string")'
            then array['type', 'must be a list of texts']
        when jsonb_array_length(p_given) not between 1 and v_limit
            then array['range', format('must have from 1 to %s customers', v_limit)]
        when exists (select from jsonb_array_elements_text(p_given) g where length(btrim(g, E' \t\r\n\u00a0')) > 200)
            then array['too_long', 'has a customer of more than 200 characters']
    end;
    if v_problem is not null then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            jsonb_build_array(
                jsonb_build_object(
                    'field', 'customer_ids', 'code', 'reservation.customer_ids.' || v_problem[1], 'message', v_problem[2]
                )
            )::text
        );
    end if;
    return array(
        select g.name
        from (
            select distinct on (members.match_key(t.name)) t.name, t.position
            from (
                select btrim(e.value, E' \t\r\n\u00a0') as name, e.position
                from jsonb_array_elements_text(p_given) with ordinality as e (value, position)
            ) t
            where t.name <> ''
            order by members.match_key(t.name), t.position
        ) g
        order by g.position
    );
end
$$;

comment on function members.wanted_customers(jsonb) is
    'p_given: customer_ids of a body. Blanks and repetitions (in any case of letters) are dropped, the order stays. At most the setting bulk_limit. Raises PT422 reservation.customer_ids.required, .type, .range, .too_long (spec: member §5.6 bulk add; decisions §4).';
revoke all on function members.wanted_customers(jsonb) from public;
