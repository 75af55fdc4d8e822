-- Reads the days of grace that products shall have of their own.

create or replace function members.wanted_overrides(p_given jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problems jsonb;
begin
    if jsonb_typeof(p_given) <> 'array' or p_given @? '$[*] ? (@.type() != "object")' or jsonb_array_length(p_given) > 1000 then
        v_problems := '[{"field": "product_overrides", "code": "reservation_config.product_overrides.type", "message": "must be a list of at most 1000 objects"}]';
    else
        select jsonb_agg(
            jsonb_build_object(
                'field', format('product_overrides[%s].%s', j.position - 1, j.problem[1]),
                'code', format('reservation_config.product_overrides.%s.%s', j.problem[1], j.problem[2]), 'message', j.problem[3]
            )
            order by j.position
        )
        into v_problems
        from (
            select
                e.position,
                case
                    when not exists (
                        select
                        from members.products p
                        where p.org_id = app.org_id() and to_jsonb(p.product_id) = e.value -> 'product_id'
                    ) then array['product_id', 'unknown', 'is no product']
                    when count(*) over (partition by e.value -> 'product_id') > 1
                        then array['product_id', 'duplicate', 'is there more than once']
                    when jsonb_typeof(e.value -> 'grace_days') is distinct from 'number'
                        or (e.value ->> 'grace_days')::numeric not between 1 and 365
                        or (e.value ->> 'grace_days')::numeric <> trunc((e.value ->> 'grace_days')::numeric)
                        then array['grace_days', 'range', 'must be a whole number from 1 to 365']
                end as problem
            from jsonb_array_elements(p_given) with ordinality as e (value, position)
        ) j
        where j.problem is not null;
    end if;
    if v_problems is not null then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return p_given;
end
$$;

comment on function members.wanted_overrides(jsonb) is
    'p_given: [{product_id, grace_days 1–365}], each product once. Raises PT422 with reservation_config.product_overrides.… for each that is wrong (spec: member §5.6 config validation, case 51).';
revoke all on function members.wanted_overrides(jsonb) from public;
