-- Draws a block of numbers from a counter. The counter's row lock is the last lock of a transaction.

create or replace function app.reserve_ids(p_org_id uuid, p_prefix text, p_day date, p_count bigint default 1)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first bigint;
begin
    insert into app.id_sequences as s (org_id, prefix, date_part, last_seq)
    values (p_org_id, p_prefix, to_char(p_day, 'DDMMYY'), p_count)
    on conflict (org_id, prefix, date_part)
    do update set last_seq = s.last_seq + excluded.last_seq
    returning s.last_seq - p_count + 1 into v_first;
    return v_first;
end
$$;

comment on function app.reserve_ids(uuid, text, date, bigint) is
    'Gives out p_count numbers of (organisation, prefix, day) and returns the first. Take all other locks before (design §3); draw prefixes in the order CUST < ACT < LEAD… < ticket (decisions §5.18).';
revoke all on function app.reserve_ids(uuid, text, date, bigint) from public;
