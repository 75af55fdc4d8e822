-- Registers a stored file as an attachment of a ticket.

create or replace function api.ticket_add_attachment(
    p_ticket_id text,
    p_file_name text,
    p_mime_type text,
    p_size_bytes bigint,
    p_sha256 text,
    p_bucket text,
    p_path text
) returns jsonb
language plpgsql
security definer -- the matrix says rpc: operations add files to tickets whose row they cannot read (pitfall P12)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('ticket_id', p_ticket_id, 'file_name', p_file_name, 'sha256', p_sha256);
    v_answer jsonb;
    v_ticket desk.tickets;
    v_attachment_id bigint;
    v_file_id bigint;
begin
    perform app.require('ticket_attachments', 'insert');
    -- Of the file its digest is the request; where this attempt stored it is not.
    v_answer := app.replay('ticket_add_attachment', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    v_ticket := desk.take_ticket(p_ticket_id);
    if p_bucket is distinct from 'ticket-attachments' or not starts_with(p_path, v_ticket.ticket_id || '/') then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            '[{"field": "file", "code": "ticket.file.path", "message": "is not stored in the folder of this ticket"}]'
        );
    end if;
    insert into desk.ticket_attachments (org_id, ticket_id, dept_code, uploaded_by, uploaded_at)
    values (v_ticket.org_id, v_ticket.ticket_id, app.dept_code(), app.uid(), app.now())
    returning attachment_id into v_attachment_id;
    insert into app.files (org_id, bucket, path, file_name, mime_type, size_bytes, sha256, attachment_id, created_by)
    values (v_ticket.org_id, p_bucket, p_path, p_file_name, p_mime_type, p_size_bytes, p_sha256, v_attachment_id, app.uid())
    returning file_id into v_file_id;

    perform desk.tell_of_ticket(v_ticket, 'ticket_attachments.created', 'Ticket %s has a new file', true);
    perform app.emit('ticket_attachments.created', array[v_ticket.ticket_id], array['tickets', 'ticket_attachments']);
    return app.remember(
        'ticket_add_attachment',
        v_request,
        jsonb_build_object(
            'attachment_id', v_attachment_id, 'ticket_id', v_ticket.ticket_id, 'file_id', v_file_id, 'file_name', p_file_name,
            'mime_type', p_mime_type, 'file_size', p_size_bytes, 'uploaded_by', app.uid(), 'uploaded_at', app.now()
        )
    );
end
$$;

comment on function api.ticket_add_attachment(text, text, text, bigint, text, text, text) is
    'p_path: <ticket_id>/… in bucket ticket-attachments, where the file is already. Returns {attachment_id, ticket_id, file_id, file_name, mime_type, file_size, uploaded_by, uploaded_at}. Raises PT401, PT403, PT404 ticket.not_found, PT422 (spec: command_center §3.9, case 82).';
revoke all on function api.ticket_add_attachment(text, text, text, bigint, text, text, text) from public;
grant execute on function api.ticket_add_attachment(text, text, text, bigint, text, text, text) to authenticated;
