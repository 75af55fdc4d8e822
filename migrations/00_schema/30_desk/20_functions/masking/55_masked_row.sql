-- One ticket as the caller sees it masked, by its id: what api.v_ops_rfqs_masked shows.

create or replace function desk.masked_row(p_ticket_id text) returns setof desk.tickets
language plpgsql
stable
security definer -- a view's functions run as its reader, who must not see the row (decisions D3)
rows 1
cost 10000 -- reads the customer's whole story
set search_path = pg_catalog, pg_temp
as $$
begin
    -- By id alone: whoever could bring a row of their own would find out which words are a customer's.
    return query
    select m.*
    from desk.tickets t
    cross join lateral desk.masked(t) m
    where t.org_id = app.org_id()
      and t.ticket_id = p_ticket_id
      and (
          app.can('v_ops_rfqs_masked', 'select', 'all')
          or (app.can('v_ops_rfqs_masked', 'select', 'dept') and t.dept_target = app.dept_code())
      );
end
$$;

comment on function desk.masked_row(text) is
    'The row that desk.masked makes, or none when the caller does not see the ticket masked (spec: command_center §4, decisions D3).';
revoke all on function desk.masked_row(text) from public;
grant execute on function desk.masked_row(text) to authenticated, analyst;
