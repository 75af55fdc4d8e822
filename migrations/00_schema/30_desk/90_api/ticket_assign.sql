-- Gives a ticket to a person, or to nobody: the named form of api.ticket_update.

create or replace function api.ticket_assign(p_ticket_id text, p_user_id uuid) returns jsonb
language sql
set search_path = pg_catalog, pg_temp
as $$
    select api.ticket_update(p_ticket_id, jsonb_build_object('assigned_to', p_user_id))
$$;

comment on function api.ticket_assign(text, uuid) is
    'p_user_id: of the ticket''s department, or somebody who can read it; null: nobody. Returns and raises what api.ticket_update does (spec: command_center §3.9).';
revoke all on function api.ticket_assign(text, uuid) from public;
grant execute on function api.ticket_assign(text, uuid) to authenticated;
