-- The health of an organisation's data, as a number with its reasons.

create or replace function members.health_of(p_org_id uuid) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with found as materialized (select * from members.health_findings(p_org_id)),
    scored as (
        select
            greatest(
                0,
                100
                - 20 * count(*) filter (where not f.is_warning and f.severity = 'high')
                - 10 * count(*) filter (where not f.is_warning and f.severity = 'medium')
                - 5 * count(*) filter (where f.is_warning or f.severity = 'low')
            ) as score,
            count(*) filter (where not f.is_warning) as issues,
            count(*) filter (where not f.is_warning and f.severity = 'high') as high,
            count(*) filter (where not f.is_warning and f.severity = 'medium') as medium,
            count(*) filter (where f.is_warning) as warnings,
            coalesce(
                jsonb_agg(to_jsonb(f) - 'is_warning' order by f.severity, f.kind) filter (where not f.is_warning), '[]'
            ) as issue_list,
            coalesce(jsonb_agg(to_jsonb(f) - 'is_warning' order by f.severity, f.kind) filter (where f.is_warning), '[]') as warning_list
        from found f
    )
    select jsonb_build_object(
        'health_score', s.score,
        'status', case when s.score >= 80 then 'healthy' when s.score >= 50 then 'warning' else 'critical' end,
        'issues_found', s.issues, 'critical_issues', s.high, 'medium_issues', s.medium, 'warnings_found', s.warnings,
        'issues', s.issue_list, 'warnings', s.warning_list
    )
    from scored s
$$;

comment on function members.health_of(uuid) is
    '{health_score 0–100 = 100 - 20 a high issue - 10 a medium one - 5 a low one or a warning, status: healthy from 80, warning from 50, else critical; issues_found, critical_issues, medium_issues, warnings_found; issues, warnings: [{kind, severity, count, sample_ids, can_repair}]}. A kind counts once, however many rows (spec: member §5.23, case 151).';
revoke all on function members.health_of(uuid) from public;
