-- What happens by the clock. What each does: app.do_scheduled_job.

with wanted (job_key, every, daily_at, description) as (
    values
        ('clean.idempotency_keys', interval '15 minutes', null::time, 'forget answers of requests older than 24 hours'),
        ('clean.jobs', interval '1 day', null, 'forget runs and finished work after 30 days'),
        ('clean.log_ins', interval '6 hours', null, 'forget log-ins that are over'),
        ('tickets.breaches', interval '1 minute', null, 'record which tickets are late'),
        ('clean.outbox', interval '1 hour', null, 'forget events that were sent outbox_keep_days ago'),
        ('clean.photos', interval '1 day', null, 'forget photos of visits that nobody named for 30 days'),
        ('clean.webhooks', interval '1 hour', null, 'forget deliveries that are over, and deleted webhooks'),
        ('members.check_health', interval '1 hour', null, 'check the data of organisations that want it, and tell their admins'),
        ('invoices.overdue', null, '06:00', 'tell what became overdue'),
        -- Always on, whatever else is switched off (BF-14).
        ('members.expire_reservations', null, '00:01', 'archive reservations whose grace is over, warn owners before')
),
removed as (
    delete from app.jobs j where not exists (select from wanted w where w.job_key = j.job_key)
)
insert into app.jobs (job_key, every, daily_at, description)
select * from wanted
on conflict (job_key) do update
set every = excluded.every,
    daily_at = excluded.daily_at,
    description = excluded.description;
