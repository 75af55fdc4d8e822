-- Moves of leads: forward, back from negotiation to proposal, and out; back from closed by permission (spec: command_center §2.5).

with open_status (status) as (
    values ('New'), ('Contacted'), ('Qualified'), ('Proposal'), ('Negotiation')
),
wanted (from_status, to_status, is_reopening) as (
    values
        ('New',         'Contacted',    false),
        ('New',         'Qualified',    false),
        ('New',         'Disqualified', false),
        ('Contacted',   'Qualified',    false),
        ('Contacted',   'Disqualified', false),
        ('Contacted',   'Closed Lost',  false),
        ('Qualified',   'Proposal',     false),
        ('Qualified',   'Disqualified', false),
        ('Qualified',   'Closed Lost',  false),
        ('Proposal',    'Negotiation',  false),
        ('Proposal',    'Closed Won',   false),
        ('Proposal',    'Closed Lost',  false),
        ('Negotiation', 'Proposal',     false),
        ('Negotiation', 'Closed Won',   false),
        ('Negotiation', 'Closed Lost',  false)
    union all
    select c.status, o.status, true
    from (values ('Closed Won'), ('Closed Lost'), ('Disqualified')) as c (status)
    cross join open_status o
),
removed as (
    delete from crm.lead_transitions t
    where not exists (select from wanted w where w.from_status = t.from_status and w.to_status = t.to_status)
)
insert into crm.lead_transitions (from_status, to_status, is_reopening)
select * from wanted
on conflict (from_status, to_status) do update set is_reopening = excluded.is_reopening;
