-- Masked tickets for the department that works on them.

create or replace function desk.masked_tickets(p_ticket_ids text[]) returns table (ticket_id text, created_at timestamptz, item jsonb)
language sql
stable
security definer -- shows less than the row, to people who must not see the row (decisions D3)
set search_path = pg_catalog, pg_temp
as $$
    select
        t.ticket_id, t.created_at,
        (to_jsonb(m) - 'org_id') || jsonb_build_object(
            'first_response_at', k.first_response_at,
            'first_response_due_at', k.first_response_due_at,
            'resolution_due_at', k.resolution_due_at,
            'is_paused', k.paused_at is not null,
            'is_first_response_late', k.first_response_breached_at is not null,
            'is_resolution_late', k.resolution_breached_at is not null
        )
    from desk.tickets t
    cross join lateral desk.masked(t) m
    left join desk.ticket_clocks k on k.org_id = t.org_id and k.ticket_id = t.ticket_id
    where t.org_id = app.org_id()
      and t.ticket_id = any (p_ticket_ids)
      and t.need_customer_masking
      and t.dept_target = app.dept_code()
      and app.can('v_ops_rfqs_masked', 'select', 'dept')
$$;

comment on function desk.masked_tickets(text[]) is
    'Of these tickets those that are masked and of the caller''s department, for roles that see tickets masked: item has the columns of api.tickets (decisions D3).';
revoke all on function desk.masked_tickets(text[]) from public;
grant execute on function desk.masked_tickets(text[]) to authenticated;
