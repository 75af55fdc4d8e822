-- The services every organisation starts with (spec: command_center §6).

with wanted (service_code, service_name, owner_dept, scope_group) as (
    values
        ('DOM_LTL',        'LTL',                     'DOM', 'Domestics'),
        ('DOM_FTL',        'FTL (charter)',           'DOM', 'Domestics'),
        ('DOM_LCL',        'LCL',                     'DOM', 'Domestics'),
        ('DOM_FCL',        'FCL',                     'DOM', 'Domestics'),
        ('DOM_AF',         'AF',                      'DOM', 'Domestics'),
        ('DOM_WHF',        'WAREHOUSE & FULFILLMENT', 'DOM', 'Domestics'),
        ('EXI_LCL_EXPORT', 'LCL Export',              'EXI', 'EXIM'),
        ('EXI_LCL_IMPORT', 'LCL Import',              'EXI', 'EXIM'),
        ('EXI_FCL_EXPORT', 'FCL Export',              'EXI', 'EXIM'),
        ('EXI_FCL_IMPORT', 'FCL Import',              'EXI', 'EXIM'),
        ('EXI_AF',         'AF',                      'EXI', 'EXIM'),
        ('EXI_CUSTOMS',    'Customs clearance',       'EXI', 'EXIM'),
        ('DTD_LCL',        'LCL',                     'DTD', 'Import DTD'),
        ('DTD_FCL',        'FCL',                     'DTD', 'Import DTD'),
        ('DTD_AF',         'AF',                      'DTD', 'Import DTD'),
        ('TRF_WHF',        'warehouse & fulfillment', 'TRF', 'Warehouse & Traffic'),
        ('TRF_REQPU',      'request pickup',          'TRF', 'Warehouse & Traffic'),
        ('TRF_REQDVR',     'request delivery',        'TRF', 'Warehouse & Traffic')
),
removed as (
    delete from crm.service_templates t
    where not exists (select from wanted w where w.service_code = t.service_code)
)
insert into crm.service_templates (service_code, service_name, owner_dept, scope_group)
select * from wanted
on conflict (service_code) do update
set service_name = excluded.service_name,
    owner_dept = excluded.owner_dept,
    scope_group = excluded.scope_group;
