-- Job: tells people what became overdue today.

create or replace function ar.tell_overdue(p_org_id uuid) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_today date := (app.now() at time zone (app.setting_of(p_org_id, 'time_zone') #>> '{}'))::date;
begin
    with late as materialized (
        select i.customer_id, count(*) as invoices
        from ar.invoices i
        where i.org_id = p_org_id and i.is_open and i.due_date = v_today - 1
        group by i.customer_id
    ),
    -- Those who see all invoices are told of all, whoever sees their own of those.
    told as (
        select p.user_id, sum(l.invoices) as invoices
        from app.profiles p
        join app.role_permissions m on m.role_key = p.role_key and m.resource = 'invoices' and m.action = 'select' and m.scope in ('all', 'own')
        cross join late l
        join crm.customers c on c.org_id = p_org_id and c.customer_id = l.customer_id
        where p.org_id = p_org_id
          and p.is_active
          and (m.scope = 'all' or p.user_id = any (c.owner_ids))
        group by p.user_id
    )
    insert into app.notifications (org_id, user_id, topic, title, entity_table, entity_id, data)
    select
        p_org_id, t.user_id, 'invoices.overdue',
        case t.invoices when 1 then 'An invoice is overdue since today' else t.invoices || ' invoices are overdue since today' end,
        'ar.invoices', v_today::text, jsonb_build_object('due_date', v_today - 1, 'invoices', t.invoices)
    from told t
    -- Once a day, however often the job is run.
    where not exists (
        select
        from app.notifications n
        where n.org_id = p_org_id and n.user_id = t.user_id and n.topic = 'invoices.overdue' and n.entity_id = v_today::text
    );
    return 0;
end
$$;

comment on function ar.tell_overdue(uuid) is
    'One notification invoices.overdue to each person about open invoices of theirs that were due yesterday, where the organisation is; data {due_date, invoices} is a filter of GET /api/invoices and how many. Nothing when it was told before. Returns 0: one call does all (spec: command_center §7).';
revoke all on function ar.tell_overdue(uuid) from public;
