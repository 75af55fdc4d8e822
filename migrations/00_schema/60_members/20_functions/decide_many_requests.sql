-- Decides many requests at once: what approving and rejecting share.

create or replace function members.decide_many_requests(p_operation text, p_payload jsonb, p_approve boolean) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_ids bigint[];
    v_found jsonb;
    v_answer jsonb;
begin
    v_wanted := app.read_payload(
        'requests', p_payload,
        jsonb_build_object(
            'request_ids',
            jsonb_build_object('kind', 'ids', 'required', true, 'minimum', 1, 'maximum', app.setting('bulk_limit'))
        )
    );
    v_answer := app.replay(p_operation, p_payload);
    if v_answer is not null then
        return v_answer;
    end if;
    perform app.count_bulk_call();
    v_ids := array(select distinct i::bigint from jsonb_array_elements_text(v_wanted -> 'request_ids') i order by 1);
    v_found := members.decide_requests(v_ids, p_approve);
    if v_found = '{}' then
        perform app.fail('PT404', 'request.not_found', 'There is none of these requests.');
    end if;
    return app.remember(
        p_operation,
        p_payload,
        jsonb_build_object(
            case when p_approve then 'approved' else 'rejected' end,
            to_jsonb(array(select i from unnest(v_ids) i where v_found ->> i::text = 'pending' order by i)),
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

comment on function members.decide_many_requests(text, jsonb, boolean) is
    'p_operation: the api function, for its idempotency key; p_payload {request_ids: 1 to bulk_limit ids}; p_approve: or reject. Callers have checked the permission. Returns {approved or rejected: ids, skipped: [{request_id, status}]}. Raises PT404 request.not_found when none is there, what members.decide_requests raises, PT422, PT429 bulk.too_many (spec: member §5.25, case 26, LD-29).';
revoke all on function members.decide_many_requests(text, jsonb, boolean) from public;
