-- Reads the form of a new ticket: its columns as they will be, and everything that is wrong.

create or replace function desk.draft_ticket(p_payload jsonb, out ticket jsonb, out problems jsonb)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_read jsonb := desk.read_ticket(
        p_payload,
        '{ticket_type, dept_target, service_code, subject, description, origin_address, origin_city, origin_country,
          destination_address, destination_city, destination_country, cargo_category, cargo_qty, cargo_dimensions,
          cargo_weight, scope_of_work, related_lead_id, related_customer_id, assigned_to}'
    );
    v_values jsonb := v_read -> 'values';
    v_owner_dept text;
    v_dept text;
    v_lead crm.leads;
    v_customer_is_seen boolean := app.may_select_customers(v_org_id, v_values ->> 'related_customer_id');
    v_unfit text;
begin
    select s.owner_dept into v_owner_dept
    from crm.services s
    where s.org_id = v_org_id and s.service_code = v_values ->> 'service_code';
    v_dept := coalesce(v_values ->> 'dept_target', v_owner_dept);
    if app.may_select_leads(v_org_id, v_values ->> 'related_lead_id') then
        select l.* into v_lead from crm.leads l where l.org_id = v_org_id and l.lead_id = v_values ->> 'related_lead_id';
    end if;
    v_unfit := desk.assignee_problem(v_dept, (v_values ->> 'assigned_to')::uuid);

    select (v_read -> 'problems') || coalesce(
        jsonb_agg(
            jsonb_build_object('field', c.field, 'code', concat('ticket.', c.field, '.', c.code), 'message', c.message)
            order by c.field
        ),
        '[]'
    )
    into problems
    from (
        values
            ('ticket_type', 'required', 'is required', v_values ->> 'ticket_type' is null),
            (
                'ticket_type', 'unknown', 'is none of the four types',
                v_values ->> 'ticket_type' is not null
                and not exists (select from desk.ticket_types t where t.ticket_type = v_values ->> 'ticket_type')
            ),
            ('subject', 'required', 'is required', v_values ->> 'subject' is null),
            ('dept_target', 'required', 'is required', v_dept is null),
            (
                'dept_target', 'unknown', 'is no department here',
                v_dept is not null
                and not exists (select from app.departments d where d.org_id = v_org_id and d.dept_code = v_dept)
            ),
            (
                -- The department that owns the service quotes on it (decisions §5.19).
                'dept_target', 'differs', 'must be the department that owns the service, or be left out',
                v_values ->> 'ticket_type' = 'inquiry tariff' and v_owner_dept <> v_dept
            ),
            ('service_code', 'unknown', 'is no service here', v_owner_dept is null and v_values ->> 'service_code' is not null),
            -- The same words whether it is not there or not theirs to see (case 152).
            (
                'related_lead_id', 'unknown', 'is no lead that you can see',
                v_lead.lead_id is null and v_values ->> 'related_lead_id' is not null
            ),
            (
                'related_customer_id', 'unknown', 'is no customer that you can see',
                not v_customer_is_seen and v_values ->> 'related_customer_id' is not null
            ),
            (
                'related_customer_id', 'differs', 'must be the customer of the lead, or be left out',
                v_customer_is_seen and v_lead.customer_id <> v_values ->> 'related_customer_id'
            ),
            ('assigned_to', 'unfit', v_unfit, v_values ->> 'assigned_to' is not null and v_unfit is not null)
    ) as c (field, code, message, is_wrong)
    where c.is_wrong
      -- What could not be read at all has been reported.
      and not jsonb_path_exists(v_read -> 'problems', '$[*] ? (@.field == $name)', jsonb_build_object('name', c.field));

    ticket := v_values || jsonb_build_object(
        'dept_target', v_dept, 'related_customer_id', coalesce(v_lead.customer_id, v_values ->> 'related_customer_id')
    );
end
$$;

comment on function desk.draft_ticket(jsonb) is
    'p_payload: that of api.ticket_create. Returns ticket: columns of desk.tickets, a lead''s ticket with the lead''s customer; problems [{field, code, message}] (spec: command_center §3.9).';
revoke all on function desk.draft_ticket(jsonb) from public;
