-- The reference data that everything stands on, exactly as the business spells it.

begin;
select plan(18);

select tests.become('sp1@alpha.test');
select results_eq(
    $$ select role_key, label from app.roles where origin = 'command_center' order by role_key $$,
    $$
        values
            ('dgo', 'DGO (Marketing staff)'), ('director', 'Director'), ('domestics_ops', 'domestics Ops (operation)'),
            ('exim_ops', 'EXIM Ops (operation)'), ('finance', 'finance'), ('import_dtd_ops', 'Import DTD Ops (operation)'),
            ('macx', 'MACX (marketing staff)'), ('marcomm', 'Marcomm (marketing staff)'),
            ('marketing_manager', 'Marketing Manager'), ('sales_manager', 'sales manager'), ('sales_support', 'sales support'),
            ('salesperson', 'salesperson'), ('super_admin', 'super admin'),
            ('traffic_warehouse', 'traffic & warehous (operation)'), ('vsdo', 'VSDO (marketing staff)')
    $$,
    'case 1: fifteen roles, each with its exact name'
);
select results_eq(
    $$ select role_key from app.roles where origin = 'crm_boost' order by 1 $$, array['admin', 'master_admin', 'staff'],
    'and the three of the other system'
);
select results_eq(
    'select dept_code, dept_name from api.departments order by 1',
    $$
        values
            ('DIR', 'director'), ('DOM', 'Domestics Ops'), ('DTD', 'Import DTD Ops'), ('EXI', 'EXIM Ops'), ('FIN', 'finance'),
            ('MKT', 'marketing'), ('SAL', 'sales'), ('TRF', 'warehouse & traffic')
    $$,
    'case 1: eight departments, in every organisation'
);
select results_eq(
    'select owner_dept, count(*)::integer from api.services group by 1 order by 1',
    $$ values ('DOM', 6), ('DTD', 3), ('EXI', 6), ('TRF', 3) $$,
    'case 1: eighteen services, each of the department that owns it'
);
select results_eq(
    'select primary_channel, id_prefix from crm.lead_channels order by primary_channel collate "C"',
    $$
        values
            ('Event Offline', 'LEADEV'), ('LinkedIn', 'LEADLI'), ('Other', 'LEAD'), ('Paid Social', 'LEADPS'),
            ('Partnership/Referral', 'LEADREF'), ('SEM', 'LEADSEM'), ('Sales Outbound', 'LEADSO'),
            ('Sales Referral', 'LEADSR'), ('Trade Show', 'LEADTS'), ('Webinar & Live', 'LEADWL'),
            ('Website (Direct/Referral)', 'LEADWEB')
    $$,
    'eleven channels with their prefixes'
);

-- Menus, as each role is told them

select results_eq(
    $$
        select r.role_key, string_agg(m.label, ' ' order by m.position)
        from app.roles r
        join app.role_menus rm on rm.role_key = r.role_key
        join app.menus m on m.menu_key = rm.menu_key
        where r.origin = 'command_center'
        group by 1
        order by 1
    $$,
    $$
        values
            ('dgo', 'Dashboard KPI CRM Ticketing'), ('director', 'Dashboard KPI CRM Ticketing DSO'),
            ('domestics_ops', 'Dashboard Ticketing'), ('exim_ops', 'Dashboard Ticketing'),
            ('finance', 'Dashboard KPI CRM DSO'), ('import_dtd_ops', 'Dashboard Ticketing'),
            ('macx', 'Dashboard KPI CRM Ticketing'), ('marcomm', 'Dashboard KPI CRM Ticketing'),
            ('marketing_manager', 'Dashboard KPI CRM Ticketing'), ('sales_manager', 'Dashboard KPI CRM Ticketing DSO'),
            ('sales_support', 'CRM Ticketing'), ('salesperson', 'Dashboard KPI CRM Ticketing DSO'),
            ('super_admin', 'Dashboard KPI CRM Ticketing DSO'), ('traffic_warehouse', 'Dashboard Ticketing'),
            ('vsdo', 'Dashboard KPI CRM Ticketing')
    $$,
    'case 141: the menus of all fifteen roles'
);
select tests.become('ss@alpha.test');
select is(
    api.app_me() -> 'menus',
    '[{"key": "crm", "label": "CRM"}, {"key": "ticketing", "label": "Ticketing"}]',
    'case 141: sales support is told two'
);
select is(api.app_menus() -> 'items', api.app_me() -> 'menus', 'case 141: also when it asks for them alone');
select is(
    api.app_me() -> 'role' ->> 'label', 'sales support', 'and the name of the role'
);
select tests.become('fin@alpha.test');
select is(
    jsonb_path_query_array(api.app_me(), '$.menus[*].label'), '["Dashboard", "KPI", "CRM", "DSO"]',
    'case 141: finance is told four, without Ticketing'
);
select is(
    jsonb_path_query_array(api.app_me(), '$.permissions[*] ? (@.resource == "leads")'), '[]',
    'and has no permission on leads'
);
select tests.become_nobody();
select is(tests.error_of('select api.app_me()'), 'PT401 auth.required', 'nobody is told nothing');

-- One organisation cannot change another's rules

select tests.become('sa@alpha.test');
select is(tests.error_of(c.statement), '42501', 'not even a super admin: ' || c.statement)
from (values
    ($$ insert into app.role_permissions values ('salesperson', 'leads', 'select', 'all') $$),
    ('delete from app.role_permissions'),
    ($$ update app.roles set level = 100 where role_key = 'salesperson' $$),
    ($$ update app.roles set permission_list = ' leads:select:all ' $$),
    ('delete from app.role_menus')
) as c (statement);

-- What policies read is what the table says

select tests.become_owner();
insert into app.role_permissions values ('finance', 'leads', 'select', 'all');
select tests.become('fin@alpha.test');
select ok(app.can('leads', 'select', 'all'), 'a permission that migrations add is there for the next request');

select * from finish();
rollback;
