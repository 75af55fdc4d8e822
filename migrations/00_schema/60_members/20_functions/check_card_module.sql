-- Refuses a record module in which records are not handed out as cards.

create or replace function members.check_card_module(p_module text) returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Records of the normal databases are asked for, not handed out (spec: member §5.2).
    if p_module is null or p_module not in ('member_wd', 'bonanza') then
        perform app.fail(
            'PT422', 'request.invalid', 'There is no such record module.',
            '[{"field": "module", "code": "records.module.unknown", "message": "must be member_wd or bonanza"}]'
        );
    end if;
end
$$;

comment on function members.check_card_module(text) is
    'Raises PT422 records.module.unknown unless p_module is member_wd or bonanza (decisions §1.7).';
revoke all on function members.check_card_module(text) from public;
grant execute on function members.check_card_module(text) to authenticated;
