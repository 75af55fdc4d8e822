-- Refuses a record module that does not exist.

create or replace function members.check_module(p_module text) returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_module is null or p_module not in ('normal', 'member_wd', 'bonanza') then
        perform app.fail(
            'PT422', 'request.invalid', 'There is no such record module.',
            '[{"field": "module", "code": "records.module.unknown", "message": "must be normal, member_wd or bonanza"}]'
        );
    end if;
end
$$;

comment on function members.check_module(text) is
    'Raises PT422 records.module.unknown unless p_module is normal, member_wd or bonanza (decisions §1.7).';
revoke all on function members.check_module(text) from public;
grant execute on function members.check_module(text) to authenticated;
