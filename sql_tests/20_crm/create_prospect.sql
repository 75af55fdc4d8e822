-- Prospects made by hand: of customers that one sees, for people whom one may name, one for each of both.

begin;
select plan(25);

create temporary table made (name text, customer_id text, prospect_id text);
grant all on made to public;
create function pg_temp.customer(p_who text, p_name text) returns void
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    insert into made (name, customer_id) select p_name, api.crm_create_customer(jsonb_build_object('company_name', 'PT ' || p_name)) ->> 'customer_id';
    perform set_config('role', 'none', true);
end
$$;
create function pg_temp.call(p_name text, p_owner text) returns text
language sql
as $$
    select format(
        'api.crm_create_prospect(%L)',
        jsonb_strip_nulls(jsonb_build_object('customer_id', m.customer_id, 'owner_user_id', tap.uid(p_owner || '@alpha.test')))
    )
    from made m
    where m.name = p_name
$$;
create function pg_temp.error_as(p_who text, p_name text, p_owner text default null) returns text
language sql
as $$
    select tests.error_of(format('select tests.become(%L); select %s', p_who || '@alpha.test', pg_temp.call(p_name, p_owner)))
$$;
create function pg_temp.make(p_who text, p_name text, p_owner text default null) returns jsonb
language plpgsql
as $$
declare
    v_answer jsonb;
begin
    perform tests.become(p_who || '@alpha.test');
    execute 'select ' || pg_temp.call(p_name, p_owner) into v_answer;
    perform set_config('role', 'none', true);
    return v_answer;
end
$$;

select pg_temp.customer('mm', 'open');
select pg_temp.customer('sp1', 'mine');
select pg_temp.customer('sp3', 'theirs');

-- Who, for whom, of what

select is(pg_temp.error_as(w.who, 'open', w.owner), w.error, format('§1.5: %s for %s', w.who, coalesce(w.owner, 'oneself')))
from (
    values
        ('dir', null, 'PT403 permission.denied'), ('ss', null, 'PT403 permission.denied'), ('exi', null, 'PT403 permission.denied'),
        ('fin', null, 'PT403 permission.denied'), ('mm', 'mc', 'PT422 request.invalid'), ('mm', null, 'PT422 request.invalid'),
        ('mm', 'exi', 'PT422 request.invalid'), ('sp1', null, 'PT404 customer.not_found'), ('sm', 'sp1', 'PT404 customer.not_found'),
        ('mc', null, 'PT404 customer.not_found')
) as w (who, owner, error);
select is(pg_temp.error_as(w.who, w.name, w.owner), w.error, w.why)
from (
    values
        ('sm', 'mine', 'sp3', 'PT403 prospect.owner.not_in_team', 'case 43: a manager names people of the own team alone'),
        ('sp1', 'mine', 'sp2', 'PT403 prospect.owner.not_in_team', 'case 34: a salesperson nobody else'),
        ('sp1', 'theirs', null, 'PT404 customer.not_found', 'D1: nobody opens a customer by it')
) as w (who, name, owner, error, why);
select tests.become('sa@alpha.test');
select is(
    tests.faults_of($$ select api.crm_create_prospect('{"owner_user_id": "x", "current_stage": "Closed Won"}') $$),
    array['current_stage prospect.field.unknown', 'customer_id prospect.customer_id.required', 'owner_user_id prospect.owner_user_id.type'],
    'P33: what is missing, wrong or no field is named'
);
reset role;

-- Made once

select is(
    pg_temp.make('mm', 'open', 'sp1') - 'prospect_id',
    jsonb_build_object(
        'customer_id', (select m.customer_id from made m where m.name = 'open'), 'owner_user_id', tap.uid('sp1@alpha.test'),
        'current_stage', 'Prospect Created', 'is_new', true
    ),
    'a marketing manager has a salesperson pursue a customer'
);
select is(pg_temp.make('mm', 'open', 'sp1') -> 'is_new', 'false', 'case 57: asked again, it is the same one');
select is(pg_temp.make('sm', 'mine', 'sp2') -> 'is_new', 'true', 'a manager of sales brings a second one of the team in');
select tests.become('sp1@alpha.test');
select is((select string_agg(c.company_name, ', ' order by c.company_name) from api.customers c), 'PT mine, PT open', 'who pursues it, sees it');
select is(
    (select string_agg(n.topic, ', ') from api.notifications n), 'prospect.assigned', 'and is told, once'
);
select tests.become('sp2@alpha.test');
select is((select string_agg(c.company_name, ', ') from api.customers c), 'PT mine', 'so does the second one');
select tests.become('sp3@alpha.test');
select is((select string_agg(c.company_name, ', ') from api.customers c), 'PT theirs', 'and nobody else');

-- What was lost is taken up again

select tests.become('sp2@alpha.test');
select is(api.crm_move_prospect(p.prospect_id, '{"current_stage": "Closed Lost"}') ->> 'current_stage', 'Closed Lost', 'one is lost') from api.prospects p;
reset role;
select is(
    pg_temp.make('sm', 'mine', 'sp2') - 'prospect_id' - 'customer_id' - 'owner_user_id', '{"current_stage": "Nurturing", "is_new": false}', '§2.5: and taken up again'
);
select tests.become('sp2@alpha.test');
select results_eq(
    'select h.from_stage, h.to_stage from api.prospect_stage_history h order by h.history_id',
    $$ values (null, 'Prospect Created'), ('Prospect Created', 'Closed Lost'), ('Closed Lost', 'Nurturing') $$, 'case 51: its history has every move'
);
select tests.become_owner();
select is((select count(*) from crm.prospects p where p.counts), 4::bigint, 'case 57: one for each customer and owner');

select * from finish();
rollback;
