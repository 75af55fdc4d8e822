-- How far staff have come with records of normal databases, and how good these are: by staff, by database and together.

create or replace function api.members_staff_progress(p_filters jsonb default '{}') returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_period record;
begin
    perform app.require('staff_progress', 'select');
    select * into v_period from members.period_of(p_filters);
    return (
        with worked_on as (
            select
                r.staff_id, r.database_id, r.database_name, r.product_name, r.whatsapp_status, r.respond_status,
                r.checked_at is not null and (v_period.date_from is null or r.checked_on between v_period.date_from and v_period.date_to)
                    as in_period
            from api.v_assigned_records r
            where ((p_filters ->> 'staff_id') is null or r.staff_id = (p_filters ->> 'staff_id')::uuid)
              and ((p_filters ->> 'database_id') is null or r.database_id = (p_filters ->> 'database_id')::bigint)
              and ((p_filters ->> 'product_id') is null or r.product_id = (p_filters ->> 'product_id')::bigint)
        ),
        counted as (
            select
                grouping(w.staff_id) = 0 as is_staff, grouping(w.database_id) = 0 as is_database,
                w.staff_id, w.database_id, w.database_name, w.product_name,
                count(*) as assigned,
                count(*) filter (where w.whatsapp_status = 'ada') as ada,
                count(*) filter (where w.whatsapp_status = 'ceklis1') as ceklis1,
                count(*) filter (where w.whatsapp_status = 'tidak') as tidak,
                count(w.whatsapp_status) as wa_checked,
                count(*) filter (where w.respond_status = 'ya') as ya,
                count(*) filter (where w.respond_status = 'tidak') as no,
                count(w.respond_status) as respond_checked,
                count(*) filter (where w.in_period) as period_checked,
                count(*) filter (where w.in_period and w.whatsapp_status = 'ada') as period_ada,
                count(*) filter (where w.in_period and w.whatsapp_status = 'ceklis1') as period_ceklis1,
                count(*) filter (where w.in_period and w.whatsapp_status = 'tidak') as period_tidak,
                count(*) filter (where w.in_period and w.respond_status = 'ya') as period_ya,
                count(*) filter (where w.in_period and w.respond_status = 'tidak') as period_no
            from worked_on w
            group by grouping sets ((), (w.staff_id), (w.database_id, w.database_name, w.product_name))
        ),
        described as (
            select
                c.is_staff, c.is_database, c.assigned, u.full_name, c.database_id,
                case
                    when c.is_staff then jsonb_build_object('staff_id', c.staff_id, 'staff_name', u.full_name)
                    when c.is_database then jsonb_build_object(
                        'database_id', c.database_id, 'database_name', c.database_name, 'product_name', c.product_name
                    )
                    else '{}'
                end
                || jsonb_build_object(
                    'assigned', c.assigned, 'ada', c.ada, 'ceklis1', c.ceklis1, 'tidak', c.tidak, 'wa_checked', c.wa_checked,
                    'quality_rate', members.rate(c.ada, c.wa_checked), 'check_progress', members.rate(c.wa_checked, c.assigned),
                    'respond_ya', c.ya, 'respond_tidak', c.no, 'respond_checked', c.respond_checked,
                    'respond_rate', members.rate(c.ya, c.respond_checked),
                    'respond_progress', members.rate(c.respond_checked, c.assigned),
                    'in_period', jsonb_build_object(
                        'records_checked', c.period_checked, 'ada', c.period_ada, 'ceklis1', c.period_ceklis1,
                        'tidak', c.period_tidak, 'quality_rate', members.rate(c.period_ada, c.period_checked),
                        'respond_ya', c.period_ya, 'respond_tidak', c.period_no,
                        'respond_rate', members.rate(c.period_ya, c.period_ya + c.period_no)
                    )
                ) as numbers
            from counted c
            left join api.v_user_directory u on u.user_id = c.staff_id
        )
        select jsonb_build_object(
            'period', v_period.period,
            'date_from', v_period.date_from,
            'date_to', v_period.date_to,
            'overall', (select d.numbers from described d where not d.is_staff and not d.is_database),
            'by_staff', (
                select coalesce(jsonb_agg(d.numbers order by d.assigned desc, d.full_name, d.numbers ->> 'staff_id'), '[]')
                from described d where d.is_staff
            ),
            'by_database', (
                select coalesce(jsonb_agg(d.numbers order by d.database_id desc), '[]') from described d where d.is_database
            )
        )
    );
end
$$;

comment on function api.members_staff_progress(jsonb) is
    'p_filters {period, date_from, date_to: members.period_of; staff_id, database_id, product_id}. Returns {period, date_from, date_to, overall, by_staff: [{staff_id, staff_name, …}], by_database: [{database_id, database_name, product_name, …}]}; each with assigned, ada, ceklis1, tidak, wa_checked, quality_rate, check_progress, respond_ya, respond_tidak, respond_checked, respond_rate, respond_progress of all assigned records, and in_period: {records_checked, ada, ceklis1, tidak, quality_rate, respond_ya, respond_tidak, respond_rate} of those that were last worked on in the period. Rates in percent, one decimal. Raises PT401, PT403, PT422 (spec: member §5.5, cases 34, 35).';
revoke all on function api.members_staff_progress(jsonb) from public;
grant execute on function api.members_staff_progress(jsonb) to authenticated;
