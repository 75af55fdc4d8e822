-- Whether the caller sees a ticket: what policy tickets_select says, for definer code.

create or replace function app.may_select_tickets(p_org_id uuid, p_ticket_id text) returns boolean
language sql
stable
security definer -- answers for the caller about a row that the caller may not be able to read
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select
        from desk.tickets t
        where t.org_id = p_org_id and t.ticket_id = p_ticket_id and desk.ticket_is_within('select', t)
    )
$$;

comment on function app.may_select_tickets(uuid, text) is
    'True when the caller sees this ticket''s row; equal to policy tickets_select by test (decisions §5.7).';
revoke all on function app.may_select_tickets(uuid, text) from public;
grant execute on function app.may_select_tickets(uuid, text) to authenticated, analyst;
