-- An import that is taken back: everything is as it was, but what others have touched since, and that is said.

begin;
select plan(39);

\ir _leads.psql

create temporary table states (name text primary key, state jsonb);
grant all on states to public;
create function pg_temp.done(p_import_id bigint) returns text
language plpgsql
as $$
declare
    v_counts text := pg_temp.process(p_import_id);
begin
    -- A request of its own would be over now.
    perform set_config('pgcrm.import_id', '', true);
    return v_counts;
end
$$;
-- What tables hold, row by row, but for stamps of writing.
create function pg_temp.state() returns jsonb
language sql
security definer
as $$
    select jsonb_build_object(
        'customers', (select jsonb_object_agg(c.customer_id, to_jsonb(c) - '{updated_at,version}'::text[]) from crm.customers c),
        'contacts', (select jsonb_object_agg(c.contact_id, to_jsonb(c) - '{updated_at,version}'::text[]) from crm.contacts c),
        'keys', (select jsonb_agg(to_jsonb(k) order by k.kind, k.key, k.customer_id) from crm.customer_keys k),
        'prospects', (select jsonb_object_agg(p.prospect_id, to_jsonb(p) - 'updated_at') from crm.prospects p),
        'stages', (select jsonb_object_agg(h.history_id, to_jsonb(h)) from crm.prospect_stage_history h),
        'leads', (select jsonb_object_agg(l.lead_id, to_jsonb(l) - 'updated_at') from crm.leads l)
    )
$$;
create function pg_temp.undone(p_import_id bigint, p_limit integer default 500) returns text
language plpgsql
as $$
declare
    v_undo jsonb;
begin
    loop
        v_undo := api.undo_import(p_import_id, p_limit);
        exit when v_undo ->> 'status' = 'undone';
    end loop;
    return format('%s removed, %s restored, %s refused', v_undo ->> 'removed_rows', v_undo ->> 'restored_rows', v_undo ->> 'refused_rows');
end
$$;
create function pg_temp.refusal(p_who text, p_call text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who);
    return tests.error_of(p_call);
end
$$;
create function pg_temp.brought(p_module text, p_rows jsonb) returns bigint
language plpgsql
as $$
declare
    v_import_id bigint := (pg_temp.register(p_rows, p_module) ->> 'import_id')::bigint;
begin
    perform pg_temp.stage(v_import_id, p_rows);
    perform api.ingest_finish_staging(v_import_id, jsonb_array_length(p_rows));
    if p_module = 'customers' then
        perform api.process_import_customers(v_import_id);
    else
        perform api.process_import_contacts(v_import_id);
    end if;
    perform set_config('pgcrm.import_id', '', true);
    return v_import_id;
end
$$;
create function pg_temp.company(p_name text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select (pg_temp.row(p_name) - '{contact_phone,email,city_area,service_code,primary_channel}'::text[])
        || jsonb_build_object('pic_phone', pg_temp.row(p_name) ->> 'contact_phone', 'pic_email', pg_temp.row(p_name) ->> 'email')
        || '{"address": "", "city": "", "npwp": ""}' || p_more
$$;
create function pg_temp.file() returns jsonb
language sql
as $$
    -- Two leads of a company that is new; a third with an error; one of a company that is known, which brings its NPWP and
    -- somebody new; one more of another that is new.
    select jsonb_build_array(
        pg_temp.row('PT New'), pg_temp.row('PT New', '{"notes": "second"}'), pg_temp.row('PT Bad', '{"email": "nobody"}'),
        pg_temp.row('PT Known', '{"npwp": "012345678901000", "pic_name": "Somebody New", "email": "new@known.example"}'),
        pg_temp.row('PT Other')
    )
$$;

-- A company that is known, without an NPWP

select tests.become('mm@alpha.test');
select isnt(api.crm_create_lead_bundle(pg_temp.row('PT Known')) ->> 'lead_id', null, 'somebody knows a company');
select tests.become_owner();
insert into states select 'before', pg_temp.state();

-- All of it

select tests.become('mm@alpha.test');
insert into ids select 'first', pg_temp.upload(pg_temp.file());
select is(
    pg_temp.done(pg_temp.id('first')), 'completed: 5 = 4 success, 1 error, 0 skipped, 0 duplicate, 0 pending', 'a file makes leads'
);
select is(
    (select c.npwp from api.customers c where c.company_name = 'PT Known'), '012345678901000', 'and fills in what a customer lacked'
);
select isnt((select s.state from states s), pg_temp.state(), 'much has changed');

select is(
    pg_temp.refusal(w.who, format('select api.undo_import(%s)', pg_temp.id('first'))), w.outcome, 'not for ' || w.who
)
from (
    values
        ('mm@beta.test', 'PT404 import.not_found'), ('mc@alpha.test', 'PT404 import.not_found'), ('adm@alpha.test', 'PT404 import.not_found'),
        ('dir@alpha.test', 'PT403 permission.denied'), ('sp1@alpha.test', 'PT403 permission.denied'), ('exi@alpha.test', 'PT403 permission.denied')
) as w (who, outcome);

select tests.become('mm@alpha.test');
select is(
    (api.undo_import(pg_temp.id('first'), 1) ->> 'status'), 'undoing', 'it is taken back in chunks'
);
select is(
    pg_temp.counts(api.process_import_leads(pg_temp.id('first'))) ~ 'completed', true, 'meanwhile nothing more is made of it'
);
select is(
    pg_temp.undone(pg_temp.id('first'), 1), '9 removed, 1 restored, 0 refused',
    'four leads, two customers, two prospects of theirs and one more contact go; one customer is as it was'
);
select tests.become_owner();
select is(pg_temp.state(), (select s.state from states s), 'undo: every table is what it was, row by row');
select tests.become('mm@alpha.test');
select is(pg_temp.undone(pg_temp.id('first')), '9 removed, 1 restored, 0 refused', 'once more changes nothing');
select is(tests.error_of(format('select api.retry_import(%s)', pg_temp.id('first'))), 'PT409 import.undone', 'its rows are not tried again');
select isnt((select i.undone_at from api.imports i where i.import_id = pg_temp.id('first')), null, 'it says that it was undone');

-- All but what others touched

insert into ids select 'second', pg_temp.upload(pg_temp.file());
select isnt(pg_temp.id('second'), pg_temp.id('first'), 'the same file can be uploaded again');
select is(
    pg_temp.done(pg_temp.id('second')), 'completed: 5 = 4 success, 1 error, 0 skipped, 0 duplicate, 0 pending',
    'and its rows are new again'
);
select l.lead_id as other_lead from api.leads l where l.company_name = 'PT Other' \gset
with edited as (update crm.leads l set notes = 'by hand' where l.lead_id = :'other_lead' returning l.lead_id)
select is((select e.lead_id from edited e), :'other_lead', 'somebody edits a lead');
select is(
    pg_temp.undone(pg_temp.id('second')), '6 removed, 1 restored, 1 refused', 'what nobody has touched is taken back'
);
select is(
    (api.ingest_get_undo(pg_temp.id('second')) #> '{items,0}') - 'refusal_id',
    jsonb_build_object('target_table', 'crm.leads', 'target_id', :'other_lead', 'reason', 'changed', 'row_no', 6),
    'and what somebody has, is named'
);
select tests.become_owner();
select is(
    (select l.notes from crm.leads l where l.lead_id = :'other_lead'), 'by hand', 'the lead that was edited is there, as it was edited'
);
select is(
    (
        select jsonb_build_object(
            'customers', s.state -> 'customers', 'leads', s.state -> 'leads', 'prospects', s.state -> 'prospects'
        )
        from states s
    ),
    (
        select jsonb_build_object(
            'customers', (n.state -> 'customers') - l.customer_id, 'leads', (n.state -> 'leads') - l.lead_id,
            'prospects', (n.state -> 'prospects') - l.prospect_id
        )
        from (select pg_temp.state() as state) n
        cross join crm.leads l
        where l.lead_id = :'other_lead'
    ),
    'undo: everything but that lead, its customer and prospect is what it was'
);
select tests.become('dir@alpha.test');
select is(jsonb_array_length(api.ingest_get_undo(pg_temp.id('second')) -> 'items'), 1, 'whoever sees the import sees what became of it');
select is(pg_temp.refusal('mm@beta.test', format('select api.ingest_get_undo(%s)', pg_temp.id('second'))), 'PT404 import.undo.not_found', 'nobody else does');

-- What hangs on it, and what was changed of a customer

select tests.become('mm@alpha.test');
insert into ids select 'third', pg_temp.upload(jsonb_build_array(
    pg_temp.row('PT Ticket'), pg_temp.row('PT Known', '{"npwp": "012345678901000", "notes": "again"}'), pg_temp.row('PT Joined')
));
select is(
    pg_temp.done(pg_temp.id('third')), 'completed: 3 = 3 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'a third file'
);
select tests.become_owner();
insert into desk.tickets (org_id, ticket_type, dept_target, related_lead_id, subject, created_by)
select l.org_id, 'general request', 'EXI', l.lead_id, 'x', l.created_by from crm.leads l where l.company_name = 'PT Ticket';
update crm.customers c set city = 'Bandung' where c.company_name = 'PT Known';
select tests.become('mc@alpha.test');
select isnt(api.crm_create_lead_bundle(pg_temp.row('PT Joined', '{"notes": "mine"}')) ->> 'lead_id', null, 'somebody else''s lead on a customer of the file');
select tests.become('mm@alpha.test');
select is(pg_temp.undone(pg_temp.id('third')), '3 removed, 0 restored, 3 refused', 'what is in use stays');
select results_eq(
    $$ select r.target_table, r.reason from api.undo_refusals r where r.import_id = pg_temp.id('third') order by 1, 2 $$,
    $$ values ('crm.customers', 'changed'), ('crm.customers', 'in_use'), ('crm.leads', 'in_use') $$,
    'a lead with a ticket, a customer with a lead of somebody else, and one that was edited'
);

-- Files of customers and of contacts

update states set state = pg_temp.state() where name = 'before';
select tests.become('sm@alpha.test');
insert into ids select 'companies', pg_temp.brought('customers', jsonb_build_array(
    pg_temp.company('PT Alamat', '{"address": "Jl. Satu"}'), pg_temp.company('PT Alamat', '{"city": "Medan", "address": "Jl. Dua"}'),
    pg_temp.company('PT Lagi')
));
select is(
    (select array_agg(c.company_name order by 1) from api.customers c where c.company_name in ('PT Alamat', 'PT Lagi')),
    '{PT Alamat,PT Lagi}'::text[], 'a file of customers makes some'
);
select is(pg_temp.undone(pg_temp.id('companies'), 1), '4 removed, 0 restored, 0 refused', 'two customers and two prospects of theirs go');
select tests.become_owner();
select is(pg_temp.state(), (select s.state from states s), 'undo: a file of customers leaves nothing');

select tests.become('sa@alpha.test');
insert into ids select 'filled', pg_temp.brought('customers', jsonb_build_array(
    pg_temp.company('PT Ticket', '{"address": "Jl. Satu", "npwp": "098765432109000"}'), pg_temp.company('PT Ticket', '{"city": "Medan"}')
));
insert into ids select 'people', pg_temp.brought('contacts', jsonb_build_array(
    jsonb_build_object('company_name', 'PT Ticket', 'full_name', 'Pic of PT Ticket', 'title', 'Boss', 'email', '', 'notes', 'a'),
    jsonb_build_object('company_name', 'PT Ticket', 'full_name', 'Pic of PT Ticket', 'title', 'Chief', 'email', '', 'notes', 'b'),
    jsonb_build_object('company_name', 'PT Ticket', 'full_name', 'New Person', 'title', '', 'email', 'n@t.example', 'notes', '')
));
select is(
    (select array_agg(concat_ws(' ', k.full_name, k.title) order by k.full_name) from api.contacts k join api.customers c using (customer_id) where c.company_name = 'PT Ticket'),
    array['New Person', 'Pic of PT Ticket Chief'], 'files fill in blanks, and add and change people'
);
select is(pg_temp.undone(pg_temp.id('people')), '1 removed, 1 restored, 0 refused', 'people: who was added goes, who was changed is as they were');
select is(pg_temp.undone(pg_temp.id('filled')), '0 removed, 1 restored, 0 refused', 'a customer of which blanks were filled has them again');
select tests.become_owner();
select is(pg_temp.state(), (select s.state from states s), 'undo: every table is what it was, row by row');

-- Until when

select tests.become_owner();
update ingest.imports i set undone_at = null, uploaded_at = app.now() - interval '31 days' where i.import_id = pg_temp.id('third');
delete from ingest.undo_refusals;
delete from ingest.import_undos;
select tests.become('mm@alpha.test');
select is(tests.error_of(format('select api.undo_import(%s)', pg_temp.id('third'))), 'PT409 import.undo.too_late', 'after thirty days it is too late');

-- What can hang on leads, prospects, customers and contacts is known to the undo; what hangs on them without a foreign
-- key are contacts, prospects and leads (migrations/00_schema/20_crm/30_triggers/60_references.sql)

select tests.become_owner();
select results_eq(
    $$
        select distinct k.conrelid::regclass::text || ' -> ' || k.confrelid::regclass::text collate "default"
        from pg_constraint k
        where k.contype = 'f'
          and k.confrelid in ('crm.leads'::regclass, 'crm.prospects'::regclass, 'crm.customers'::regclass, 'crm.contacts'::regclass)
        order by 1
    $$,
    array[
        'ar.collections -> crm.customers', 'ar.invoices -> crm.customers', 'crm.activities -> crm.contacts',
        'crm.activities -> crm.customers', 'crm.activities -> crm.leads', 'crm.activities -> crm.prospects',
        'crm.customer_documents -> crm.customers', 'crm.customers -> crm.customers', 'crm.lead_assignments -> crm.leads', 'crm.prospect_events -> crm.prospects',
        'desk.tickets -> crm.customers', 'desk.tickets -> crm.leads'
    ],
    'a new reference to one of these belongs into ingest.undo_leads or ingest.undo_customers'
);

select * from finish();
rollback;
