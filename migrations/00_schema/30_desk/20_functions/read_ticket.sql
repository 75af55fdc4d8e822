-- Reads what a request says about a ticket: the values as they are meant, and every problem.

create or replace function desk.read_ticket(p_input jsonb, p_fields text[]) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_input) is distinct from 'object' then
        perform app.fail('PT422', 'request.not_an_object', 'The body must be a JSON object.');
    end if;

    return (
        with field (name, kind, maximum) as (
            values
                ('ticket_type', 'text', 100), ('dept_target', 'text', 3), ('service_code', 'text', 100),
                ('subject', 'text', 500), ('description', 'text', 10000),
                ('origin_address', 'text', 1000), ('origin_city', 'text', 255), ('origin_country', 'text', 100),
                ('destination_address', 'text', 1000), ('destination_city', 'text', 255), ('destination_country', 'text', 100),
                ('cargo_category', 'text', 255), ('cargo_qty', 'positive', 30), ('cargo_dimensions', 'text', 255),
                ('cargo_weight', 'positive', 30), ('scope_of_work', 'text', 5000),
                ('related_lead_id', 'text', 100), ('related_customer_id', 'text', 100), ('assigned_to', 'person', 36),
                ('status', 'text', 100), ('expected_status', 'text', 100), ('close_reason', 'text', 1000),
                ('competitor_rate', 'money', 30), ('customer_budget', 'money', 30)
        ),
        given as (
            select
                f.*,
                jsonb_typeof(p_input -> f.name) as type,
                -- Blank counts as null.
                nullif(btrim(p_input ->> f.name, E' \t\r\n\u00a0'), '') as text
            from field f
            where f.name = any (p_fields) and p_input ? f.name
        ),
        judged as (
            select
                g.name,
                g.text,
                case
                    when g.text is null then null
                    when g.type not in ('string', 'number') or (g.type = 'number' and g.kind in ('text', 'person'))
                        then array['type', case when g.kind in ('text', 'person') then 'must be text' else 'must be a number' end]
                    when length(g.text) > g.maximum then array['too_long', format('must have at most %s characters', g.maximum)]
                    when g.kind = 'person' and g.text !~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'
                        then array['type', 'must be the id of a person']
                    when g.kind = 'positive' and (g.text !~ '^[0-9]{1,15}(\.[0-9]{1,6})?$' or g.text::numeric <= 0)
                        then array['format', 'must be a number above 0, with a point before decimals']
                    when g.kind = 'money' and g.text !~ '^[0-9]{1,15}(\.[0-9]{1,2})?$'
                        then array['format', 'must be an amount with at most two decimals']
                end as problem
            from given g
        )
        select jsonb_build_object(
            'values', coalesce(jsonb_object_agg(j.name, j.text) filter (where j.problem is null), '{}'),
            'problems',
            coalesce(
                jsonb_agg(
                    jsonb_build_object('field', j.name, 'code', format('ticket.%s.%s', j.name, j.problem[1]), 'message', j.problem[2])
                    order by j.name
                ) filter (where j.problem is not null),
                '[]'
            )
            || (
                select coalesce(
                    jsonb_agg(
                        jsonb_build_object('field', left(k.name, 100), 'code', 'ticket.field.unknown', 'message', 'is no field here')
                        order by k.name
                    ),
                    '[]'
                )
                from jsonb_object_keys(p_input) as k (name)
                where k.name <> all (p_fields)
            )
        )
        from judged j
    );
end
$$;

comment on function desk.read_ticket(jsonb, text[]) is
    'p_fields: the fields that the request may have. Returns {values: field to text or null, problems: [{field, code, message}]}. Raises PT422 request.not_an_object.';
revoke all on function desk.read_ticket(jsonb, text[]) from public;
