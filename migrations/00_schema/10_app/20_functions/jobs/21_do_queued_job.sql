-- What each kind of queued work does: one line for each kind.

create or replace function app.do_queued_job(p_org_id uuid, p_kind text, p_ref_id bigint, p_payload jsonb) returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- A line: if p_kind = '<kind>' then return <schema>.<function>(p_org_id, p_ref_id); end if;
    if p_kind = 'crm.refresh_phone_keys' then return crm.refresh_phone_keys(p_org_id); end if;
    if p_kind = 'desk.refresh_calendar' then return desk.refresh_calendar(p_org_id, p_ref_id); end if;
    if p_kind = 'members.purge_database' then return members.purge_database(p_org_id, p_ref_id); end if;
    perform app.fail('PT500', 'job.unknown', 'Nobody has said how this work is done.', concat_ws(' ', p_kind, p_org_id, p_ref_id, p_payload));
    return null;
end
$$;

comment on function app.do_queued_job(uuid, text, bigint, jsonb) is
    'Does one chunk of queued work (well below a second); returns whether more is left. It must be safe to repeat. Raises PT500 job.unknown and whatever the work raises. Rule: design §8.';
revoke all on function app.do_queued_job(uuid, text, bigint, jsonb) from public;
