-- Whether somebody who asked for these topics wants this one.

create or replace function app.topic_matches(p_topic text, p_wanted text[]) returns boolean
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select p_wanted && array['*', p_topic, split_part(p_topic, '.', 1) || '.*']
$$;

comment on function app.topic_matches(text, text[]) is
    'p_wanted: topics such as leads.created, leads.* (all of a resource) or * (all). Rule: design §8.';
revoke all on function app.topic_matches(text, text[]) from public;
