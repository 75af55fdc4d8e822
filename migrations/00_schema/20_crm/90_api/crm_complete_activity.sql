-- Says that a planned activity was done.

create or replace function api.crm_complete_activity(p_activity_id bigint, payload jsonb) returns jsonb
language plpgsql
security definer -- activities have no update grant: completion is the one change there is
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('activity_id', p_activity_id, 'done', payload);
    v_wanted jsonb;
    v_answer jsonb;
    v_activity crm.activities;
begin
    perform app.require('activities', 'complete');
    v_wanted := app.read_payload('activity', payload, '{
        "outcome": {"kind": "text", "maximum": 1000},
        "duration_minutes": {"kind": "integer", "minimum": 0, "maximum": 10080},
        "evidence_photo_url": {"kind": "url", "maximum": 2000},
        "photo_id": {"kind": "id"},
        "gps_lat": {"kind": "number", "minimum": -90, "maximum": 90, "decimals": 20},
        "gps_lng": {"kind": "number", "minimum": -180, "maximum": 180, "decimals": 20}
    }');
    v_answer := app.replay('crm_complete_activity', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    select a.* into v_activity from crm.activities a
    where a.org_id = v_org_id
      and a.activity_id = p_activity_id
      and (app.can('activities', 'complete', 'all') or (app.can('activities', 'complete', 'own') and a.created_by = app.uid()))
    for no key update;
    if not found then
        perform app.fail('PT404', 'activity.not_found', 'There is no such activity of yours.', p_activity_id::text);
    end if;
    if v_activity.completed_at is not null then
        perform app.fail('PT409', 'activity.completed', 'This was done already.');
    end if;
    v_activity := jsonb_populate_record(
        v_activity, v_wanted || jsonb_strip_nulls(jsonb_build_object('evidence_photo_url', crm.take_photo(v_wanted)))
    );
    if v_activity.activity_type = 'visit'
        and num_nulls(v_activity.evidence_photo_url, v_activity.gps_lat, v_activity.gps_lng) > 0
    then
        perform app.fail('PT422', 'activity.visit.proof', 'A visit needs a photo and a position.');
    end if;

    update crm.activities a
    set completed_at = app.now(),
        outcome = v_activity.outcome,
        duration_minutes = v_activity.duration_minutes,
        evidence_photo_url = v_activity.evidence_photo_url,
        gps_lat = v_activity.gps_lat,
        gps_lng = v_activity.gps_lng
    where a.org_id = v_org_id and a.activity_id = p_activity_id
    returning a.* into v_activity;
    update crm.activity_photos p
    set activity_id = p_activity_id
    where v_wanted ? 'photo_id' and p.org_id = v_org_id and p.photo_id = (v_wanted ->> 'photo_id')::bigint;
    perform app.emit('activities.completed', array[p_activity_id::text], array['activities']);
    return app.remember('crm_complete_activity', v_request, to_jsonb(v_activity) - 'org_id');
end
$$;

comment on function api.crm_complete_activity(bigint, jsonb) is
    'payload {outcome, duration_minutes, photo_id of api.crm_add_photo or evidence_photo_url, gps_lat, gps_lng}. Returns the activity. Raises PT403, PT404 activity.not_found for others'' activities, PT409 activity.completed and activity.photo.used, PT422 activity.visit.proof (decisions §1.4; customers §1.4, case 38).';
revoke all on function api.crm_complete_activity(bigint, jsonb) from public;
grant execute on function api.crm_complete_activity(bigint, jsonb) to authenticated;
