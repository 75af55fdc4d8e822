-- Job: forgets deliveries that are over, and webhooks that were deleted.

create or replace function app.clean_webhooks(p_limit integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    delete from app.webhook_deliveries d
    where d.ctid = any (
        array(
            select old.ctid
            from app.organizations o
            cross join lateral (
                (
                    select x.ctid
                    from app.webhook_deliveries x
                    where x.org_id = o.org_id
                      and x.settled_at <= app.now() - make_interval(
                          days => (app.setting_of(o.org_id, 'outbox_keep_days') #>> '{}')::integer
                      )
                      -- What nobody got is kept for longer.
                      and (
                          x.state = 'sent'
                          or x.settled_at <= app.now() - make_interval(
                              days => (app.setting_of(o.org_id, 'webhook_dead_days') #>> '{}')::integer
                          )
                      )
                    limit p_limit
                )
                union all
                (
                    select x.ctid
                    from app.webhooks w
                    cross join lateral (
                        select y.ctid
                        from app.webhook_deliveries y
                        where y.org_id = w.org_id and y.webhook_id = w.webhook_id
                        limit p_limit
                    ) x
                    where w.org_id = o.org_id and w.deleted_at is not null
                    limit p_limit
                )
            ) old
            limit p_limit
        )
    );
    get diagnostics v_count = row_count;

    if v_count < p_limit then
        delete from app.webhooks w
        where w.deleted_at is not null
          and not exists (
              select from app.webhook_deliveries d where d.org_id = w.org_id and d.webhook_id = w.webhook_id
          );
    end if;
    return v_count;
end
$$;

comment on function app.clean_webhooks(integer) is
    'Deletes at most p_limit deliveries: sent ones after the organisation''s outbox_keep_days, dead ones after webhook_dead_days as well, and all of deleted webhooks, which go when nothing of them is left. Returns how many. Rule: design §8.';
revoke all on function app.clean_webhooks(integer) from public;
