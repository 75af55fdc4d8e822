-- Activities are counted by type and the time they were done.

create index activities_done_idx on crm.activities (org_id, activity_type, completed_at) where completed_at is not null;
