-- Spend as people read it.

create view api.marketing_spend with (security_invoker = true) as
select
    m.org_id, m.spend_id, m.channel, m.spend_date, m.amount, m.campaign_name, m.notes, m.source_import_id, m.created_by,
    m.created_at, m.updated_at
from kpi.marketing_spend m
where m.org_id = (select app.org_id());

comment on view api.marketing_spend is 'Spend that the reader may see (spec: command_center §1.7).';
revoke all on api.marketing_spend from public;
grant select on api.marketing_spend to authenticated, analyst;
