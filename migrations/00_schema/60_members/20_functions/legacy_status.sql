-- The state that a record of the previous system is in by our rules.

create or replace function members.legacy_status(p_status text, p_staff text) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case
        -- Nobody has it, whatever it says.
        when p_staff is null then 'available'
        when p_status = 'invalid_archived' then 'invalid_archived'
        -- `invalid` was how conflicts were marked before they were flags.
        when p_status in ('assigned', 'invalid') then 'assigned'
        else 'available'
    end
$$;

comment on function members.legacy_status(text, text) is
    'invalid with an assignee -> assigned (in conflict), without -> available; unknown -> available; assigned without assignee -> available (spec: member §5.11 repair-data, case 109).';
revoke all on function members.legacy_status(text, text) from public;
