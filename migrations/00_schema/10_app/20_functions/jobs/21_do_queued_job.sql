-- What each kind of queued work does: one line for each kind.

create or replace function app.do_queued_job(p_org_id uuid, p_kind text, p_ref_id bigint, p_payload jsonb) returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- when '<kind>' then return <schema>.<function>(p_org_id, p_ref_id);
    case p_kind
        else
            perform app.fail('PT500', 'job.unknown', 'Nobody has said how this work is done.', p_kind);
    end case;
    return null;
end
$$;

comment on function app.do_queued_job(uuid, text, bigint, jsonb) is
    'Does one chunk of queued work (well below a second); returns whether more is left. It must be safe to repeat. Raises PT500 job.unknown and whatever the work raises. Rule: design §8.';
revoke all on function app.do_queued_job(uuid, text, bigint, jsonb) from public;
