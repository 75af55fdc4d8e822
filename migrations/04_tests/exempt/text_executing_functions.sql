-- Functions that execute text which they or their callers have built, each with the reason.

create view tests.v_text_executing_functions with (security_invoker = true) as
select *
from (
    values
        ('tests.become_analyst(text)', 'makes a log-in; nobody may execute it but superusers'),
        ('tests.error_of(text)', 'runs what a test gives it, with the rights of its caller'),
        ('tests.faults_of(text)', 'runs what a test gives it, with the rights of its caller')
) as exempt (object, reason);

comment on view tests.v_text_executing_functions is 'Functions with dynamic SQL, and why.';
revoke all on tests.v_text_executing_functions from public;
