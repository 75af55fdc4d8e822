-- The eighteen roles (labels exactly as the business writes them) and their menus (spec: command_center §1.1, decisions §1.2).

with wanted (role_key, label, origin, role_group, level, can_own_leads, is_read_only, pages_can_be_blocked) as (
    values
        ('director',          'Director',                       'command_center', 'admin',     90,  false, true, false),
        ('super_admin',       'super admin',                    'command_center', 'admin',     100, false, false, false),
        ('marketing_manager', 'Marketing Manager',              'command_center', 'marketing', 60,  false, false, false),
        ('marcomm',           'Marcomm (marketing staff)',      'command_center', 'marketing', 20,  false, false, false),
        ('dgo',               'DGO (Marketing staff)',          'command_center', 'marketing', 20,  false, false, false),
        ('macx',              'MACX (marketing staff)',         'command_center', 'marketing', 20,  false, false, false),
        ('vsdo',              'VSDO (marketing staff)',         'command_center', 'marketing', 20,  false, false, false),
        ('sales_manager',     'sales manager',                  'command_center', 'sales',     60,  true,  false, false),
        ('salesperson',       'salesperson',                    'command_center', 'sales',     20,  true,  false, false),
        ('sales_support',     'sales support',                  'command_center', 'sales',     20,  false, false, false),
        ('exim_ops',          'EXIM Ops (operation)',           'command_center', 'ops',       20,  false, false, false),
        ('domestics_ops',     'domestics Ops (operation)',      'command_center', 'ops',       20,  false, false, false),
        ('import_dtd_ops',    'Import DTD Ops (operation)',     'command_center', 'ops',       20,  false, false, false),
        ('traffic_warehouse', 'traffic & warehous (operation)', 'command_center', 'ops',       20,  false, false, false),
        ('finance',           'finance',                        'command_center', 'finance',   40,  false, false, false),
        ('staff',             'staff',                          'crm_boost',      'sales',     20,  true,  false, false),
        ('admin',             'admin',                          'crm_boost',      'sales',     60,  true,  false, true),
        ('master_admin',      'master admin',                   'crm_boost',      'admin',     100, false, false, false)
)
insert into app.roles (role_key, label, origin, role_group, level, can_own_leads, is_read_only, pages_can_be_blocked)
select * from wanted
on conflict (role_key) do update
set label = excluded.label,
    origin = excluded.origin,
    role_group = excluded.role_group,
    level = excluded.level,
    can_own_leads = excluded.can_own_leads,
    is_read_only = excluded.is_read_only,
    pages_can_be_blocked = excluded.pages_can_be_blocked;

with wanted (menu_key, label, position) as (
    values
        ('dashboard', 'Dashboard', 1),
        ('kpi',       'KPI',       2),
        ('crm',       'CRM',       3),
        ('ticketing', 'Ticketing', 4),
        ('dso',       'DSO',       5)
)
insert into app.menus (menu_key, label, position)
select * from wanted
on conflict (menu_key) do update
set label = excluded.label, position = excluded.position;

with granted (role_keys, menu_keys) as (
    values
        ('director super_admin master_admin sales_manager salesperson', 'dashboard kpi crm ticketing dso'),
        ('marketing_manager marcomm dgo macx vsdo', 'dashboard kpi crm ticketing'),
        -- No KPI and no DSO for these two (decisions §1.2).
        ('admin staff', 'dashboard crm ticketing'),
        ('sales_support', 'crm ticketing'),
        ('exim_ops domestics_ops import_dtd_ops traffic_warehouse', 'dashboard ticketing'),
        ('finance', 'dashboard kpi crm dso')
),
wanted as (
    select r.role_key, m.menu_key
    from granted g
    cross join lateral string_to_table(g.role_keys, ' ') as r (role_key)
    cross join lateral string_to_table(g.menu_keys, ' ') as m (menu_key)
),
removed as (
    delete from app.role_menus t
    where not exists (select from wanted w where w.role_key = t.role_key and w.menu_key = t.menu_key)
)
insert into app.role_menus (role_key, menu_key)
select role_key, menu_key from wanted
on conflict do nothing;
