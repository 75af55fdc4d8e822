-- The permission matrix as the specification draws it (command_center §1.4–§1.7, decisions §1.2, §5.3, §5.9, §5.13), written
-- out by hand a second time, for tables that are here and for those that come later.
--
-- Columns: DIR SA MM MS SM ADM SP STF SS OPS FIN. `-` = denied, `+` joins scopes that are or-ed. SA is super_admin and
-- master_admin, MS the four of marketing, OPS the four of operations, ADM and STF are CRM Boost's admin and staff.

begin;
select plan(6);

create temporary table matrix (resources text, actions text, cells text) on commit drop;

insert into matrix
values
    -- reference data, the organisation, people             DIR SA MM MS SM ADM SP STF SS OPS FIN
    ('roles kpi_metric_definitions',          'select',     'all all all all all all all all all all all'),
    ('departments services',                  'select',     'all all all all all all all all all all all'),
    ('departments services', 'insert update delete',        '-   all -   -   -   -   -   -   -   -   -'),
    ('organizations settings',                'select',     'all all all all all all all all all all all'),
    ('organizations settings',                'update',     '-   all -   -   -   -   -   -   -   -   -'),
    ('v_user_directory',                      'select',     'all all all all all all all all all all all'),
    ('profiles', 'select',                                  'all all marketing+own own team+own team+own own own own own own'),
    ('profiles', 'insert',                                  '-   all marketing - - managed - - - - -'),
    ('profiles', 'update',                                  '-   all marketing+own own own own own own own own own'),
    ('profiles', 'delete',                                  '-   all - - - - - - - - -'),
    ('profiles', 'manage',                                  '-   all marketing - - managed - - - - -'),
    ('user_activity', 'select',                             'all all - - team all - - - - -'),
    ('notifications', 'select update delete',               'own own own own own own own own own own own'),
    ('saved_views', 'select',                               '-   all own own own own own own own own own'),
    ('saved_views', 'insert update delete',                 '-   own own own own own own own own own own'),
    ('files', 'select',                                     'parent parent parent parent parent parent parent parent parent parent parent'),
    ('audit_logs', 'select',                                'all all - - - - - - - - -'),
    ('webhooks webhook_deliveries', 'select',               'all all - - - - - - - - -'),
    ('webhooks', 'insert update delete',                    '-   all - - - - - - - - -'),
    ('dashboard', 'select',                                 'all all marketing own team team own own - dept finance'),
    ('dashboard.leads_by_channel dashboard.spend dashboard.cost_per_lead dashboard.attributed_revenue', 'select', 'all all marketing - - - - - - - -'),
    ('dashboard.leads dashboard.targets', 'select',         'all all - own - - - - - - -'),
    ('dashboard.revenue dashboard.new_logos', 'select',     'all all - - team - own - - - -'),
    ('dashboard.activities', 'select',                      'all all - - team team own own - - -'),
    ('dashboard.receivables', 'select',                     'all all - - team - own - - - finance'),
    ('dashboard.tickets_by_status dashboard.first_response', 'select', 'all all - - - - - - - dept -'),

    -- customers                                            DIR SA MM MS SM ADM SP STF SS OPS FIN
    ('customers', 'select',                                 'all all all created team team own own pipeline - all'),
    ('customers', 'insert',                                 '-   all all - all all all all all - -'),
    ('customers', 'update',                                 '-   all all - team team own own pipeline - -'),
    ('customers', 'delete',                                 '-   all - - - - - - - - -'),
    ('customers', 'export',                                 '-   all all - team team - - - - -'),
    ('customers', 'merge',                                  '-   all - - team team - - - - -'),
    ('contacts addresses customer_documents', 'select',                        'parent parent parent parent parent parent parent parent parent - parent'),
    ('customer_documents', 'insert',                        '-   parent parent - parent parent parent parent parent - -'),
    ('contacts addresses', 'insert update',                 '-   parent parent - parent parent parent parent parent - -'),
    ('contacts addresses customer_documents', 'delete',                        '-   all - - - - - - - - -'),

    -- leads, prospects                                     DIR SA MM MS SM ADM SP STF SS OPS FIN
    (
        'leads', 'select',
        'all all all created team+team_unowned team+team_unowned own+created_unowned own+created_unowned pipeline - -'
    ),
    ('leads', 'insert',                                     '-   all all all all all all all all - -'),
    ('leads', 'update',       '- all all created_unowned team+team_unowned team+team_unowned own own pipeline - -'),
    ('leads', 'delete',                                     '-   all - - - - - - - - -'),
    -- beside updating (§1.6, §1.7, §2.5)
    ('leads', 'set_status',                                 '-   all unowned unowned all all all all all - -'),
    ('leads', 'set_attribution',                            '-   all all all - - - - - - -'),
    ('leads', 'reopen',                                     '-   all - - - - - - - - -'),
    ('leads', 'annotate',                                   '-   - - created - - - - - - -'),
    -- whom a new lead may be given, and who hands over old ones (cases 33, 34, 38, 43, 45)
    ('leads', 'set_owner',                                  '-   all all - team team own own - - -'),
    ('leads', 'assign',                   '-   all all - team+team_unowned team+team_unowned - - - - -'),
    ('lead_assignments', 'select',                          'parent parent parent parent parent parent parent parent parent - -'),
    ('prospects', 'select',                                 'all all all own team team own own all - -'),
    ('prospects', 'insert',                                 '-   all all all all all all all - - -'),
    ('prospects', 'update',                                 '-   all all - team team own own all - -'),
    ('prospects', 'delete',                                 '-   all - - - - - - - - -'),
    ('prospect_stage_history prospect_events', 'select',    'parent parent parent parent parent parent parent parent parent - -'),
    ('activities', 'select',                                'parent parent parent parent parent parent parent parent parent - -'),
    ('activity_photos', 'select',                           'parent parent+own parent parent parent+own parent+own parent+own parent+own parent+own - -'),
    ('activity_photos', 'insert',                           '-   own - - own own own own own - -'),
    ('activities', 'complete',                              '-   all - - own own own own own - -'),
    ('activities', 'insert',                                '-   all - - team team own own all - -'),
    ('activities', 'update delete',                         '-   all - - - - - - - - -'),
    ('v_sales_activities_daily', 'select',                  'all all all - team team own own all - -'),

    -- tickets (decision D2: finance works FIN tickets)     DIR SA MM MS SM ADM SP STF SS OPS FIN
    (
        'tickets', 'select',
        'all all created+assigned+dept+lead+marketing created+assigned+dept+lead created+assigned+dept+lead+team '
        'created+assigned+dept+lead+team created+assigned+dept+lead created+assigned+dept+lead created+assigned+dept+lead '
        'dept_unmasked created+dept'
    ),
    (
        'tickets', 'update',
        '- all created+assigned+dept+lead+marketing created+assigned+dept+lead created+assigned+dept+lead+team '
        'created+assigned+dept+lead+team created+assigned+dept+lead created+assigned+dept+lead created+assigned+dept+lead '
        'dept created+dept'
    ),
    ('tickets', 'insert',                                   '-   all all all all all all all all all dept'),
    ('tickets', 'delete',                                   '-   all - - - - - - - - -'),
    ('tickets', 'export',                                   'all all all all all all all all all - all'),
    (
        'tickets', 'assign',
        '- all created+assigned+dept+lead+marketing dept created+assigned+dept+lead+team created+assigned+dept+lead+team '
        'dept dept dept dept dept'
    ),
    ('v_ops_rfqs_masked', 'select',                         'all all - - - - - - - dept -'),
    ('ticket_messages', 'select',                           'parent parent parent parent parent parent parent parent parent parent parent'),
    -- operations: not the files of masked tickets, but what they have put there themselves
    ('ticket_attachments', 'select',                        'parent parent parent parent parent parent parent parent parent dept+parent parent'),
    ('ticket_messages ticket_attachments', 'insert',        '-   parent parent parent parent parent parent parent parent parent parent'),
    ('ticket_messages ticket_attachments', 'delete',        '-   all - - - - - - - - -'),
    ('calendars sla_targets', 'select',                     'all all all all all all all all all all all'),
    ('calendars sla_targets', 'insert update',              '-   all - - - - - - - - -'),
    ('sla_events ticket_clocks', 'select',                                'parent parent parent parent parent parent parent parent parent parent parent'),

    -- targets and actuals                                  DIR SA MM MS SM ADM SP STF SS OPS FIN
    ('kpi_targets', 'select',                               'all all marketing+org_marketing+own own team+org_sales - own - - - org_finance'),
    ('kpi_targets', 'insert update',                        '-   all marketing+org_marketing - team+org_sales - - - - - -'),
    ('kpi_targets', 'delete',                               '-   all - - - - - - - - -'),
    ('kpi_entries kpi_evidence', 'select',                  'all all marketing own team - own - - - -'),
    ('kpi_entries kpi_evidence', 'insert update',           '-   all marketing own team - own - - - -'),
    ('kpi_entries kpi_evidence', 'delete',                  '-   all - - - - - - - - -'),
    ('marketing_activity_events marketing_spend', 'select', 'all all all all - - - - - - -'),
    ('marketing_activity_events marketing_spend', 'insert update delete', '- all own own - - - - - - -'),

    -- money                                                DIR SA MM MS SM ADM SP STF SS OPS FIN
    ('invoices payments v_my_customers_ar', 'select',                         'all all - - team - own - - - all'),
    ('invoices payments', 'insert',                         '-   all - - - - - - - - all'),
    ('invoices', 'update',                                  '-   all - - - - - - - - all'),
    ('invoices payments', 'delete',                         '-   all - - - - - - - - -'),
    ('collection_tickets', 'insert',                        '-   all - - team - own - - - all'),

    -- members (decisions §1.2)                             DIR SA MM MS SM ADM SP STF SS OPS FIN
    ('products databases', 'select',                        'all all - - all all all all all - -'),
    ('products', 'insert delete',                           '-   all - - - all - - - - -'),
    ('databases', 'delete',                                 '-   all - - - all - - - - -'),
    ('records batches assignments', 'select',               'all all - - team all own own own - -'),
    ('records', 'assign',                                   '-   all - - team all - - - - -'),
    ('records', 'mark',                                     '-   all - - team all own own own - -'),
    ('staff_progress', 'select',                            'all all - - team all - - - - -'),
    ('records', 'validate',                                 '-   - - - - - own own own - -'),
    ('records', 'delete',                                   '-   all - - - all - - - - -'),
    ('batches', 'rename',                                   '-   - - - - - own own own - -'),
    ('download_requests', 'select',                         'all all - - team all own own own - -'),
    ('download_requests', 'insert',                         '-   - - - - - own own own - -'),
    ('databases', 'update',                                 '-   all - - - all - - - - -'),
    ('batch_titles', 'select',                              '-   - - - - - own own own - -'),
    ('page_views', 'select',                                'own own - - own own own own own - -'),
    ('reservations', 'select',                              'all all - - approved+team all approved+own approved+own approved+own - -'),
    ('reservations', 'request',                             '-   - - - - - own own own - -'),
    ('reservations', 'manage',                              '-   all - - team all - - - - -'),
    ('deleted_reservations', 'select',                      'all all - - team all - - - - -'),
    ('conflicts', 'select',                                 'all all - - team all own own own - -'),
    ('reservation_grace', 'select',                         'all all - - all all - - - - -'),
    ('data_sync system_logs', 'select',                     'all all - - - all - - - - -'),
    ('data_sync', 'manage',                                 '-   all - - - all - - - - -'),
    ('member_settings', 'select',                           'all all - - all all - - - - -'),
    ('member_settings', 'update',                           '-   all - - - all - - - - -'),

    -- files of rows (decisions §5.3)                       DIR SA MM MS SM ADM SP STF SS OPS FIN
    ('imports', 'select',                                   'all all own+module own own own - - own+module - own+module'),
    ('import_rows import_undos undo_refusals', 'select',    'all all parent parent parent parent - - parent - parent'),
    ('saved_mappings', 'select',                            '-   own own own own own - - own - own'),
    ('imports.leads', 'insert',                             '-   all all all - all - - all - -'),
    ('imports.leads', 'manage',                             '-   all all - - - - - all - -'),
    ('imports.customers imports.contacts', 'insert',        '-   all all - all all - - all - -'),
    ('imports.customers imports.contacts', 'manage',        '-   all - - - - - - all - -'),
    ('imports.marketing_spend imports.marketing_activities imports.kpi_entries', 'insert', '- all all all - - - - - - -'),
    ('imports.marketing_spend imports.marketing_activities imports.kpi_entries', 'manage', '- all all - - - - - - - -'),
    ('imports.invoices imports.payments', 'insert',         '-   all - - - - - - - - all'),
    ('imports.invoices imports.payments', 'manage',         '-   all - - - - - - - - all'),
    ('imports.member_records imports.deposits', 'insert',   '-   all - - - all - - - - -'),
    ('imports.member_records imports.deposits', 'manage',   '-   all - - - - - - - - -');

create temporary table columns (position bigint, role_keys text[]) on commit drop;

insert into columns
values
    (1, '{director}'),
    (2, '{super_admin,master_admin}'),
    (3, '{marketing_manager}'),
    (4, '{marcomm,dgo,macx,vsdo}'),
    (5, '{sales_manager}'),
    (6, '{admin}'),
    (7, '{salesperson}'),
    (8, '{staff}'),
    (9, '{sales_support}'),
    (10, '{exim_ops,domestics_ops,import_dtd_ops,traffic_warehouse}'),
    (11, '{finance}');

create temporary table cells on commit drop as
select res.resource, act.action, cell.position, cell.scopes
from matrix m
cross join lateral string_to_table(m.resources, ' ') as res (resource)
cross join lateral string_to_table(m.actions, ' ') as act (action)
cross join lateral regexp_split_to_table(m.cells, ' +') with ordinality as cell (scopes, position);

select is_empty(
    $$ select resource, action from cells group by 1, 2 having count(*) <> 11 $$,
    'every line of the matrix has a cell for each column, and stands here once'
);
select is(
    (select array_agg(k order by k) from columns c cross join unnest(c.role_keys) as k),
    (select array_agg(r.role_key order by r.role_key) from app.roles r),
    'the columns are the eighteen roles, each once'
);

create temporary table wanted on commit drop as
select k.role_key, c.resource, c.action, s.scope
from cells c
join columns l on l.position = c.position
cross join lateral unnest(l.role_keys) as k (role_key)
cross join lateral string_to_table(nullif(c.scopes, '-'), '+') as s (scope);

-- Beside `all` any other scope says nothing.
create temporary view granted as
select p.role_key, p.resource, p.action, p.scope
from app.role_permissions p
where p.scope = 'all'
   or not exists (
       select
       from app.role_permissions a
       where a.role_key = p.role_key and a.resource = p.resource and a.action = p.action and a.scope = 'all'
   );

select is_empty(
    'table granted except table wanted order by 2, 3, 1', 'nobody may more than the specification says'
);
select is_empty(
    'table wanted except table granted order by 2, 3, 1', 'nobody may less'
);
select is_empty(
    $$ select p.*
       from app.role_permissions p
       join app.roles r on r.role_key = p.role_key and r.is_read_only
       where p.action not in ('select', 'export') and (p.resource, p.action) not in (('notifications', 'update'), ('notifications', 'delete')) $$,
    'a director changes nothing but his own notifications'
);
select is_empty(
    $$ select role_key, permission_list
       from app.roles r
       where string_to_array(btrim(permission_list), ' ') is distinct from coalesce(
           (
               select array_agg(concat_ws(':', p.resource, p.action, p.scope) order by p.resource, p.action, p.scope)
               from app.role_permissions p
               where p.role_key = r.role_key
           ),
           '{}'
       ) $$,
    'what requests read says the same as the table'
);

select * from finish();
rollback;
