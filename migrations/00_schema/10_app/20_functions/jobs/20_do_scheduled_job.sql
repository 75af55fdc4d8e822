-- What each scheduled job does: one line for each row of app.jobs.

create or replace function app.do_scheduled_job(p_job_key text, p_org_id uuid, p_limit integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    case p_job_key
        when 'clean.idempotency_keys' then return app.clean_idempotency_keys(p_limit);
        when 'clean.jobs' then return app.clean_jobs(p_limit);
        when 'clean.log_ins' then return app.clean_log_ins(p_limit);
        when 'clean.photos' then return crm.clean_photos(p_limit);
        when 'clean.outbox' then return app.clean_outbox(p_limit);
        when 'tickets.breaches' then return desk.record_breaches(null, null, p_limit);
        when 'clean.webhooks' then return app.clean_webhooks(p_limit);
        when 'invoices.overdue' then return ar.tell_overdue(p_org_id);
        when 'members.check_health' then return members.check_due_health();
        when 'members.expire_reservations' then
            return (
                select (e ->> 'members_removed')::integer + (e ->> 'warnings_sent')::integer
                from members.expire_reservations(p_org_id, p_limit) e
            );
        else
            perform app.fail('PT500', 'job.unknown', 'Nobody has said what this job does.', concat_ws(' ', p_job_key, p_org_id));
    end case;
    return null;
end
$$;

comment on function app.do_scheduled_job(text, uuid, integer) is
    'Does one chunk of a job, at most p_limit rows; returns how many it did, fewer than p_limit = nothing is left. p_org_id: the organisation of a daily job, else null. Raises PT500 job.unknown and whatever the job raises. Rule: design §8.';
revoke all on function app.do_scheduled_job(text, uuid, integer) from public;
