-- Where masked tickets of the caller's department stand.

create or replace function desk.masked_states() returns table (
    ticket_type text,
    dept_target text,
    status text,
    created_at timestamptz
)
language sql
stable
security definer -- shows less than the rows, to people who must not see them (decisions D3)
set search_path = pg_catalog, pg_temp
as $$
    select t.ticket_type, t.dept_target, coalesce(t.inquiry_status, t.ticket_status), t.created_at
    from desk.tickets t
    where app.can('v_ops_rfqs_masked', 'select', 'dept')
      and t.org_id = app.org_id()
      and t.dept_target = app.dept_code()
      and t.need_customer_masking
$$;

comment on function desk.masked_states() is
    'Type, department, status and time of masked tickets, for roles that see tickets masked: to be counted, without masking a word of each; no id, no author (spec: command_center §1.8).';
revoke all on function desk.masked_states() from public;
grant execute on function desk.masked_states() to authenticated;
