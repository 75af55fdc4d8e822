"""From an error to a problem: what people are told, and what they must not learn."""

import asyncpg
import pytest
from asyncpg.exceptions import PostgresError

from bff import problems
from bff.problems import Problem
from bff.storage.errors import StorageUnavailable
from db.session import DatabaseUnavailable, OutcomeUnknown


def raised(state: str, **fields: str) -> PostgresError:
    """An error as asyncpg makes it of what the server sends."""
    letters = {"message": "M", "detail": "D", "hint": "H", "table": "t", "column": "c", "constraint": "n"}
    sent = {letters[name]: value for name, value in fields.items()}
    return PostgresError.new({"S": "ERROR", "V": "ERROR", "C": state, "M": "secret of row 4711"} | sent)


def told(error: BaseException) -> tuple[int, str]:
    problem = problems.from_exception(error)
    return problem.status, problem.code


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("22003", 422),
        ("22P02", 422),
        ("22021", 422),
        ("22P05", 422),
        ("23502", 422),
        ("23503", 409),
        ("23505", 409),
        ("23514", 422),
        ("23P01", 409),
        ("25006", 405),
        ("28000", 503),
        ("40001", 503),
        ("40P01", 503),
        ("42501", 403),
        ("42883", 503),
        ("44000", 403),
        ("53300", 503),
        ("54000", 422),
        ("55P03", 503),
        ("57014", 504),
        ("57P01", 503),
        ("08006", 503),
        ("P0001", 500),
        ("P0002", 404),
        ("XX000", 500),
        ("42601", 500),
    ],
)
def test_postgres_own_errors_have_a_status_and_keep_their_secrets(state, status):
    problem = problems.from_exception(
        raised(state, detail="Key (npwp)=(01.234) already exists.", hint="Try 4711.")
    )
    assert problem.status == status
    assert "4711" not in str(vars(problem))
    assert "01.234" not in str(vars(problem))
    assert ("Retry-After" in problem.headers) == (status == 503)


def test_an_error_written_for_people_is_passed_on():
    problem = problems.from_exception(
        raised("PT409", message="This lead is closed.", hint="lead.closed", detail="since 2026-01-31")
    )
    assert (problem.status, problem.code) == (409, "lead.closed")
    assert problem.detail == "This lead is closed. (since 2026-01-31)"


def test_a_standard_state_with_our_code_is_written_for_people_too():
    problem = problems.from_exception(raised("42501", message="Ask your manager.", hint="permission.denied"))
    assert (problem.status, problem.code, problem.detail) == (403, "permission.denied", "Ask your manager.")


def test_fields_in_the_detail_are_reported_one_by_one():
    detail = '[{"field": "email", "code": "lead.email.required", "message": "is required"}]'
    problem = problems.from_exception(
        raised("PT422", message="Wrong.", hint="request.invalid", detail=detail)
    )
    assert [(e.field, e.code, e.message) for e in problem.errors] == [
        ("email", "lead.email.required", "is required")
    ]
    assert problem.detail == "Wrong."


@pytest.mark.parametrize("detail", ["[1]", "{}", "[{}]", "12", '"x"', "[", ""])
def test_a_detail_that_is_no_list_of_fields_is_text(detail):
    problem = problems.from_exception(
        raised("PT422", message="Wrong.", hint="request.invalid", detail=detail)
    )
    assert problem.errors == ()
    assert problem.status == 422


@pytest.mark.parametrize(
    ("state", "constraint", "field", "code"),
    [
        ("23505", "customers_npwp_key", "npwp", "customers.npwp.duplicate"),
        ("23514", "leads_due_date_check", "due_date", "leads.due_date.invalid"),
        ("23503", "leads_service_code_fkey", "service_code", "leads.service_code.unknown"),
        ("23P01", "targets_period_excl", "period", "targets.period.overlap"),
    ],
)
def test_the_field_of_a_violated_constraint_is_named(state, constraint, field, code):
    problem = problems.from_exception(raised(state, table=constraint.split("_")[0], constraint=constraint))
    assert [(e.field, e.code) for e in problem.errors] == [(field, code)]


def test_the_field_that_must_not_be_null_is_named():
    problem = problems.from_exception(raised("23502", table="leads", column="email"))
    assert [(e.field, e.code) for e in problem.errors] == [("email", "leads.email.required")]


@pytest.mark.parametrize("constraint", ["leads_pkey", "other_email_key", "leads__key", ""])
def test_a_constraint_that_names_no_field_is_not_shown(constraint):
    assert problems.from_exception(raised("23505", table="leads", constraint=constraint)).errors == ()


def test_what_is_not_foreseen_says_nothing():
    problem = problems.from_exception(KeyError("secret"))
    assert problem.status == 500
    assert "secret" not in problem.detail


def test_troubles_of_the_database_ask_to_try_again():
    assert told(DatabaseUnavailable("x")) == (503, "database.unavailable")
    assert told(OutcomeUnknown("x")) == (503, "database.outcome_unknown")
    assert told(StorageUnavailable("x")) == (503, "storage.unavailable")
    assert told(TimeoutError()) == (504, "database.timeout")


def test_a_value_that_the_driver_cannot_send_is_the_callers_fault():
    error = asyncpg.exceptions._base.DataError("invalid input for query argument $1: 99 (secret)")
    assert told(error) == (422, "value.invalid")


def test_a_problem_stays_itself():
    problem = Problem(418, "teapot", "Short and stout.")
    assert problems.from_exception(problem) is problem
