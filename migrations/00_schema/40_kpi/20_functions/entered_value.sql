-- What a metric that is entered came to: the sum or the last of its entries, or the recorded spend.

create or replace function kpi.entered_value(
    p_org_id uuid, p_metric kpi.kpi_metric_definitions, p_from date, p_to date, p_user uuid
) returns kpi.actual
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value numeric;
    v_entries bigint;
begin
    -- Recorded spend goes before entries, and is never added to them.
    if p_metric.spend_channel is not null then
        select sum(s.amount), count(*)
        into v_value, v_entries
        from kpi.marketing_spend s
        where s.org_id = p_org_id and s.channel = p_metric.spend_channel and s.spend_date between p_from and p_to
          and (p_user is null or s.created_by = p_user);
        if v_entries > 0 then
            return row(v_value, 'OK', null, 'marketing_spend', null)::kpi.actual;
        end if;
    end if;

    if p_metric.aggregation = 'SUM' then
        select sum(e.value), count(*)
        into v_value, v_entries
        from kpi.kpi_entries e
        where e.org_id = p_org_id and e.metric_key = p_metric.metric_key and e.entry_date between p_from and p_to
          and (p_user is null or e.assignee_user_id = p_user);
    else
        select e.value, 1
        into v_value, v_entries
        from kpi.kpi_entries e
        where e.org_id = p_org_id and e.metric_key = p_metric.metric_key and e.entry_date between p_from and p_to
          and (p_user is null or e.assignee_user_id = p_user)
        order by e.entry_date desc, e.entry_id desc
        limit 1;
    end if;
    if coalesce(v_entries, 0) = 0 then
        return row(null, 'NO_DATA', 'Nothing has been entered for this period.', null, null)::kpi.actual;
    end if;
    return row(v_value, 'OK', null, 'entries', null)::kpi.actual;
end
$$;

comment on function kpi.entered_value(uuid, kpi.kpi_metric_definitions, date, date, uuid) is
    'Counts and amounts are added up, of shares, days and scores the last counts; p_user null: of everybody. NO_DATA without any (spec: command_center §5.2, case 88).';
revoke all on function kpi.entered_value(uuid, kpi.kpi_metric_definitions, date, date, uuid) from public;
