-- Reads many inputs by a list of their fields: normalised text of each, and everything that is wrong with it.

create or replace function app.read_rows(
    p_prefix text,
    p_fields jsonb,
    p_row_nos bigint[],
    p_inputs jsonb[],
    p_names jsonb default null
) returns table (
    row_no bigint,
    fields jsonb,
    problems jsonb
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with field as materialized (
        select
            f.key as name,
            case when p_names is null then f.key else p_names ->> f.key end as called,
            f.value ->> 'kind' as kind,
            coalesce((f.value ->> 'required')::boolean, false) as is_required,
            coalesce((f.value ->> 'maximum')::integer, 255) as maximum,
            f.value -> 'choices' as choices
        from jsonb_each(p_fields) f
    ),
    cell as (
        select
            i.row_no,
            f.*,
            -- Cells of a file are text; a payload has numbers where numbers are meant.
            p_names is null and jsonb_typeof(i.value -> f.called)
                <> case when f.kind in ('amount', 'money', 'number') then 'number' when f.kind = 'boolean' then 'boolean' else 'string' end as is_mistyped,
            -- Blank counts as not given; the space that spreadsheets paste is blank too.
            nullif(btrim(i.value ->> f.called, E' \t\r\n\u00a0'), '') as text
        from unnest(p_row_nos, p_inputs) as i (row_no, value)
        cross join field f
        offset 0
    ),
    judged as (
        select
            c.row_no,
            c.name,
            c.kind,
            c.text,
            case
                when c.text is null then case
                    when c.is_required then '{required,is required}'::text[]
                    -- A blank in a payload is no day: it may have meant another thing than saying nothing.
                    when p_names is null and c.kind = 'date' and not c.is_mistyped
                        then '{format,must be a date such as 2026-01-31}'::text[]
                end
                when c.is_mistyped then array[
                    'type',
                    format(
                        'must be %s',
                        case when c.kind in ('amount', 'money', 'number') then 'a number' when c.kind = 'boolean' then 'true or false' else 'text' end
                    )
                ]
                when length(c.text) > c.maximum then array['too_long', format('must have at most %s characters', c.maximum)]
                else case c.kind
                    when 'date' then
                        case when app.parse_date(c.text) is null then '{format,must be a date such as 2026-01-31}'::text[] end
                    when 'amount' then case
                        when c.text !~ '^-?[0-9]{1,16}(\.[0-9]{1,2}0*)?$'
                            then '{format,"must be an amount with at most two decimals after a point"}'::text[]
                        when c.text::numeric <= 0 then '{range,must be above 0}'::text[]
                    end
                    when 'money' then case
                        when c.text !~ '^-?[0-9]{1,15}(\.[0-9]{1,2}0*)?$'
                            then '{format,"must be an amount with at most two decimals after a point"}'::text[]
                        when c.text::numeric < 0 then '{range,must not be below 0}'::text[]
                    end
                    when 'number' then case
                        when c.text !~ '^-?[0-9]{1,13}(\.[0-9]{1,4}0*)?$'
                            then '{format,"must be a number with at most four decimals after a point"}'::text[]
                        when c.text::numeric < 0 then '{range,must not be below 0}'::text[]
                    end
                    when 'email' then case
                        when c.text !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$'
                            then '{format,must be an e-mail address}'::text[]
                    end
                    when 'phone' then case
                        when length(regexp_replace(c.text, '\D', '', 'g')) < 6
                            then '{format,must be a telephone number of at least six digits}'::text[]
                    end
                    when 'npwp' then case
                        when length(regexp_replace(c.text, '\D', '', 'g')) not in (15, 16)
                            then '{format,must have 15 or 16 digits}'::text[]
                    end
                    when 'currency' then case
                        when upper(c.text) !~ '^[A-Z]{3}$' then '{format,must be a code of three letters such as IDR}'::text[]
                    end
                    when 'boolean' then case
                        when lower(c.text) not in ('true', 'false', 'yes', 'no', 'ya', 'tidak', '1', '0')
                            then '{format,must be yes or no}'::text[]
                    end
                    when 'choice' then case
                        when not c.choices ? c.text then array[
                            'unknown',
                            format('must be one of %s', (select string_agg(o.choice, ', ') from jsonb_array_elements_text(c.choices) as o (choice)))
                        ]
                    end
                end
            end as problem
        from cell c
        offset 0
    ),
    faults as (
        select
            j.row_no,
            coalesce(
                jsonb_object_agg(
                    j.name,
                    case j.kind
                        when 'amount' then trim_scale(j.text::numeric)::text
                        when 'money' then trim_scale(j.text::numeric)::text
                        when 'number' then trim_scale(j.text::numeric)::text
                        when 'currency' then upper(j.text)
                        when 'boolean' then (lower(j.text) in ('true', 'yes', 'ya', '1'))::text
                        else j.text
                    end
                ) filter (where j.text is not null and j.problem is null),
                '{}'
            ) as fields,
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'field', j.name, 'code', concat_ws('.', p_prefix, j.name, j.problem[1]), 'message', j.problem[2]
                    )
                    order by j.name
                ) filter (where j.problem is not null),
                '[]'
            ) as problems
        from judged j
        group by j.row_no
    )
    select
        f.row_no,
        f.fields,
        f.problems || case
            when p_names is null then (
                select coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'field', left(k.name, 100), 'code', p_prefix || '.field.unknown', 'message', 'is no field here'
                        )
                        order by k.name
                    ),
                    '[]'
                )
                from unnest(p_row_nos, p_inputs) as i (row_no, value)
                cross join lateral jsonb_object_keys(i.value) as k (name)
                where i.row_no = f.row_no and not p_fields ? k.name
            )
            else '[]'
        end
    from faults f
    order by f.row_no;
end
$$;

comment on function app.read_rows(text, jsonb, bigint[], jsonb[], jsonb) is
    'p_prefix: what codes begin with; p_fields: {name: {kind, required, maximum, choices}}, kind text, date, amount (above 0, two decimals), money (from 0, two decimals), number (from 0, four decimals), email, phone, npwp, currency, boolean, choice; p_row_nos: what each input is called; p_inputs: objects; p_names: {field: its name in the inputs} of a file, whose cells are text, null for payloads. One row per input: fields {name: normalised text} without blank ones, problems [{field, code, message}]: <prefix>.<field>.required, .type, .format, .range, .too_long, .unknown, <prefix>.field.unknown. Serves the single form and every row of a file (spec: command_center §3.7).';
revoke all on function app.read_rows(text, jsonb, bigint[], jsonb[], jsonb) from public;
grant execute on function app.read_rows(text, jsonb, bigint[], jsonb[], jsonb) to authenticated;
