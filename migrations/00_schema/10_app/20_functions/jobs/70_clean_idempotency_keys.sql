-- Job: forgets answers that no longer count.

create or replace function app.clean_idempotency_keys(p_limit integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    delete from app.idempotency_keys k
    where k.ctid = any (
        array(
            select old.ctid
            from app.organizations o
            cross join lateral (
                select x.ctid
                from app.idempotency_keys x
                where x.org_id = o.org_id
                  -- Real time, as app.replay reads it.
                  and x.created_at <= now() - interval '24 hours'
                order by x.created_at
                limit p_limit
            ) old
            limit p_limit
        )
    );
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

comment on function app.clean_idempotency_keys(integer) is
    'Deletes at most p_limit stored answers older than 24 hours; returns how many. Rule: design §5.';
revoke all on function app.clean_idempotency_keys(integer) from public;
