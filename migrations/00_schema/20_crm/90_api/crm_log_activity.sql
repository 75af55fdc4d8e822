-- Writes down what was done for a prospect, lead or customer, or what is going to be.

create or replace function api.crm_log_activity(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: activities are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_wanted jsonb;
    v_answer jsonb;
    v_about record;
    v_activity crm.activities;
    v_scheduled_at timestamptz;
    v_photo_url text;
begin
    perform app.require('activities', 'insert');
    v_wanted := crm.draft_activity(payload);
    v_answer := app.replay('crm_log_activity', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_about := crm.activity_parent(v_wanted);
    if v_wanted ? 'contact_id' and not exists (
        select
        from crm.contacts c
        where c.org_id = v_org_id and c.contact_id = (v_wanted ->> 'contact_id')::bigint and c.customer_id = v_about.customer_id
    ) then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            '[{"field": "contact_id", "code": "activity.contact_id.other_customer", "message": "must be a person of this customer"}]'
        );
    end if;

    v_photo_url := crm.take_photo(v_wanted);
    v_scheduled_at := (v_wanted ->> 'scheduled_on')::date::timestamp at time zone (app.setting('time_zone') #>> '{}');
    insert into crm.activities (
        org_id, activity_type, direction, customer_id, contact_id, lead_id, prospect_id, subject, notes, outcome,
        duration_minutes, evidence_photo_url, gps_lat, gps_lng, scheduled_at, completed_at, created_by, created_at
    )
    select
        v_org_id, w.activity_type, w.direction, v_about.customer_id, w.contact_id, v_about.lead_id, v_about.prospect_id,
        w.subject, w.notes, w.outcome, w.duration_minutes, v_photo_url, w.gps_lat, w.gps_lng,
        v_scheduled_at, case when v_scheduled_at is null then app.now() end, app.uid(), app.now()
    from jsonb_to_record(v_wanted) as w (
        activity_type text, direction text, contact_id bigint, subject text, notes text, outcome text, duration_minutes integer,
        gps_lat numeric, gps_lng numeric
    )
    returning * into v_activity;
    update crm.activity_photos p
    set activity_id = v_activity.activity_id
    where v_wanted ? 'photo_id' and p.org_id = v_org_id and p.photo_id = (v_wanted ->> 'photo_id')::bigint;
    perform app.emit('activities.created', array[v_activity.activity_id::text], array['activities']);
    return app.remember('crm_log_activity', payload, to_jsonb(v_activity) - 'org_id');
end
$$;

comment on function api.crm_log_activity(jsonb) is
    'payload: activity_type (a type, or its name on screens), notes, one of prospect_id, lead_id and customer_id; optional direction, contact_id, subject, outcome, duration_minutes, photo_id of api.crm_add_photo or evidence_photo_url, gps_lat and gps_lng (a visit needs the three), scheduled_on (a day from today: still to be done). Returns the activity. Raises PT403, PT404 activity.about.not_found, PT409 activity.photo.used, PT422 with every bad field (spec: command_center §2.3, §7, case 53; decisions §1.4).';
revoke all on function api.crm_log_activity(jsonb) from public;
grant execute on function api.crm_log_activity(jsonb) to authenticated;
