-- Channels a lead can come through and the prefix of its id (spec: command_center §2.1, §2.2).

with wanted (primary_channel, id_prefix, position) as (
    values
        ('LinkedIn',                  'LEADLI',  1),
        ('SEM',                       'LEADSEM', 2),
        ('Paid Social',               'LEADPS',  3),
        ('Website (Direct/Referral)', 'LEADWEB', 4),
        ('Webinar & Live',            'LEADWL',  5),
        ('Event Offline',             'LEADEV',  6),
        ('Trade Show',                'LEADTS',  7),
        ('Partnership/Referral',      'LEADREF', 8),
        ('Sales Outbound',            'LEADSO',  9),
        ('Sales Referral',            'LEADSR',  10),
        ('Other',                     'LEAD',    11)
)
insert into crm.lead_channels (primary_channel, id_prefix, position)
select * from wanted
on conflict (primary_channel) do update
set id_prefix = excluded.id_prefix, position = excluded.position;
