-- One lead that the caller sees, with its tickets and who had it.

create or replace function api.crm_get_lead(p_lead_id text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_lead jsonb;
begin
    perform app.require('leads', 'select');

    select to_jsonb(l) - 'org_id'
    into v_lead
    from api.leads l
    where l.lead_id = p_lead_id;

    if v_lead is null then
        perform app.fail('PT404', 'lead.not_found', 'There is no such lead.', left(p_lead_id, 100));
    end if;

    return v_lead || jsonb_build_object(
        'tickets',
        coalesce(
            (
                select jsonb_agg(
                    jsonb_build_object(
                        'ticket_id', t.ticket_id,
                        'ticket_type', t.ticket_type,
                        'status', coalesce(t.inquiry_status, t.ticket_status),
                        'dept_target', t.dept_target,
                        'created_at', t.created_at
                    )
                    order by t.created_at desc, t.ticket_id desc
                )
                from desk.tickets t
                where t.org_id = (select app.org_id()) and t.related_lead_id = p_lead_id
            ),
            '[]'
        ),
        'assignments',
        coalesce(
            (
                select jsonb_agg(to_jsonb(a) - 'org_id' - 'lead_id' order by a.assignment_id)
                from api.lead_assignments a
                where a.lead_id = p_lead_id
            ),
            '[]'
        )
    );
end
$$;

comment on function api.crm_get_lead(text) is
    'Returns the row of api.leads, its tickets that the caller sees, and assignments, the oldest first. Raises PT401, PT403 permission.denied, PT404 lead.not_found also for one that the caller cannot see (decisions §5.14).';
revoke all on function api.crm_get_lead(text) from public;
grant execute on function api.crm_get_lead(text) to authenticated;
