-- Reads an activity as it was typed.

create or replace function crm.draft_activity(p_input jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_type text;
    v_problems jsonb;
begin
    v_wanted := app.read_payload('activity', p_input, '{
        "activity_type": {"kind": "text", "required": true, "maximum": 50},
        "direction": {"kind": "text", "maximum": 10},
        "prospect_id": {"kind": "text", "maximum": 40},
        "lead_id": {"kind": "text", "maximum": 40},
        "customer_id": {"kind": "text", "maximum": 40},
        "contact_id": {"kind": "id"},
        "subject": {"kind": "text", "maximum": 255},
        "notes": {"kind": "text", "required": true, "maximum": 5000},
        "outcome": {"kind": "text", "maximum": 1000},
        "duration_minutes": {"kind": "integer", "minimum": 0, "maximum": 10080},
        "evidence_photo_url": {"kind": "url", "maximum": 2000},
        "photo_id": {"kind": "id"},
        "gps_lat": {"kind": "number", "minimum": -90, "maximum": 90, "decimals": 20},
        "gps_lng": {"kind": "number", "minimum": -180, "maximum": 180, "decimals": 20},
        "scheduled_on": {"kind": "date"}
    }');
    -- The names of screens are understood too: `Online Meeting`, `WhatsApp/Chat Outbound`.
    v_type := replace(lower(v_wanted ->> 'activity_type'), ' ', '_');
    v_type := case v_type when 'whatsapp/chat_outbound' then 'whatsapp' else v_type end;

    select coalesce(jsonb_agg(jsonb_build_object('field', p.field, 'code', 'activity.' || p.code, 'message', p.message)), '[]')
    into v_problems
    from (
        select 'activity_type' as field, 'activity_type.unknown' as code, 'is no type of activity that people log' as message
        where v_type not in (
            'visit', 'call', 'online_meeting', 'email', 'whatsapp', 'meeting', 'note', 'quote', 'order', 'complaint', 'feedback',
            'website_visit', 'social_interaction'
        )
        union all
        select 'direction', 'direction.unknown', 'must be inbound, outbound or internal'
        where v_wanted ->> 'direction' not in ('inbound', 'outbound', 'internal')
        union all
        select 'prospect_id', 'about.one', 'name one of prospect_id, lead_id and customer_id'
        where num_nonnulls(v_wanted ->> 'prospect_id', v_wanted ->> 'lead_id', v_wanted ->> 'customer_id') <> 1
        union all
        -- One that is planned is proven when it is done.
        select f.name, f.name || '.required', 'a visit needs a photo and a position'
        from unnest(array['evidence_photo_url', 'gps_lat', 'gps_lng']) as f (name)
        where v_type = 'visit' and not v_wanted ? 'scheduled_on' and not v_wanted ? f.name
          and (f.name <> 'evidence_photo_url' or not v_wanted ? 'photo_id')
        union all
        select 'scheduled_on', 'scheduled_on.past', 'must not be in the past; leave it out for what was done'
        where (v_wanted ->> 'scheduled_on')::date < app.today()
    ) p;
    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return v_wanted || jsonb_build_object(
        'activity_type', v_type,
        -- What people log of these is what they did, unless they say otherwise.
        'direction', coalesce(
            v_wanted ->> 'direction',
            case when v_type in ('visit', 'call', 'online_meeting', 'email', 'whatsapp') then 'outbound' end
        )
    );
end
$$;

comment on function crm.draft_activity(jsonb) is
    'Returns the fields as they are meant. Raises PT422 request.invalid with all of {field, code, message} (spec: command_center §2.3, case 53; customers §1.4).';
revoke all on function crm.draft_activity(jsonb) from public;
