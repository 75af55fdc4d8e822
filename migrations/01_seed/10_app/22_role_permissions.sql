-- The permission matrix: spec command_center §1.5–§1.7 with decisions §1.2 and §5, also for tables that come later.
--
-- One line: who (groups below), which table or resource, which actions, which scope. Rows of insert and delete
-- mean "through an api function"; scopes of one role, resource and action are or-ed.

with role_groups (name, role_keys) as (
    values
        ('DIR', array['director']),
        ('SA',  array['super_admin', 'master_admin']),
        ('MM',  array['marketing_manager']),
        ('MS',  array['marcomm', 'dgo', 'macx', 'vsdo']),
        ('SM',  array['sales_manager']),
        ('ADM', array['admin']),
        ('SP',  array['salesperson']),
        ('STF', array['staff']),
        ('SS',  array['sales_support']),
        ('OPS', array['exim_ops', 'domestics_ops', 'import_dtd_ops', 'traffic_warehouse']),
        ('FIN', array['finance'])
),
matrix (resources, actions, scope, who) as (
    values
        -- Reference data, the organisation, people -------------------------------------------------------------
        ('roles kpi_metric_definitions', 'select', 'all', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),
        ('departments services', 'select', 'all', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),
        ('departments services', 'insert update delete', 'all', 'SA'),
        ('organizations settings', 'select', 'all', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),
        ('organizations settings', 'update', 'all', 'SA'),
        ('profiles', 'select', 'all', 'DIR SA'),
        ('profiles', 'select', 'marketing', 'MM'),
        ('profiles', 'select', 'team', 'SM ADM'),
        ('profiles', 'select', 'own', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),
        ('profiles', 'insert update delete', 'all', 'SA'),
        ('profiles', 'insert update', 'marketing', 'MM'),
        ('profiles', 'insert', 'managed', 'ADM'),
        ('profiles', 'update', 'own', 'MM MS SM ADM SP STF SS OPS FIN'),
        ('profiles', 'manage', 'all', 'SA'),
        ('profiles', 'manage', 'marketing', 'MM'),
        ('profiles', 'manage', 'managed', 'ADM'),
        ('v_user_directory', 'select', 'all', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),
        ('notifications', 'select update delete', 'own', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),
        -- Who is here: for whoever hands out work.
        ('user_activity', 'select', 'all', 'DIR SA ADM'),
        ('user_activity', 'select', 'team', 'SM'),
        ('saved_views', 'select', 'all', 'SA'),
        ('saved_views', 'select insert update delete', 'own', 'SA MM MS SM ADM SP STF SS OPS FIN'),
        ('files', 'select', 'parent', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),
        ('audit_logs', 'select', 'all', 'DIR SA'),
        ('webhooks webhook_deliveries', 'select', 'all', 'DIR SA'),
        ('webhooks', 'insert update delete', 'all', 'SA'),
        ('dashboard', 'select', 'all', 'DIR SA'),
        ('dashboard', 'select', 'marketing', 'MM'),
        ('dashboard', 'select', 'team', 'SM ADM'),
        ('dashboard', 'select', 'own', 'MS SP STF'),
        ('dashboard', 'select', 'dept', 'OPS'),
        ('dashboard', 'select', 'finance', 'FIN'),
        -- Its blocks (§1.8): what is no line here is absent there. CRM Boost's admin and staff see no money.
        (
            'dashboard.leads_by_channel dashboard.spend dashboard.cost_per_lead dashboard.attributed_revenue dashboard.leads '
            'dashboard.targets dashboard.revenue dashboard.new_logos dashboard.activities dashboard.receivables '
            'dashboard.tickets_by_status dashboard.first_response',
            'select', 'all', 'DIR SA'
        ),
        (
            'dashboard.leads_by_channel dashboard.spend dashboard.cost_per_lead dashboard.attributed_revenue',
            'select', 'marketing', 'MM'
        ),
        ('dashboard.leads dashboard.targets', 'select', 'own', 'MS'),
        ('dashboard.revenue dashboard.new_logos dashboard.receivables', 'select', 'team', 'SM'),
        ('dashboard.revenue dashboard.new_logos dashboard.receivables', 'select', 'own', 'SP'),
        ('dashboard.activities', 'select', 'team', 'SM ADM'),
        ('dashboard.activities', 'select', 'own', 'SP STF'),
        ('dashboard.receivables', 'select', 'finance', 'FIN'),
        ('dashboard.tickets_by_status dashboard.first_response', 'select', 'dept', 'OPS'),

        -- Customers --------------------------------------------------------------------------------------------
        ('customers', 'select', 'all', 'DIR SA MM FIN'),
        ('customers', 'select', 'created', 'MS'),
        ('customers', 'select', 'team', 'SM ADM'),
        ('customers', 'select', 'own', 'SP STF'),
        ('customers', 'select', 'pipeline', 'SS'),
        ('customers', 'insert', 'all', 'SA MM SM ADM SP STF SS'),
        ('customers', 'update', 'all', 'SA MM'),
        ('customers', 'update', 'team', 'SM ADM'),
        ('customers', 'update', 'own', 'SP STF'),
        ('customers', 'update', 'pipeline', 'SS'),
        ('customers', 'delete', 'all', 'SA'),
        ('customers', 'export', 'all', 'SA MM'),
        ('customers', 'export', 'team', 'SM ADM'),
        ('customers', 'merge', 'all', 'SA'),
        ('customers', 'merge', 'team', 'SM ADM'),
        ('contacts addresses customer_documents', 'select', 'parent', 'DIR SA MM MS SM ADM SP STF SS FIN'),
        ('contacts addresses', 'insert update', 'parent', 'SA MM SM ADM SP STF SS'),
        ('customer_documents', 'insert', 'parent', 'SA MM SM ADM SP STF SS'),
        ('contacts addresses customer_documents', 'delete', 'all', 'SA'),

        -- Leads and prospects ----------------------------------------------------------------------------------
        ('leads', 'select', 'all', 'DIR SA MM'),
        ('leads', 'select', 'created', 'MS'),
        ('leads', 'select', 'team', 'SM ADM'),
        ('leads', 'select', 'team_unowned', 'SM ADM'),
        ('leads', 'select', 'own', 'SP STF'),
        ('leads', 'select', 'created_unowned', 'SP STF'),
        ('leads', 'select', 'pipeline', 'SS'),
        ('leads', 'insert', 'all', 'SA MM MS SM ADM SP STF SS'),
        ('leads', 'update', 'all', 'SA MM'),
        ('leads', 'update', 'created_unowned', 'MS'),
        ('leads', 'update', 'team', 'SM ADM'),
        ('leads', 'update', 'team_unowned', 'SM ADM'),
        ('leads', 'update', 'own', 'SP STF'),
        ('leads', 'update', 'pipeline', 'SS'),
        -- Beside updating: who moves the status, names source and campaign, opens what is closed, adds notes afterwards.
        ('leads', 'set_status', 'all', 'SA SM ADM SP STF SS'),
        ('leads', 'set_status', 'unowned', 'MM MS'),
        ('leads', 'set_attribution', 'all', 'SA MM MS'),
        ('leads', 'reopen', 'all', 'SA'),
        ('leads', 'annotate', 'created', 'MS'),
        ('leads', 'delete', 'all', 'SA'),
        -- Whom one may name as the owner of a new lead; and who hands existing ones over.
        ('leads', 'set_owner', 'all', 'SA MM'),
        ('leads', 'set_owner', 'team', 'SM ADM'),
        ('leads', 'set_owner', 'own', 'SP STF'),
        ('leads', 'assign', 'all', 'SA MM'),
        ('leads', 'assign', 'team', 'SM ADM'),
        ('leads', 'assign', 'team_unowned', 'SM ADM'),
        ('lead_assignments', 'select', 'parent', 'DIR SA MM MS SM ADM SP STF SS'),
        ('prospects', 'select', 'all', 'DIR SA MM SS'),
        ('prospects', 'select', 'team', 'SM ADM'),
        ('prospects', 'select', 'own', 'MS SP STF'),
        ('prospects', 'insert', 'all', 'SA MM MS SM ADM SP STF'),
        ('prospects', 'update', 'all', 'SA MM SS'),
        ('prospects', 'update', 'team', 'SM ADM'),
        ('prospects', 'update', 'own', 'SP STF'),
        ('prospects', 'delete', 'all', 'SA'),
        ('prospect_stage_history prospect_events', 'select', 'parent', 'DIR SA MM MS SM ADM SP STF SS'),
        ('activities', 'select', 'parent', 'DIR SA MM MS SM ADM SP STF SS'),
        ('activity_photos', 'select', 'parent', 'DIR SA MM MS SM ADM SP STF SS'),
        ('activity_photos', 'select insert', 'own', 'SA SM ADM SP STF SS'),
        ('activities', 'insert', 'all', 'SA SS'),
        ('activities', 'insert', 'team', 'SM ADM'),
        ('activities', 'insert', 'own', 'SP STF'),
        ('activities', 'complete', 'all', 'SA'),
        ('activities', 'complete', 'own', 'SM ADM SP STF SS'),
        ('activities', 'update delete', 'all', 'SA'),
        -- Numbers of what people did, wherever it went since.
        ('v_sales_activities_daily', 'select', 'all', 'DIR SA MM SS'),
        ('v_sales_activities_daily', 'select', 'team', 'SM ADM'),
        ('v_sales_activities_daily', 'select', 'own', 'SP STF'),

        -- Tickets ----------------------------------------------------------------------------------------------
        ('tickets', 'select', 'all', 'DIR SA'),
        ('tickets', 'update', 'all', 'SA'),
        ('tickets', 'select update', 'created', 'MM MS SM ADM SP STF SS FIN'),
        ('tickets', 'select update', 'assigned', 'MM MS SM ADM SP STF SS'),
        ('tickets', 'select update', 'dept', 'MM MS SM ADM SP STF SS FIN'),
        ('tickets', 'select update', 'lead', 'MM MS SM ADM SP STF SS'),
        ('tickets', 'select update', 'marketing', 'MM'),
        ('tickets', 'select update', 'team', 'SM ADM'),
        ('tickets', 'select', 'dept_unmasked', 'OPS'),
        ('tickets', 'update', 'dept', 'OPS'),
        ('tickets', 'insert', 'all', 'SA MM MS SM ADM SP STF SS OPS'),
        ('tickets', 'insert', 'dept', 'FIN'),
        ('tickets', 'delete', 'all', 'SA'),
        -- As files, to those who see them as they are.
        ('tickets', 'export', 'all', 'DIR SA MM MS SM ADM SP STF SS FIN'),
        -- Who gives tickets to people: managers those they see, everybody those of their department.
        ('tickets', 'assign', 'all', 'SA'),
        ('tickets', 'assign', 'dept', 'MM MS SM ADM SP STF SS OPS FIN'),
        ('tickets', 'assign', 'created', 'MM SM ADM'),
        ('tickets', 'assign', 'assigned', 'MM SM ADM'),
        ('tickets', 'assign', 'lead', 'MM SM ADM'),
        ('tickets', 'assign', 'marketing', 'MM'),
        ('tickets', 'assign', 'team', 'SM ADM'),
        ('v_ops_rfqs_masked', 'select', 'all', 'DIR SA'),
        ('v_ops_rfqs_masked', 'select', 'dept', 'OPS'),
        ('ticket_messages ticket_attachments', 'select', 'parent', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),
        ('ticket_attachments', 'select', 'dept', 'OPS'),
        ('ticket_messages ticket_attachments', 'insert', 'parent', 'SA MM MS SM ADM SP STF SS OPS FIN'),
        ('ticket_messages ticket_attachments', 'delete', 'all', 'SA'),
        ('calendars sla_targets', 'select', 'all', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),
        ('calendars sla_targets', 'insert update', 'all', 'SA'),
        ('sla_events ticket_clocks', 'select', 'parent', 'DIR SA MM MS SM ADM SP STF SS OPS FIN'),

        -- Targets and actuals ----------------------------------------------------------------------------------
        ('kpi_targets', 'select', 'all', 'DIR SA'),
        ('kpi_targets', 'select', 'marketing', 'MM'),
        ('kpi_targets', 'select', 'org_marketing', 'MM'),
        ('kpi_targets', 'select', 'team', 'SM'),
        ('kpi_targets', 'select', 'org_sales', 'SM'),
        ('kpi_targets', 'select', 'own', 'MM MS SP'),
        ('kpi_targets', 'select', 'org_finance', 'FIN'),
        ('kpi_targets', 'insert update delete', 'all', 'SA'),
        ('kpi_targets', 'insert update', 'marketing', 'MM'),
        ('kpi_targets', 'insert update', 'org_marketing', 'MM'),
        ('kpi_targets', 'insert update', 'team', 'SM'),
        ('kpi_targets', 'insert update', 'org_sales', 'SM'),
        ('kpi_entries kpi_evidence', 'select', 'all', 'DIR SA'),
        ('kpi_entries kpi_evidence', 'select insert update', 'marketing', 'MM'),
        ('kpi_entries kpi_evidence', 'select insert update', 'team', 'SM'),
        ('kpi_entries kpi_evidence', 'select insert update', 'own', 'MS SP'),
        ('kpi_entries kpi_evidence', 'insert update delete', 'all', 'SA'),
        -- All of it, whoever recorded it (§1.7): a cost is divided by all that was spent.
        ('marketing_activity_events marketing_spend', 'select', 'all', 'DIR SA MM MS'),
        ('marketing_activity_events marketing_spend', 'insert update delete', 'own', 'MM MS'),
        ('marketing_activity_events marketing_spend', 'insert update delete', 'all', 'SA'),

        -- Money ------------------------------------------------------------------------------------------------
        -- The view is what is seen of invoices; as a file it is asked for by name.
        ('invoices payments v_my_customers_ar', 'select', 'all', 'DIR SA FIN'),
        ('invoices payments v_my_customers_ar', 'select', 'team', 'SM'),
        ('invoices payments v_my_customers_ar', 'select', 'own', 'SP'),
        ('invoices payments', 'insert', 'all', 'SA FIN'),
        ('invoices', 'update', 'all', 'SA FIN'),
        ('invoices payments', 'delete', 'all', 'SA'),
        -- Who asks finance to collect, and for whose customers.
        ('collection_tickets', 'insert', 'all', 'SA FIN'),
        ('collection_tickets', 'insert', 'team', 'SM'),
        ('collection_tickets', 'insert', 'own', 'SP'),

        -- Members (decisions §1.2): sales managers over their team; salespeople and sales support as staff ------
        ('products databases', 'select', 'all', 'DIR SA ADM SM SP STF SS'),
        ('products', 'insert delete', 'all', 'SA ADM'),
        ('databases', 'delete', 'all', 'SA ADM'),
        ('records batches assignments', 'select', 'all', 'DIR SA ADM'),
        ('records batches assignments', 'select', 'team', 'SM'),
        ('records batches assignments', 'select', 'own', 'SP STF SS'),
        -- Hand out, recall, process, restore.
        ('records', 'assign', 'all', 'SA ADM'),
        ('records', 'assign', 'team', 'SM'),
        ('records', 'validate', 'own', 'SP STF SS'),
        -- Say whether members can be written to and answer; look at how far that is for everybody.
        ('records', 'mark', 'all', 'SA ADM'),
        ('records', 'mark', 'team', 'SM'),
        ('records', 'mark', 'own', 'SP STF SS'),
        ('staff_progress', 'select', 'all', 'DIR SA ADM'),
        ('staff_progress', 'select', 'team', 'SM'),
        ('records', 'delete', 'all', 'SA ADM'),
        ('batches', 'rename', 'own', 'SP STF SS'),
        -- Ask for records of normal databases; whoever hands out records decides.
        ('download_requests', 'select', 'all', 'DIR SA ADM'),
        ('download_requests', 'select', 'team', 'SM'),
        ('download_requests', 'select insert', 'own', 'SP STF SS'),
        ('databases', 'update', 'all', 'SA ADM'),
        ('batch_titles', 'select', 'own', 'SP STF SS'),
        ('page_views', 'select', 'own', 'DIR SA ADM SM SP STF SS'),
        ('reservations', 'select', 'all', 'DIR SA ADM'),
        ('reservations', 'select', 'team', 'SM'),
        ('reservations', 'select', 'approved', 'SM SP STF SS'),
        ('reservations', 'select', 'own', 'SP STF SS'),
        -- Ask for one; approve, reject, add, move, delete, restore.
        ('reservations', 'request', 'own', 'SP STF SS'),
        ('reservations', 'manage', 'all', 'SA ADM'),
        ('reservations', 'manage', 'team', 'SM'),
        ('deleted_reservations conflicts', 'select', 'all', 'DIR SA ADM'),
        ('deleted_reservations conflicts', 'select', 'team', 'SM'),
        ('conflicts', 'select', 'own', 'SP STF SS'),
        ('reservation_grace', 'select', 'all', 'DIR SA ADM SM'),
        -- Health of the data: see it; check, repair, set.
        ('data_sync system_logs', 'select', 'all', 'DIR SA ADM'),
        ('data_sync', 'manage', 'all', 'SA ADM'),
        ('member_settings', 'select', 'all', 'DIR SA ADM SM'),
        ('member_settings', 'update', 'all', 'SA ADM'),

        -- Files of rows (decisions §5.3) -----------------------------------------------------------------------
        ('imports import_rows import_undos undo_refusals', 'select', 'all', 'DIR SA'),
        ('imports', 'select', 'own', 'MM MS SM ADM SS FIN'),
        ('imports', 'select', 'module', 'MM SS FIN'),
        ('import_rows import_undos undo_refusals', 'select', 'parent', 'MM MS SM ADM SS FIN'),
        ('saved_mappings', 'select', 'own', 'SA MM MS SM ADM SS FIN'),
        ('imports.leads', 'insert', 'all', 'SA MM MS ADM SS'),
        ('imports.customers imports.contacts', 'insert', 'all', 'SA MM SM ADM SS'),
        ('imports.marketing_spend imports.marketing_activities imports.kpi_entries', 'insert', 'all', 'SA MM MS'),
        ('imports.invoices imports.payments', 'insert', 'all', 'SA FIN'),
        ('imports.member_records imports.deposits', 'insert', 'all', 'SA ADM'),
        ('imports.leads', 'manage', 'all', 'SA MM SS'),
        ('imports.customers imports.contacts', 'manage', 'all', 'SA SS'),
        ('imports.marketing_spend imports.marketing_activities imports.kpi_entries', 'manage', 'all', 'SA MM'),
        ('imports.invoices imports.payments', 'manage', 'all', 'SA FIN'),
        ('imports.member_records imports.deposits', 'manage', 'all', 'SA')
),
wanted as (
    select distinct k.role_key, res.resource, act.action, m.scope
    from matrix m
    cross join lateral string_to_table(m.resources, ' ') as res (resource)
    cross join lateral string_to_table(m.actions, ' ') as act (action)
    cross join lateral string_to_table(m.who, ' ') as who (name)
    join role_groups g on g.name = who.name
    cross join lateral unnest(g.role_keys) as k (role_key)
),
removed as (
    delete from app.role_permissions p
    where not exists (
        select
        from wanted w
        where w.role_key = p.role_key and w.resource = p.resource and w.action = p.action and w.scope = p.scope
    )
)
insert into app.role_permissions (role_key, resource, action, scope)
select role_key, resource, action, scope from wanted
on conflict do nothing;
