-- What happened to a ticket, and its files, as the caller sees them.

create or replace function desk.ticket_story(p_ticket_id text) returns jsonb
language sql
stable
security definer -- shows operations less than the rows, which they must not see (decisions D3)
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'attachments',
        coalesce(
            (
                select jsonb_agg(
                    jsonb_build_object(
                        'attachment_id', a.attachment_id,
                        -- The bytes of others' files are for those who see the ticket as it is.
                        'file_id', case when a.is_plain then a.file_id end,
                        'file_name', case when a.is_plain then a.file_name else desk.mask(a.file_name, v.patterns) end,
                        'mime_type', a.mime_type,
                        'file_size', a.size_bytes,
                        'uploaded_by', case when a.is_plain then a.uploaded_by end,
                        'uploaded_at', a.uploaded_at
                    )
                    order by a.attachment_id
                )
                from (
                    select
                        t.*, f.file_id, f.file_name, f.mime_type, f.size_bytes,
                        not v.is_masked or t.dept_code = app.dept_code() as is_plain
                    from desk.ticket_attachments t
                    join app.files f on f.org_id = t.org_id and f.attachment_id = t.attachment_id
                    where t.org_id = app.org_id() and t.ticket_id = p_ticket_id
                ) a
                where app.can('ticket_attachments', 'select', 'parent')
            ),
            '[]'
        ),
        'sla_events',
        coalesce(
            (
                select jsonb_agg(
                    jsonb_build_object(
                        'event_type', e.event_type,
                        'event_at', e.event_at,
                        'metadata', case when v.is_masked then e.metadata - 'by' else e.metadata end
                    )
                    order by e.event_id
                )
                from desk.sla_events e
                where e.org_id = app.org_id() and e.ticket_id = p_ticket_id and app.can('sla_events', 'select', 'parent')
            ),
            '[]'
        )
    )
    from desk.ticket_view(p_ticket_id) v
    where v.is_seen
$$;

comment on function desk.ticket_story(text) is
    'Returns {attachments: [{attachment_id, file_id, file_name, mime_type, file_size, uploaded_by, uploaded_at}], sla_events: [{event_type, event_at, metadata}]}; null when the caller does not see the ticket. Masked: names without the customer''s words, no files but those of the caller''s department.';
revoke all on function desk.ticket_story(text) from public;
grant execute on function desk.ticket_story(text) to authenticated;
