-- What a lead's payload holds that no lead has: refused rather than dropped, so that nothing typed is lost.

create or replace function crm.unknown_lead_fields(p_input jsonb) returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce(
            jsonb_agg(
                jsonb_build_object('field', left(k.name, 100), 'code', 'lead.field.unknown', 'message', 'is no field of a lead')
                order by k.name
            ),
            '[]'
        )
        || case
            when jsonb_typeof(p_input -> 'need_rfq') not in ('boolean', 'null') then
                '[{"field": "need_rfq", "code": "lead.need_rfq.type", "message": "must be true or false"}]'
            else '[]'
        end::jsonb
        from jsonb_object_keys(p_input) as k (name)
        where k.name <> all (
            array[
                'company_name', 'pic_name', 'contact_phone', 'email', 'city_area', 'service_code', 'primary_channel', 'npwp',
                'country', 'route', 'est_volume_value', 'est_volume_unit', 'timeline', 'campaign_name', 'notes', 'lead_date',
                'sourced_by', 'next_step', 'due_date', 'sales_owner_user_id', 'need_rfq', 'rfq_dept_target',
                'rfq_origin_address', 'rfq_origin_city', 'rfq_origin_country', 'rfq_destination_address',
                'rfq_destination_city', 'rfq_destination_country', 'rfq_cargo_category', 'rfq_cargo_qty',
                'rfq_cargo_dimensions', 'rfq_cargo_weight', 'rfq_scope_of_work'
            ]
        )
    );
end
$$;

comment on function crm.unknown_lead_fields(jsonb) is
    'JSON list of {field, code, message} for unknown fields and a need_rfq that is no boolean (spec: command_center §3.3, pitfall P33).';
revoke all on function crm.unknown_lead_fields(jsonb) from public;
