-- Whether a ticket is within what the caller may do by one action: the scopes of policy tickets_select, for definer code.

create or replace function desk.ticket_is_within(p_action text, p_ticket desk.tickets) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- A ticket that is with nobody makes some of these null: that is no.
    select coalesce(p_ticket.org_id = app.org_id() and (
        app.can('tickets', p_action, 'all')
        or (app.can('tickets', p_action, 'created') and p_ticket.created_by = app.uid())
        or (app.can('tickets', p_action, 'assigned') and p_ticket.assigned_to = app.uid())
        or (app.can('tickets', p_action, 'dept') and p_ticket.dept_target = app.dept_code())
        or (app.can('tickets', p_action, 'dept_unmasked') and p_ticket.dept_target = app.dept_code() and not p_ticket.need_customer_masking)
        or (app.can('tickets', p_action, 'team') and (p_ticket.created_by = any (app.team_ids()) or p_ticket.assigned_to = any (app.team_ids())))
        or (app.can('tickets', p_action, 'marketing') and p_ticket.created_by = any (app.user_ids_of_group('marketing')))
        or (app.can('tickets', p_action, 'lead') and app.may_select_leads(p_ticket.org_id, p_ticket.related_lead_id))
    ), false)
$$;

comment on function desk.ticket_is_within(text, desk.tickets) is
    'p_action: select, update or assign. True when a scope of the caller''s role for it holds the ticket (spec: command_center §1.7).';
revoke all on function desk.ticket_is_within(text, desk.tickets) from public;
