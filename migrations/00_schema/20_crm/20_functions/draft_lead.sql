-- Reads one lead as it was typed: the normalised draft, and everything that is wrong with it.

create or replace function crm.draft_lead(p_input jsonb, p_rules jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        with field (name, required, max_length, kind) as (
            values
                ('company_name',        true,  255,  'text'),
                ('pic_name',            true,  255,  'text'),
                ('contact_phone',       true,  50,   'phone'),
                ('email',               true,  254,  'email'),
                ('city_area',           true,  255,  'text'),
                ('service_code',        true,  50,   'service'),
                ('primary_channel',     true,  50,   'channel'),
                ('npwp',                false, 50,   'npwp'),
                ('country',             false, 100,  'text'),
                ('route',               false, 500,  'text'),
                ('est_volume_value',    false, 30,   'number'),
                ('est_volume_unit',     false, 50,   'text'),
                ('timeline',            false, 100,  'text'),
                ('campaign_name',       false, 255,  'text'),
                ('notes',               false, 5000, 'text'),
                ('lead_date',           false, 10,   'past_date'),
                ('sourced_by',          false, 20,   'source'),
                ('next_step',           false, 20,   'step'),
                ('due_date',            false, 10,   'date'),
                ('sales_owner_user_id', false, 36,   'uuid')
        ),
        typed as (
            select
                f.*,
                -- Blank counts as not given; the space that spreadsheets paste is blank too.
                nullif(btrim(p_input ->> f.name, E' \t\r\n\u00a0'), '') as value,
                jsonb_typeof(p_input -> f.name) as json_type
            from field f
        ),
        judged as (
            select
                t.name,
                t.value,
                case
                    when t.json_type in ('object', 'array', 'boolean') or (t.json_type = 'number' and t.kind <> 'number')
                        then array['type', case t.kind when 'number' then 'must be a number' else 'must be text' end]
                    when t.value is null and t.required then array['required', 'is required']
                    when t.value is null then null
                    when length(t.value) > t.max_length
                        then array['too_long', format('must have at most %s characters', t.max_length)]
                    when t.kind = 'email' and t.value !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$'
                        then array['format', 'must be an e-mail address']
                    when t.kind = 'phone' and crm.phone_key(t.value, p_rules ->> 'calling_code') is null
                        then array['format', 'must be a telephone number of at least six digits']
                    when t.kind = 'npwp' and length(regexp_replace(t.value, '[^0-9]', '', 'g')) not in (15, 16)
                        then array['format', 'must have 15 or 16 digits']
                    when t.kind = 'service' and not (p_rules -> 'services') ? t.value
                        then array['unknown', 'is no service of this organisation']
                    when t.kind = 'channel' and not (p_rules -> 'channels') ? t.value
                        then array['unknown', 'is no channel']
                    when t.kind = 'source' and t.value not in ('Marketing', 'Sales')
                        then array['unknown', 'must be Marketing or Sales']
                    when t.kind = 'step'
                        and t.value not in ('Call', 'Email', 'Visit', 'Online Meeting', 'Send Proposal', 'Follow Up')
                        then array['unknown', 'must be one of Call, Email, Visit, Online Meeting, Send Proposal, Follow Up']
                    when t.kind = 'number' and t.value !~ '^[0-9]{1,15}(\.[0-9]{1,6})?$'
                        then array['format', 'must be a number from 0, with a point before decimals']
                    when t.kind in ('date', 'past_date') and app.parse_date(t.value) is null
                        then array['format', 'must be a date such as 2026-01-31']
                    when t.kind = 'past_date' and app.parse_date(t.value) > (p_rules ->> 'today')::date
                        then array['future', 'must not be in the future']
                    when t.kind = 'uuid' and t.value !~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'
                        then array['format', 'must be the id of a person']
                    when t.kind = 'uuid' and not (p_rules -> 'may_own') ? lower(t.value)
                        then array['not_allowed', 'must be an active salesperson whom you may name as the owner']
                end as problem
            from typed t
        ),
        draft (draft) as (
            select jsonb_object_agg(j.name, j.value) filter (where j.value is not null)
            from judged j
            where j.problem is null
        )
        select jsonb_build_object(
            'draft',
            jsonb_build_object(
                'lead_date', p_rules ->> 'today',
                'due_date', p_rules ->> 'due_date',
                'next_step', 'Call',
                'sourced_by', p_rules ->> 'sourced_by'
            )
            || coalesce(d.draft, '{}')
            || jsonb_strip_nulls(jsonb_build_object(
                'npwp_key', crm.npwp_key(d.draft ->> 'npwp'),
                'email_key', crm.email_key(d.draft ->> 'email'),
                'phone_key', crm.phone_key(d.draft ->> 'contact_phone', p_rules ->> 'calling_code'),
                'company_key', crm.company_key(d.draft ->> 'company_name'),
                'id_prefix', p_rules -> 'channels' ->> (d.draft ->> 'primary_channel')
            )),
            'problems',
            (
                select coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'field', p.name, 'code', 'lead.' || p.name || '.' || p.problem[1], 'message', p.problem[2]
                        )
                    ),
                    '[]'
                )
                from judged p
                where p.problem is not null
            )
        )
        from draft d
    );
end
$$;

comment on function crm.draft_lead(jsonb, jsonb) is
    'p_input: fields as typed (text; est_volume_value also number); p_rules: crm.lead_rules(). Returns {draft: normalised fields, defaults and keys; problems: [{field, code, message}]}. Serves the single lead and every row of a file (spec: command_center §3.1, §3.3).';
revoke all on function crm.draft_lead(jsonb, jsonb) from public;
