-- Rejects many requests at once, each with its own records.

create or replace function api.members_reject_requests(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: requests are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_ids bigint[];
    v_found jsonb;
    v_answer jsonb;
begin
    perform app.require('records', 'assign');
    v_wanted := app.read_payload(
        'requests', payload, '{"request_ids": {"kind": "ids", "required": true, "minimum": 1, "maximum": 100}}'
    );
    v_answer := app.replay('members_reject_requests', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    v_ids := array(select distinct i::bigint from jsonb_array_elements_text(v_wanted -> 'request_ids') i order by 1);
    v_found := members.decide_requests(v_ids, false);
    if v_found = '{}' then
        perform app.fail('PT404', 'request.not_found', 'There is none of these requests.');
    end if;
    return app.remember(
        'members_reject_requests',
        payload,
        jsonb_build_object(
            'rejected', to_jsonb(array(select i from unnest(v_ids) i where v_found ->> i::text = 'pending' order by i)),
            'skipped', (
                select coalesce(
                    jsonb_agg(jsonb_build_object('request_id', i, 'status', v_found ->> i::text) order by i), '[]'
                )
                from unnest(v_ids) i
                where v_found ->> i::text is distinct from 'pending'
            )
        )
    );
end
$$;

comment on function api.members_reject_requests(jsonb) is
    'payload {request_ids: 1–100 ids}. Returns {rejected: ids, skipped: [{request_id, status}] of those that were decided before or are not there (status null)}. Raises PT403, PT404 request.not_found when none is there, PT422 (spec: member §5.25, case 26, LD-29).';
revoke all on function api.members_reject_requests(jsonb) from public;
grant execute on function api.members_reject_requests(jsonb) to authenticated;
