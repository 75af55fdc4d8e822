-- Which columns a person may change directly (command_center §1.6, pitfall P4, P13); everything else goes through functions.

begin;
select plan(2);

select results_eq(
    $$ select c.oid::regclass::text collate "default", string_agg(a.attname, ' ' order by a.attname) collate "default"
       from pg_class c
       join tests.v_our_schemas s on s.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relkind = 'r'
         and has_column_privilege('authenticated', c.oid, a.attnum, 'update')
       group by c.oid
       order by c.oid::regclass::text collate "C" $$,
    $$ values
        -- the mark of having read it
        ('app.notifications', 'read_at'),
        -- the name alone: role, department and manager are the super admin's (case 131)
        ('app.profiles', 'full_name'),
        ('app.saved_views', 'filter_json is_default view_name'),
        -- never amount, customer, status (case 115)
        ('ar.invoices', 'due_date notes'),
        ('crm.contacts', 'decision_maker department email first_name full_name influencer last_name mobile notes phone title'),
        (
            'crm.customers',
            'address city company_name country custom_fields customer_type email external_code external_ref industry legal_name '
            'npwp phone registration_number size status warranty_expiry_alert_opt_out website'
        ),
        -- never ids, owner, attribution, status (case 48)
        (
            'crm.leads',
            'city_area contact_phone country due_date email est_volume_unit est_volume_value next_step notes pic_name route timeline'
        ),
        ('crm.services', 'owner_dept scope_group service_name'),
        ('kpi.kpi_entries', 'notes value'),
        ('kpi.kpi_targets', 'period_end period_start target_value'),
        ('kpi.marketing_activity_events', 'activity_date activity_name channel notes quantity'),
        ('kpi.marketing_spend', 'amount campaign_name channel notes spend_date') $$,
    'the columns a request may change'
);
select is_empty(
    $$ select c.oid::regclass, a.attname
       from pg_class c
       join tests.v_our_schemas s on s.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       cross join (values ('analyst'), ('anon'), ('service_role'), ('pgcrm_bff'), ('pgcrm_worker')) as r (rolname)
       where has_column_privilege(r.rolname, c.oid, a.attnum, 'insert, update, references') $$,
    'nobody else changes any'
);

select * from finish();
rollback;
