-- What part of a table a permission covers (spec: command_center §1.5, §1.7).

with wanted (scope, description) as (
    values
        ('all',             'every row of the organisation'),
        ('team',            'rows owned by people whose manager one is, or by oneself'),
        ('team_unowned',    'rows without an owner created in one''s team'),
        ('own',             'rows one owns'),
        ('created',         'rows one created'),
        ('created_unowned', 'rows one created, while nobody owns them'),
        ('unowned',         'rows nobody owns'),
        ('pipeline',        'rows in the sales pipeline: owned, or sourced by sales'),
        ('marketing',       'rows of people with a marketing role'),
        ('managed',         'people with a role of a lower level in one''s team'),
        ('parent',          'rows whose parent row one can see'),
        ('dept',            'rows directed to one''s department'),
        ('dept_unmasked',   'rows directed to one''s department whose customer need not be masked'),
        ('assigned',        'rows assigned to oneself'),
        ('lead',            'rows about a lead one can see'),
        ('module',          'imports of modules one manages'),
        ('org_marketing',   'organisation-level rows of marketing metrics'),
        ('org_sales',       'organisation-level rows of sales metrics'),
        ('org_finance',     'organisation-level rows of the DSO and overdue metrics'),
        ('approved',        'rows that were approved'),
        ('finance',         'the finance part')
)
insert into app.scopes (scope, description)
select * from wanted
on conflict (scope) do update set description = excluded.description;
