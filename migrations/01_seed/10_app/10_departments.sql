-- The departments every organisation starts with (spec: command_center §1.1).

with wanted (dept_code, dept_name, is_operations) as (
    values
        ('MKT', 'marketing', false),
        ('SAL', 'sales', false),
        ('DOM', 'Domestics Ops', true),
        ('EXI', 'EXIM Ops', true),
        ('DTD', 'Import DTD Ops', true),
        ('FIN', 'finance', false),
        ('TRF', 'warehouse & traffic', true),
        ('DIR', 'director', false)
),
removed as (
    delete from app.department_templates t
    where not exists (select from wanted w where w.dept_code = t.dept_code)
)
insert into app.department_templates (dept_code, dept_name, is_operations)
select * from wanted
on conflict (dept_code) do update
set dept_name = excluded.dept_name, is_operations = excluded.is_operations;
