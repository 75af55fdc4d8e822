-- Settings with their ranges: what is set, and what holds where nothing is.

create view api.settings with (security_invoker = true) as
select
    (select app.org_id()) as org_id,
    d.key,
    coalesce(s.value, d.default_value) as value,
    d.default_value,
    d.kind,
    d.minimum,
    d.maximum,
    d.allowed,
    d.description,
    s.updated_by,
    s.updated_at
from app.setting_definitions d
left join app.settings s on s.org_id = (select app.org_id()) and s.key = d.key
where (select app.org_id()) is not null;

comment on view api.settings is 'Every setting of the reader''s organisation, its default and range (decisions §4).';
revoke all on api.settings from public;
grant select on api.settings to authenticated, analyst;
