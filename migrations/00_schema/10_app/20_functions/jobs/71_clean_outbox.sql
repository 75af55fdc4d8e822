-- Job: forgets events that were sent long ago.

create or replace function app.clean_outbox(p_limit integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    delete from app.outbox e
    where e.ctid = any (
        array(
            select old.ctid
            from app.organizations o
            cross join lateral (
                select oldest.ctid
                -- Events are sent about in the order of their ids: behind p_limit that are too young nothing old can wait. So it
                -- takes no index on sent_at, which each mark would have to write.
                from (
                    select x.ctid, x.sent_at
                    from app.outbox x
                    where x.org_id = o.org_id
                    order by x.id
                    limit p_limit
                ) oldest
                where oldest.sent_at <= app.now() - make_interval(
                    days => (app.setting_of(o.org_id, 'outbox_keep_days') #>> '{}')::integer
                )
            ) old
            limit p_limit
        )
    );
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

comment on function app.clean_outbox(integer) is
    'Deletes at most p_limit events that were sent longer ago than the organisation''s setting outbox_keep_days; returns how many. What was not sent stays. Rule: design §8.';
revoke all on function app.clean_outbox(integer) from public;
