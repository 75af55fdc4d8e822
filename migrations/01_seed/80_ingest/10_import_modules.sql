-- What can be imported, and the columns each module understands (spec: command_center §3.7, decisions §1.8).

with wanted (module, position) as (
    values ('leads', 1)
)
insert into ingest.import_modules (module, position)
select * from wanted
on conflict (module) do update set position = excluded.position;

with wanted (module, column_name, is_required, position) as (
    values
        ('leads', 'company_name',     true,  1),
        ('leads', 'pic_name',         true,  2),
        ('leads', 'contact_phone',    true,  3),
        ('leads', 'email',            true,  4),
        ('leads', 'city_area',        true,  5),
        ('leads', 'service_code',     true,  6),
        ('leads', 'primary_channel',  true,  7),
        ('leads', 'npwp',             false, 8),
        ('leads', 'country',          false, 9),
        ('leads', 'lead_date',        false, 10),
        ('leads', 'route',            false, 11),
        ('leads', 'est_volume_value', false, 12),
        ('leads', 'est_volume_unit',  false, 13),
        ('leads', 'timeline',         false, 14),
        ('leads', 'sourced_by',       false, 15),
        ('leads', 'campaign_name',    false, 16),
        ('leads', 'notes',            false, 17),
        ('leads', 'next_step',        false, 18),
        ('leads', 'due_date',         false, 19)
),
removed as (
    delete from ingest.import_columns t
    where not exists (select from wanted w where w.module = t.module and w.column_name = t.column_name)
)
insert into ingest.import_columns (module, column_name, is_required, position)
select * from wanted
on conflict (module, column_name) do update
set is_required = excluded.is_required, position = excluded.position;
