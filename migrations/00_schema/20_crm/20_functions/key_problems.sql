-- What is wrong with the ways to reach somebody, and the numbers that name a company.

create or replace function crm.key_problems(p_prefix text, p_changes jsonb) returns jsonb
language plpgsql
stable
security definer -- reads the organisation's telephone region
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce(
            jsonb_agg(jsonb_build_object('field', p.field, 'code', format('%s.%s.format', p_prefix, p.field), 'message', p.message)), '[]'
        )
        from (
            select 'email' as field, 'must be an e-mail address' as message
            where p_changes ->> 'email' !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$'
            union all
            select f.name, 'must be a telephone number of at least six digits'
            from unnest(array['phone', 'mobile']) as f (name)
            where p_changes ->> f.name is not null
              and crm.phone_key(p_changes ->> f.name, crm.calling_code_of(app.org_id())) is null
            union all
            select 'npwp', 'must have 15 or 16 digits'
            where p_changes ->> 'npwp' is not null
              and length(crm.npwp_key(p_changes ->> 'npwp')) is distinct from 16
        ) p
    );
end
$$;

comment on function crm.key_problems(text, jsonb) is
    'JSON list of {field, code, message} for email, phone, mobile and npwp of p_changes, by the rules of a lead (spec: command_center §3.1).';
revoke all on function crm.key_problems(text, jsonb) from public;
grant execute on function crm.key_problems(text, jsonb) to authenticated;
