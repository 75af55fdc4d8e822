-- The service catalogue: everybody reads it, super admins write it, and what leads ask for stays.

begin;
select plan(32);

create function pg_temp.error_as(p_who text, p_call text) returns text
language sql
as $$
    select tests.error_of(format('select tests.become(%L); select %s', p_who || '@alpha.test', p_call))
$$;

select tests.become('sp1@alpha.test');
select is(jsonb_array_length(api.crm_list_services() -> 'items'), 18, 'eighteen services');
select is(jsonb_array_length(api.crm_list_services('Domestics') -> 'items'), 6, 'six of them domestic');
select is(jsonb_array_length(api.crm_list_services(p_owner_dept => 'TRF') -> 'items'), 3, 'three of the warehouse');

-- Who

reset role;
select is(
    pg_temp.error_as(w.who, c.call), 'PT403 permission.denied', format('§1.5: %s does not write it: %s', w.who, left(c.call, 22))
)
from (values ('dir'), ('mm'), ('mc'), ('sm'), ('ss'), ('exi'), ('adm')) as w (who)
cross join (
    values
        ($$ api.crm_create_service('{"service_code": "X", "service_name": "X", "owner_dept": "EXI", "scope_group": "X"}') $$),
        ($$ api.crm_update_service('EXI_AF', '{"service_name": "X"}') $$)
) as c (call);
select is(pg_temp.error_as('fin', $$ api.crm_delete_service('EXI_AF') $$), 'PT403 permission.denied', '§1.5: nor takes anything out');

-- Writing

select tests.become('sa@alpha.test');
select is(
    api.crm_create_service('{"service_code": "EXI_RAIL", "service_name": " Rail ", "owner_dept": "EXI", "scope_group": "EXIM"}'),
    '{"service_code": "EXI_RAIL", "service_name": "Rail", "owner_dept": "EXI", "scope_group": "EXIM"}', 'a super admin adds a service'
);
select is(
    tests.error_of($$ select api.crm_create_service('{"service_code": "EXI_RAIL", "service_name": "R", "owner_dept": "EXI", "scope_group": "EXIM"}') $$),
    'PT409 service.service_code.duplicate', 'once'
);
select is(
    tests.faults_of($$ select api.crm_create_service('{"service_code": "rail", "service_name": "R", "owner_dept": "HRD", "scope_group": "EXIM"}') $$),
    array['owner_dept service.owner_dept.unknown', 'service_code service.service_code.format'], 'what is wrong is named'
);
select is(
    tests.faults_of($$ select api.crm_create_service('{"service_name": " ", "org_id": "x"}') $$),
    array[
        'org_id service.field.unknown', 'owner_dept service.owner_dept.required', 'scope_group service.scope_group.required',
        'service_code service.service_code.required', 'service_name service.service_name.required'
    ], 'P33: so is what is missing, or no field'
);
select is(
    api.crm_update_service('EXI_RAIL', '{"service_name": "Rail freight", "owner_dept": "DTD"}'),
    '{"service_code": "EXI_RAIL", "service_name": "Rail freight", "owner_dept": "DTD", "scope_group": "EXIM"}', 'and changes it'
);
select is(
    tests.faults_of($$ select api.crm_update_service('EXI_RAIL', '{"service_name": null, "service_code": "A"}') $$),
    array['service_code service.field.unknown', 'service_name service.service_name.required'], 'its code stays, its name is not blanked'
);
select is(tests.error_of($$ select api.crm_update_service('NONE', '{"service_name": "x"}') $$), 'PT404 service.not_found', 'what is not there is not changed');
select tests.become('sa@beta.test');
select is(tests.error_of($$ select api.crm_update_service('EXI_RAIL', '{"service_name": "x"}') $$), 'PT404 service.not_found', 'nor another organisation''s');
select is(tests.error_of($$ select api.crm_delete_service('EXI_RAIL') $$), 'PT404 service.not_found', 'nor taken out');

-- It is asked for

select tests.become('mc@alpha.test');
select isnt(
    api.crm_create_lead_bundle('{
        "company_name": "PT Rel", "pic_name": "Ani", "contact_phone": "0812-777-888", "email": "ani@rel.example", "city_area": "Jakarta",
        "service_code": "EXI_RAIL", "primary_channel": "SEM"
    }') ->> 'lead_id', null, 'a lead asks for it'
);
select tests.become('sa@alpha.test');
select is(tests.error_of($$ select api.crm_delete_service('EXI_RAIL') $$), 'PT409 service.in_use', 'and from then on it stays');
select is(api.crm_delete_service('DTD_AF'), '{"service_code": "DTD_AF"}', 'what nobody asks for goes');
select is(jsonb_array_length(api.crm_list_services() -> 'items'), 18, 'out of the catalogue');
select results_eq(
    $$ select a.action, a.record_id from api.audit_logs a where a.table_name = 'crm.services' and a.changed_by is not null order by a.audit_id $$,
    $$ values ('INSERT', 'EXI_RAIL'), ('UPDATE', 'EXI_RAIL'), ('DELETE', 'DTD_AF') $$, '§3.5: the trail has it'
);

select * from finish();
rollback;
