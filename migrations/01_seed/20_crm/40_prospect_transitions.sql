-- Moves of prospects: any distance forward, one stage back, aside to nurturing and from there again (spec: command_center §2.5).

with stage (name, position) as (
    values
        ('Prospect Created', 1), ('Initial Contact', 2), ('Need Analysis', 3), ('Proposal Sent', 4), ('Negotiation', 5)
),
wanted (from_stage, to_stage) as (
    select f.name, t.name from stage f join stage t on t.position > f.position or t.position = f.position - 1
    union all
    select f.name, t.name from stage f cross join (values ('Closed Won'), ('Closed Lost'), ('Nurturing')) as t (name)
    union all
    values
        ('Nurturing', 'Initial Contact'),
        ('Nurturing', 'Need Analysis'),
        ('Nurturing', 'Closed Lost'),
        ('Closed Lost', 'Nurturing')
),
removed as (
    delete from crm.prospect_transitions t
    where not exists (select from wanted w where w.from_stage = t.from_stage and w.to_stage = t.to_stage)
)
insert into crm.prospect_transitions (from_stage, to_stage)
select * from wanted
on conflict do nothing;
