-- Which rows of crm.prospect_stage_history are whose: those of prospects one sees (spec: command_center §1.7).

create policy prospect_stage_history_select on crm.prospect_stage_history
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('prospect_stage_history', 'select', 'parent'))
    and exists (select from crm.prospects p where p.org_id = prospect_stage_history.org_id and p.prospect_id = prospect_stage_history.prospect_id)
);
