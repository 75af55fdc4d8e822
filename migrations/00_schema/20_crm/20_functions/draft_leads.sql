-- Reads leads as they were typed: the normalised draft of each, and everything that is wrong with it.

create or replace function crm.draft_leads(p_row_nos bigint[], p_inputs jsonb[], p_names jsonb, p_rules jsonb)
returns table (
    row_no bigint,
    draft crm.lead_draft,
    problems jsonb
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- Blank counts as not given; the space that spreadsheets paste is blank too.
    v_blank text := E' \t\r\n\u00a0';
    v_services jsonb := p_rules -> 'services';
    v_channels jsonb := p_rules -> 'channels';
    v_may_own jsonb := p_rules -> 'may_own';
    v_calling_code text := p_rules ->> 'calling_code';
    v_today date := (p_rules ->> 'today')::date;
    v_due_date date := (p_rules ->> 'due_date')::date;
    v_sourced_by text := p_rules ->> 'sourced_by';
    v_own_names constant jsonb := jsonb_build_object(
        'company_name', 'company_name', 'pic_name', 'pic_name', 'contact_phone', 'contact_phone', 'email', 'email',
        'city_area', 'city_area', 'service_code', 'service_code', 'primary_channel', 'primary_channel', 'npwp', 'npwp',
        'country', 'country', 'route', 'route', 'est_volume_value', 'est_volume_value',
        'est_volume_unit', 'est_volume_unit', 'timeline', 'timeline', 'campaign_name', 'campaign_name', 'notes', 'notes',
        'lead_date', 'lead_date', 'sourced_by', 'sourced_by', 'next_step', 'next_step', 'due_date', 'due_date',
        'sales_owner_user_id', 'sales_owner_user_id'
    );
begin
    return query
    with input as (
        select
            i.row_no,
            i.value,
            -- Cells of a file are text; a payload may hold anything, and text is what nearly all of them hold.
            p_names is null
                and jsonb_path_exists(i.value, 'strict $.* ? (@.type() != "string" && @.type() != "null")') as has_types,
            n.*
        from (
            select f.*
            from jsonb_to_record(coalesce(p_names, v_own_names)) as f (
                company_name text, pic_name text, contact_phone text, email text, city_area text, service_code text,
                primary_channel text, npwp text, country text, route text, est_volume_value text, est_volume_unit text,
                timeline text, campaign_name text, notes text, lead_date text, sourced_by text, next_step text,
                due_date text, sales_owner_user_id text
            )
            offset 0
        ) n
        cross join unnest(p_row_nos, p_inputs) as i (row_no, value)
    ),
    typed as (
        select
            i.row_no,
            -- The fields that hold no text, where any does.
            case
                when i.has_types then array(
                    select o.key
                    from jsonb_each(i.value) o
                    where jsonb_typeof(o.value) in ('object', 'array', 'boolean')
                       or (jsonb_typeof(o.value) = 'number' and o.key <> 'est_volume_value')
                )
            end as mistyped,
            nullif(btrim(i.value ->> i.company_name, v_blank), '') as company_name,
            nullif(btrim(i.value ->> i.pic_name, v_blank), '') as pic_name,
            nullif(btrim(i.value ->> i.contact_phone, v_blank), '') as contact_phone,
            nullif(btrim(i.value ->> i.email, v_blank), '') as email,
            nullif(btrim(i.value ->> i.city_area, v_blank), '') as city_area,
            nullif(btrim(i.value ->> i.service_code, v_blank), '') as service_code,
            nullif(btrim(i.value ->> i.primary_channel, v_blank), '') as primary_channel,
            nullif(btrim(i.value ->> i.npwp, v_blank), '') as npwp,
            nullif(btrim(i.value ->> i.country, v_blank), '') as country,
            nullif(btrim(i.value ->> i.route, v_blank), '') as route,
            nullif(btrim(i.value ->> i.est_volume_value, v_blank), '') as est_volume_value,
            nullif(btrim(i.value ->> i.est_volume_unit, v_blank), '') as est_volume_unit,
            nullif(btrim(i.value ->> i.timeline, v_blank), '') as timeline,
            nullif(btrim(i.value ->> i.campaign_name, v_blank), '') as campaign_name,
            nullif(btrim(i.value ->> i.notes, v_blank), '') as notes,
            nullif(btrim(i.value ->> i.lead_date, v_blank), '') as lead_date,
            nullif(btrim(i.value ->> i.sourced_by, v_blank), '') as sourced_by,
            nullif(btrim(i.value ->> i.next_step, v_blank), '') as next_step,
            nullif(btrim(i.value ->> i.due_date, v_blank), '') as due_date,
            nullif(btrim(i.value ->> i.sales_owner_user_id, v_blank), '') as sales_owner_user_id
        from input i
        offset 0
    ),
    keyed as (
        select
            t.*,
            crm.npwp_key(t.npwp) as npwp_key,
            crm.email_key(t.email) as email_key,
            crm.phone_key(t.contact_phone, v_calling_code) as phone_key,
            crm.company_key(t.company_name) as company_key,
            case when t.lead_date is not null then app.parse_date(t.lead_date) end as lead_day,
            case when t.due_date is not null then app.parse_date(t.due_date) end as due_day
        from typed t
        offset 0
    ),
    -- One column for each field: what is wrong with it, as {code, message}; null: nothing.
    judged as (
        select
            k.*,
            case
                when 'company_name' = any (k.mistyped) then '{type,must be text}'::text[]
                when k.company_name is null then '{required,is required}'::text[]
                when length(k.company_name) > 255 then '{too_long,must have at most 255 characters}'::text[]
            end as company_name_problem,
            case
                when 'pic_name' = any (k.mistyped) then '{type,must be text}'::text[]
                when k.pic_name is null then '{required,is required}'::text[]
                when length(k.pic_name) > 255 then '{too_long,must have at most 255 characters}'::text[]
            end as pic_name_problem,
            case
                when 'contact_phone' = any (k.mistyped) then '{type,must be text}'::text[]
                when k.contact_phone is null then '{required,is required}'::text[]
                when length(k.contact_phone) > 50 then '{too_long,must have at most 50 characters}'::text[]
                when k.phone_key is null then '{format,must be a telephone number of at least six digits}'::text[]
            end as contact_phone_problem,
            case
                when 'email' = any (k.mistyped) then '{type,must be text}'::text[]
                when k.email is null then '{required,is required}'::text[]
                when length(k.email) > 254 then '{too_long,must have at most 254 characters}'::text[]
                when k.email !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$'
                    then '{format,must be an e-mail address}'::text[]
            end as email_problem,
            case
                when 'city_area' = any (k.mistyped) then '{type,must be text}'::text[]
                when k.city_area is null then '{required,is required}'::text[]
                when length(k.city_area) > 255 then '{too_long,must have at most 255 characters}'::text[]
            end as city_area_problem,
            case
                when 'service_code' = any (k.mistyped) then '{type,must be text}'::text[]
                when k.service_code is null then '{required,is required}'::text[]
                when length(k.service_code) > 50 then '{too_long,must have at most 50 characters}'::text[]
                when not v_services ? k.service_code then '{unknown,is no service of this organisation}'::text[]
            end as service_code_problem,
            case
                when 'primary_channel' = any (k.mistyped) then '{type,must be text}'::text[]
                when k.primary_channel is null then '{required,is required}'::text[]
                when length(k.primary_channel) > 50 then '{too_long,must have at most 50 characters}'::text[]
                when not v_channels ? k.primary_channel then '{unknown,is no channel}'::text[]
            end as primary_channel_problem,
            case
                when 'npwp' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.npwp) > 50 then '{too_long,must have at most 50 characters}'::text[]
                -- The key of 15 digits has 16.
                when k.npwp is not null and length(k.npwp_key) is distinct from 16
                    then '{format,must have 15 or 16 digits}'::text[]
            end as npwp_problem,
            case
                when 'country' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.country) > 100 then '{too_long,must have at most 100 characters}'::text[]
            end as country_problem,
            case
                when 'route' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.route) > 500 then '{too_long,must have at most 500 characters}'::text[]
            end as route_problem,
            case
                when 'est_volume_value' = any (k.mistyped) then '{type,must be a number}'::text[]
                when length(k.est_volume_value) > 30 then '{too_long,must have at most 30 characters}'::text[]
                when k.est_volume_value !~ '^[0-9]{1,15}(\.[0-9]{1,6})?$'
                    then '{format,"must be a number from 0, with a point before decimals"}'::text[]
            end as est_volume_value_problem,
            case
                when 'est_volume_unit' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.est_volume_unit) > 50 then '{too_long,must have at most 50 characters}'::text[]
            end as est_volume_unit_problem,
            case
                when 'timeline' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.timeline) > 100 then '{too_long,must have at most 100 characters}'::text[]
            end as timeline_problem,
            case
                when 'campaign_name' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.campaign_name) > 255 then '{too_long,must have at most 255 characters}'::text[]
            end as campaign_name_problem,
            case
                when 'notes' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.notes) > 5000 then '{too_long,must have at most 5000 characters}'::text[]
            end as notes_problem,
            case
                when 'lead_date' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.lead_date) > 10 then '{too_long,must have at most 10 characters}'::text[]
                when k.lead_date is not null and k.lead_day is null then '{format,must be a date such as 2026-01-31}'::text[]
                when k.lead_day > v_today then '{future,must not be in the future}'::text[]
            end as lead_date_problem,
            case
                when 'sourced_by' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.sourced_by) > 20 then '{too_long,must have at most 20 characters}'::text[]
                when k.sourced_by not in ('Marketing', 'Sales') then '{unknown,must be Marketing or Sales}'::text[]
            end as sourced_by_problem,
            case
                when 'next_step' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.next_step) > 20 then '{too_long,must have at most 20 characters}'::text[]
                when k.next_step not in ('Call', 'Email', 'Visit', 'Online Meeting', 'Send Proposal', 'Follow Up')
                    then '{unknown,"must be one of Call, Email, Visit, Online Meeting, Send Proposal, Follow Up"}'::text[]
            end as next_step_problem,
            case
                when 'due_date' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.due_date) > 10 then '{too_long,must have at most 10 characters}'::text[]
                when k.due_date is not null and k.due_day is null then '{format,must be a date such as 2026-01-31}'::text[]
            end as due_date_problem,
            case
                when 'sales_owner_user_id' = any (k.mistyped) then '{type,must be text}'::text[]
                when length(k.sales_owner_user_id) > 36 then '{too_long,must have at most 36 characters}'::text[]
                when k.sales_owner_user_id !~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'
                    then '{format,must be the id of a person}'::text[]
                when not v_may_own ? lower(k.sales_owner_user_id)
                    then '{not_allowed,must be an active salesperson whom you may name as the owner}'::text[]
            end as sales_owner_problem
        from keyed k
        offset 0
    )
    select
        j.row_no,
        row(
            j.row_no,
            -- What was typed, in comparable form: finds the same row again whatever day it is.
            case
                when p_names is not null then sha256(
                    convert_to(
                        row(
                            j.company_key, j.email_key, j.phone_key, j.npwp_key, j.pic_name, j.city_area, j.service_code,
                            j.primary_channel, j.country, j.route, j.est_volume_value, j.est_volume_unit, j.timeline,
                            j.campaign_name, j.notes, j.lead_date, j.sourced_by, j.next_step, j.due_date,
                            j.sales_owner_user_id
                        )::text,
                        'UTF8'
                    )
                )
            end,
            j.company_name, j.pic_name, j.contact_phone, j.email, j.city_area, j.service_code, j.primary_channel, j.npwp,
            j.country, j.route,
            case when j.est_volume_value_problem is null then j.est_volume_value::numeric end,
            j.est_volume_unit, j.timeline, j.campaign_name, j.notes,
            coalesce(j.lead_day, v_today),
            coalesce(j.sourced_by, v_sourced_by),
            coalesce(j.next_step, 'Call'),
            coalesce(j.due_day, v_due_date),
            case when j.sales_owner_problem is null then j.sales_owner_user_id::uuid end,
            j.npwp_key, j.email_key, j.phone_key, j.company_key,
            v_channels ->> j.primary_channel
        )::crm.lead_draft,
        case
            when coalesce(
                j.company_name_problem, j.pic_name_problem, j.contact_phone_problem, j.email_problem, j.city_area_problem,
                j.service_code_problem, j.primary_channel_problem, j.npwp_problem, j.country_problem, j.route_problem,
                j.est_volume_value_problem, j.est_volume_unit_problem, j.timeline_problem, j.campaign_name_problem,
                j.notes_problem, j.lead_date_problem, j.sourced_by_problem, j.next_step_problem, j.due_date_problem,
                j.sales_owner_problem
            ) is null
                then '[]'::jsonb
            else (
                select jsonb_agg(
                    jsonb_build_object(
                        'field', p.name, 'code', 'lead.' || p.name || '.' || p.problem[1], 'message', p.problem[2]
                    )
                )
                from (
                    values
                        ('company_name', j.company_name_problem), ('pic_name', j.pic_name_problem),
                        ('contact_phone', j.contact_phone_problem), ('email', j.email_problem),
                        ('city_area', j.city_area_problem), ('service_code', j.service_code_problem),
                        ('primary_channel', j.primary_channel_problem), ('npwp', j.npwp_problem),
                        ('country', j.country_problem), ('route', j.route_problem),
                        ('est_volume_value', j.est_volume_value_problem), ('est_volume_unit', j.est_volume_unit_problem),
                        ('timeline', j.timeline_problem), ('campaign_name', j.campaign_name_problem),
                        ('notes', j.notes_problem), ('lead_date', j.lead_date_problem),
                        ('sourced_by', j.sourced_by_problem), ('next_step', j.next_step_problem),
                        ('due_date', j.due_date_problem), ('sales_owner_user_id', j.sales_owner_problem)
                ) as p (name, problem)
                where p.problem is not null
            )
        end
    from judged j;
end
$$;

comment on function crm.draft_leads(bigint[], jsonb[], jsonb, jsonb) is
    'p_row_nos: what each input is called; p_inputs: objects of fields as typed (text; est_volume_value also number); p_names: {field: its name in the inputs} of a file, whose cells are text, null for payloads; p_rules: crm.lead_rules(). One row per input: draft (what a faulty field becomes is not said), problems [{field, code, message}]. Serves the single lead and every row of a file (spec: command_center §3.1, §3.3).';
revoke all on function crm.draft_leads(bigint[], jsonb[], jsonb, jsonb) from public;
