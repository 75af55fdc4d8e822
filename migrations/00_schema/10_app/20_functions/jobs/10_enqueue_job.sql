-- Orders work that is too long for one call.

create or replace function app.enqueue_job(
    p_org_id uuid,
    p_kind text,
    p_ref_id bigint,
    p_payload jsonb default '{}',
    p_run_after timestamptz default null
) returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_job_id bigint;
begin
    insert into app.job_queue as q (org_id, kind, ref_id, payload, run_after, created_by, created_at)
    values (p_org_id, p_kind, p_ref_id, p_payload, coalesce(p_run_after, app.now()), app.uid(), app.now())
    on conflict (org_id, kind, ref_id) where state in ('waiting', 'running') do update
    set run_after = least(q.run_after, excluded.run_after)
    returning q.job_id into v_job_id;
    return v_job_id;
end
$$;

comment on function app.enqueue_job(uuid, text, bigint, jsonb, timestamptz) is
    'For functions of the owner: work of kind p_kind (a line of app.do_queued_job) about p_ref_id, done in chunks by the runner after this transaction has committed, not before p_run_after. p_payload: ids only. Returns the id of the order; the same kind and ref_id ordered again while it waits is the same order. Rule: design §8.';
revoke all on function app.enqueue_job(uuid, text, bigint, jsonb, timestamptz) from public;
