-- Who may look into which schema.
--
-- `authenticated` is what the BFF becomes: its functions name tables, so it needs the schemas; it never carries SQL
-- of a user. Analysts do carry their own SQL: they see `api` and nothing else; its views reach the tables for them.

revoke all on schema app, crm, desk, kpi, ar, members, ingest, api, tests from public, anon, authenticated, service_role, analyst,
    pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant usage on schema api to anon, authenticated, analyst;
grant usage on schema app, crm, desk, kpi, ar, members, ingest to authenticated;
-- To enter, before it has become `authenticated`.
grant usage on schema app to pgcrm_gateway, pgcrm_bff;
-- The dispatcher and jobs: its few functions are there.
grant usage on schema app to pgcrm_worker;
