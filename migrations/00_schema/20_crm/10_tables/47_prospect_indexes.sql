-- How lists of prospects find a stage: those that have moved; where everything begins, the list itself is the index.

create index prospects_stage_idx on crm.prospects (org_id, current_stage, created_at desc, prospect_id desc)
    where current_stage <> 'Prospect Created';
comment on index crm.prospects_stage_idx is 'For the filter of api.crm_list_prospects; files of leads, whose prospects have not moved, do not pay for it.';
