-- Messages of a ticket as the caller sees them, newest first.

create or replace function desk.find_messages(p_ticket_id text, p_limit integer, p_before bigint default null) returns jsonb
language sql
stable
security definer -- shows operations less than the rows, which they must not see (decisions D3)
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        jsonb_agg(
            jsonb_build_object(
                'message_id', m.message_id,
                'message', case when m.is_plain then m.message else desk.mask(m.message, m.patterns) end,
                'created_by', case when m.is_plain then m.created_by end,
                'created_at', m.created_at
            )
            order by m.message_id desc
        ),
        '[]'
    )
    from (
        select t.*, v.patterns, not v.is_masked or desk.knows_no_customer(t.org_id, t.created_by) as is_plain
        from desk.ticket_view(p_ticket_id) v
        join desk.ticket_messages t on v.is_seen and t.org_id = app.org_id() and t.ticket_id = p_ticket_id
        where app.can('ticket_messages', 'select', 'parent')
          and (p_before is null or t.message_id < p_before)
        order by t.message_id desc
        limit p_limit
    ) m
$$;

comment on function desk.find_messages(text, integer, bigint) is
    'Up to p_limit messages before message p_before: [{message_id, message, created_by, created_at}]; masked, and without their authors, where the caller sees the ticket masked.';
revoke all on function desk.find_messages(text, integer, bigint) from public;
grant execute on function desk.find_messages(text, integer, bigint) to authenticated;
