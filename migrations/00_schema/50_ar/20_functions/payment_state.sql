-- How far an invoice is paid.

create or replace function ar.payment_state(p_status text, p_amount numeric, p_paid numeric) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_status = 'VOID' then 'VOID'
        when p_paid >= p_amount then 'PAID'
        when p_paid > 0 then 'PARTIAL'
        else 'UNPAID'
    end
$$;

comment on function ar.payment_state(text, numeric, numeric) is
    'UNPAID, PARTIAL, PAID or VOID, derived and never stored (spec: command_center §2.5, pitfall P22).';
revoke all on function ar.payment_state(text, numeric, numeric) from public;
grant execute on function ar.payment_state(text, numeric, numeric) to authenticated, analyst;
