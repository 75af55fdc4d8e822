-- Words that are a role's key and mean something else where they stand.

create view tests.v_words_like_roles with (security_invoker = true) as
select *
from (
    values
        ('applied_files_kind_check on app.applied_files', 'admin', 'a kind of file'),
        ('roles_role_group_check on app.roles', 'admin', 'a group of roles'),
        ('roles_role_group_check on app.roles', 'finance', 'a group of roles'),
        ('saved_views_module_check on app.saved_views', 'staff', 'a module')
) as exempt (object, word, reason);

comment on view tests.v_words_like_roles is 'Where a role''s key is a word of something else, and of what.';
revoke all on tests.v_words_like_roles from public;
