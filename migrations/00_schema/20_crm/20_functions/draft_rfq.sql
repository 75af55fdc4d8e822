-- Reads the request for a tariff inside a lead's payload: the ticket's fields, what is missing, what is wrong.

create or replace function crm.draft_rfq(p_input jsonb, p_rules jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        with field (name, max_length, kind) as (
            values
                ('dept_target', 3, 'department'),
                ('origin_address', 1000, 'text'),
                ('origin_city', 255, 'text'),
                ('origin_country', 100, 'text'),
                ('destination_address', 1000, 'text'),
                ('destination_city', 255, 'text'),
                ('destination_country', 100, 'text'),
                ('cargo_category', 255, 'text'),
                ('cargo_qty', 30, 'number'),
                ('cargo_dimensions', 255, 'text'),
                ('cargo_weight', 30, 'number'),
                ('scope_of_work', 5000, 'text')
        ),
        typed as (
            select
                f.*,
                coalesce(
                    nullif(btrim(p_input ->> ('rfq_' || f.name), E' \t\r\n\u00a0'), ''),
                    -- The department that owns the service quotes on it (decisions §5.19).
                    case when f.kind = 'department' then p_rules -> 'services' ->> (p_input ->> 'service_code') end
                ) as value,
                jsonb_typeof(p_input -> ('rfq_' || f.name)) as json_type
            from field f
        ),
        judged as (
            select
                t.name,
                t.value,
                case
                    when t.json_type in ('object', 'array', 'boolean') or (t.json_type = 'number' and t.kind <> 'number')
                        then array['type', case t.kind when 'number' then 'must be a number' else 'must be text' end]
                    when t.value is null then null
                    when length(t.value) > t.max_length
                        then array['too_long', format('must have at most %s characters', t.max_length)]
                    when t.kind = 'number' and (t.value !~ '^[0-9]{1,15}(\.[0-9]{1,6})?$' or t.value::numeric <= 0)
                        then array['format', 'must be a number above 0, with a point before decimals']
                    when t.kind = 'department'
                        and (p_rules -> 'services') ? (p_input ->> 'service_code')
                        and t.value <> p_rules -> 'services' ->> (p_input ->> 'service_code')
                        then array['differs', 'must be the department that owns the service, or be left out']
                end as problem
            from typed t
        )
        select jsonb_build_object(
            'ticket',
            coalesce(jsonb_object_agg(j.name, j.value) filter (where j.value is not null and j.problem is null), '{}'),
            'missing',
            coalesce(jsonb_agg('rfq_' || j.name order by j.name) filter (where j.value is null and j.problem is null), '[]'),
            'problems',
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'field', 'rfq_' || j.name,
                        'code', 'lead.rfq_' || j.name || '.' || j.problem[1],
                        'message', j.problem[2]
                    )
                    order by j.name
                ) filter (where j.problem is not null),
                '[]'
            )
        )
        from judged j
    );
end
$$;

comment on function crm.draft_rfq(jsonb, jsonb) is
    'Returns {ticket: fields without their rfq_ prefix, missing: [field], problems: [{field, code, message}]}. The twelve fields and the service are the minimum of a request for a tariff (spec: command_center §3.3).';
revoke all on function crm.draft_rfq(jsonb, jsonb) from public;
