-- A channel that a request names.

create or replace function kpi.check_channel(p_code text, p_channel text) returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_channel is not null and not exists (select from crm.lead_channels c where c.primary_channel = p_channel) then
        perform kpi.refuse('channel', p_code || '.channel.unknown', 'is no channel');
    end if;
end
$$;

comment on function kpi.check_channel(text, text) is
    'p_code: what the code begins with. Raises PT422 <p_code>.channel.unknown; null is none (spec: command_center §2.1).';
revoke all on function kpi.check_channel(text, text) from public;
grant execute on function kpi.check_channel(text, text) to authenticated;
