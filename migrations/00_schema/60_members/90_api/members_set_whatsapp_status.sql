-- Says whether a member can be reached by WhatsApp.

create or replace function api.members_set_whatsapp_status(p_record_id bigint, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records are marked by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('records', 'mark');
    return members.set_status('whatsapp_status', p_record_id, payload);
end
$$;

comment on function api.members_set_whatsapp_status(bigint, jsonb) is
    'payload {whatsapp_status: ada, ceklis1, tidak or null}. Returns {record_id, whatsapp_status, whatsapp_status_updated_at, respond_status, respond_status_updated_at}. Raises PT403, PT404 records.not_found, PT422 (spec: member §5.3, case 29).';
revoke all on function api.members_set_whatsapp_status(bigint, jsonb) from public;
grant execute on function api.members_set_whatsapp_status(bigint, jsonb) to authenticated;
