-- What is wrong with the person that a new customer comes with.

create or replace function crm.pic_problems(p_wanted jsonb) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_agg(p.problem), '[]')
    from (
        select jsonb_build_object(
            'field', 'pic_' || (k.problem ->> 'field'),
            'code', format('customer.pic_%s.format', k.problem ->> 'field'),
            'message', k.problem ->> 'message'
        ) as problem
        from jsonb_array_elements(
            crm.key_problems('customer', jsonb_build_object('email', p_wanted -> 'pic_email', 'phone', p_wanted -> 'pic_phone'))
        ) as k (problem)
        union all
        select '{"field": "pic_name", "code": "customer.pic_name.required", "message": "is required where a person is described"}'
        where p_wanted ?| array['pic_email', 'pic_phone'] and not p_wanted ? 'pic_name'
    ) p
$$;

comment on function crm.pic_problems(jsonb) is
    'JSON list of {field, code, message} for pic_name, pic_phone and pic_email of p_wanted, by the rules of a contact (spec: command_center §3.7, customers §1.2).';
revoke all on function crm.pic_problems(jsonb) from public;
grant execute on function crm.pic_problems(jsonb) to authenticated;
