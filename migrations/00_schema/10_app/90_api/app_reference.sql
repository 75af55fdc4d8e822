-- The words that screens offer, and the moves they may offer: the tables that rules are read from.

create or replace function api.app_reference() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if app.uid() is null then
        perform app.fail('PT401', 'auth.required', 'Nobody is logged in.');
    end if;
    return jsonb_build_object(
        'departments',
        (select coalesce(jsonb_agg(to_jsonb(d) - 'org_id' order by d.dept_code), '[]') from api.departments d),
        'lead_channels', (select jsonb_agg(c.primary_channel order by c.position) from crm.lead_channels c),
        'lead_transitions',
        (select jsonb_agg(to_jsonb(t) order by t.from_status, t.to_status) from crm.lead_transitions t),
        'prospect_transitions',
        (select jsonb_agg(to_jsonb(t) order by t.from_stage, t.to_stage) from crm.prospect_transitions t),
        'ticket_types',
        (
            select jsonb_agg(jsonb_build_object('ticket_type', t.ticket_type, 'machine', t.machine) order by t.position)
            from desk.ticket_types t
        ),
        'ticket_statuses',
        (select jsonb_agg(to_jsonb(s) - 'position' order by s.machine, s.position) from desk.ticket_statuses s),
        'ticket_transitions',
        (select jsonb_agg(to_jsonb(t) order by t.machine, t.from_status, t.to_status) from desk.ticket_transitions t),
        'close_reasons', (select jsonb_agg(to_jsonb(r) - 'position' order by r.position) from desk.close_reasons r),
        'import_modules',
        (
            select jsonb_agg(
                jsonb_build_object(
                    'module', m.module,
                    'may_import', app.can('imports.' || m.module, 'insert', 'all'),
                    'columns', (
                        select coalesce(
                            jsonb_agg(
                                jsonb_build_object('column_name', c.column_name, 'is_required', c.is_required) order by c.position
                            ),
                            '[]'
                        )
                        from ingest.import_columns c
                        where c.module = m.module
                    )
                )
                order by m.position, m.module
            )
            from ingest.import_modules m
        )
    );
end
$$;

comment on function api.app_reference() is
    'Returns {departments, lead_channels, lead_transitions, prospect_transitions, ticket_types, ticket_statuses, ticket_transitions, close_reasons, import_modules with may_import of the caller}. What is not listed is refused. Raises PT401 auth.required (spec: command_center §2.1, §2.5, §3.7, §6).';
revoke all on function api.app_reference() from public;
grant execute on function api.app_reference() to authenticated;
