-- Stages of prospects, one line for each move.

create view api.prospect_stage_history with (security_invoker = true) as
select h.org_id, h.history_id, h.prospect_id, h.from_stage, h.to_stage, h.changed_by, h.changed_at
from crm.prospect_stage_history h
where h.org_id = (select app.org_id());

comment on view api.prospect_stage_history is 'Stage moves of prospects that the reader may see (spec: command_center §2.3).';
revoke all on api.prospect_stage_history from public;
grant select on api.prospect_stage_history to authenticated, analyst;
