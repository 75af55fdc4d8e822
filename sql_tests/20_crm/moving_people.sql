-- People who move: to another manager, to another role. What they and their managers see and do follows at once.

begin;
select plan(20);

create temporary table made (lead_id text, customer_id text, prospect_id text);
grant all on made to public;
create function pg_temp.seen(p_email text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_email);
    return format(
        'leads %s, customers %s, prospects %s, activities %s, invoices %s, targets %s',
        (select count(*) from api.leads), (select count(*) from api.customers), (select count(*) from api.prospects),
        (select count(*) from api.activities), (select count(*) from api.invoices), (select count(*) from api.kpi_targets)
    );
end
$$;
create function pg_temp.error_as(p_email text, p_call text) returns text
language sql
as $$
    select tests.error_of(format('select tests.become(%L); select %s', p_email, p_call))
$$;

select tests.become('sp1@alpha.test');
insert into made
select a ->> 'lead_id', a ->> 'customer_id', a ->> 'prospect_id'
from api.crm_create_lead_bundle(jsonb_build_object(
    'company_name', 'PT One', 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF', 'primary_channel', 'Sales Outbound',
    'contact_phone', '0812-777-111', 'email', 'one@mail.example', 'sales_owner_user_id', tap.uid('sp1@alpha.test')
)) a;
select lives_ok(
    $$ select api.crm_log_activity(jsonb_build_object('lead_id', (select lead_id from made), 'activity_type', 'call', 'notes', 'n')) $$,
    'a salesperson with a lead, a prospect and an activity'
);
reset role;
insert into ar.invoices (org_id, customer_id, invoice_date, due_date, invoice_amount, currency)
select 'a0000000-0000-4000-8000-000000000000', m.customer_id, '2031-01-01', '2031-02-01', 5, 'IDR' from made m;
insert into kpi.kpi_targets (org_id, metric_key, period_start, period_end, assignee_user_id, target_value, created_by)
values ('a0000000-0000-4000-8000-000000000000', 'SALES_ACTIVITY_CALL', '2031-01-01', '2031-01-31', tap.uid('sp1@alpha.test'), 10, tap.uid('sa@alpha.test'));

select is(
    pg_temp.seen('sm@alpha.test'), 'leads 1, customers 1, prospects 1, activities 1, invoices 1, targets 1', 'case 146: the manager sees all of it'
);
reset role;
select is(
    pg_temp.seen('sm2@alpha.test'), 'leads 0, customers 0, prospects 0, activities 0, invoices 0, targets 0', 'case 146: another one nothing'
);
reset role;
update app.profiles set manager_user_id = tap.uid('sm2@alpha.test') where email = 'sp1@alpha.test';
select is(
    pg_temp.seen('sm@alpha.test'), 'leads 0, customers 0, prospects 0, activities 0, invoices 0, targets 0', 'case 146: with another manager the old one loses it'
);
reset role;
select is(
    pg_temp.seen('sm2@alpha.test'), 'leads 1, customers 1, prospects 1, activities 1, invoices 1, targets 1', 'case 146: and the new one has it'
);
reset role;
select is(
    pg_temp.error_as('sm@alpha.test', format('api.crm_update_lead(%L, ''{"notes": "x"}'')', (select lead_id from made))), 'PT404 lead.not_found',
    'case 146: the old one changes nothing of it'
);
select is(
    pg_temp.error_as('sm2@alpha.test', format('api.crm_update_lead(%L, ''{"notes": "x"}'')', (select lead_id from made))), null,
    'case 146: the new one does'
);
reset role;
update app.profiles set manager_user_id = null where email in ('sp1@alpha.test', 'sp3@alpha.test');
select is(
    pg_temp.seen('sm2@alpha.test'), 'leads 0, customers 0, prospects 0, activities 0, invoices 0, targets 0', 'case 147: a manager of nobody sees their own rows alone'
);

select tests.become('sa@alpha.test');
select results_eq(
    'select status, lead_count, assigned_count, unassigned_count from api.v_leads_pipeline_stats',
    $$ values ('New', 1::bigint, 1::bigint, 0::bigint) $$, 'the pipeline counts what its reader sees'
);

-- To another role (case 145)

reset role;
update app.profiles set role_key = 'director', dept_code = 'DIR' where email = 'sp1@alpha.test';
select is(pg_temp.error_as('sp1@alpha.test', c.call), 'PT403 permission.denied', 'case 145: as a director he does not any more: ' || c.what)
from made m
cross join lateral (
    values
        ('change the lead he made', format('api.crm_update_lead(%L, ''{"notes": "x"}'')', m.lead_id)),
        ('hand it over', format('api.crm_assign_lead(%L, ''{"new_owner_user_id": "%s"}'')', m.lead_id, tap.uid('sp2@alpha.test'))),
        ('move his prospect', format('api.crm_move_prospect(%L, ''{"current_stage": "Negotiation"}'')', m.prospect_id)),
        ('log an activity', format('api.crm_log_activity(''{"prospect_id": "%s", "activity_type": "call", "notes": "n"}'')', m.prospect_id)),
        ('change his customer', format('api.crm_update_customer(%L, ''{"city": "x"}'')', m.customer_id)),
        ('add a person to it', format('api.crm_add_contact(%L, ''{"full_name": "x"}'')', m.customer_id)),
        ('keep a view', 'api.app_save_view(''{"module": "crm", "view_name": "x"}'')')
) as c (what, call);
reset role;
select is(
    pg_temp.seen('sp1@alpha.test'), 'leads 1, customers 1, prospects 1, activities 1, invoices 1, targets 1', 'case 145: and reads on, as directors do'
);

-- Nothing of it disappears (case 150)

select tests.become_owner();
select is(tests.error_of(d.statement), '23503', 'case 150: ' || d.what || ' with what hangs on it is not deleted by anybody')
from (
    values
        ('a lead', 'delete from crm.leads'), ('a prospect', 'delete from crm.prospects'), ('a customer', 'delete from crm.customers')
) as d (what, statement);

select * from finish();
rollback;
