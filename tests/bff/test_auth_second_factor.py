"""The second factor: set up on proof of the password, asked for at log-in, and no code counts twice."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from auth_people import PASSWORD, Authenticator, Person, new_person, problem


@pytest.fixture
def http(bff):
    with httpx.Client(base_url=bff, timeout=30) as client:
        yield client


@pytest.fixture
def person(database, http) -> Person:
    return new_person(database, http)


def test_a_person_sets_up_an_app_and_logs_in_with_its_codes(person):
    app, codes = person.enrolled()
    assert len(set(codes)) == 10
    assert problem(person.login()) == (401, "auth.totp_required")
    assert problem(person.login(totp=app.wrong())) == (401, "auth.totp_invalid")
    assert person.login(totp=app.code()).status_code == 200


def test_the_app_is_told_whose_account_it_is(person):
    token = person.logged_in()["access_token"]
    answer = person.call("POST", "/api/auth/totp", token, {"password": PASSWORD}).json()
    assert answer["uri"].startswith("otpauth://totp/pgcrm:")
    assert answer["secret"] in answer["uri"]
    assert person.email.replace("@", "%40") in answer["uri"]


def test_an_app_that_was_not_confirmed_is_not_asked_for(person):
    token = person.logged_in()["access_token"]
    person.call("POST", "/api/auth/totp", token, {"password": PASSWORD})
    assert person.login().status_code == 200


def test_a_wrong_code_confirms_nothing_and_counts_as_an_attempt(person):
    token = person.logged_in()["access_token"]
    assert problem(person.call("POST", "/api/auth/totp/confirm", token, {"totp": "000000"})) == (
        409, "auth.totp_not_enrolled",
    )  # fmt: skip
    secret = person.call("POST", "/api/auth/totp", token, {"password": PASSWORD}).json()["secret"]
    app = Authenticator(secret)
    answers = [person.call("POST", "/api/auth/totp/confirm", token, {"totp": app.wrong()}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [423]


def test_a_code_counts_once_even_for_eight_logins_at_once(person):
    app, _ = person.enrolled()
    code = app.code()
    with ThreadPoolExecutor(8) as pool:
        answers = [answer.status_code for answer in pool.map(lambda _: person.login(totp=code), range(8))]
    assert answers.count(200) == 1
    assert set(answers) <= {200, 401, 423}


def test_the_code_that_confirmed_the_app_does_not_log_in(person):
    token = person.logged_in()["access_token"]
    app = Authenticator(person.call("POST", "/api/auth/totp", token, {"password": PASSWORD}).json()["secret"])
    code = app.code()
    assert person.call("POST", "/api/auth/totp/confirm", token, {"totp": code}).status_code == 200
    assert problem(person.login(totp=code)) == (401, "auth.totp_invalid")


def test_a_recovery_code_stands_in_once_however_it_is_typed(person):
    _, codes = person.enrolled()
    assert person.login(recovery_code=codes[0].upper().replace("-", " ")).status_code == 200
    assert problem(person.login(recovery_code=codes[0])) == (401, "auth.recovery_code_invalid")
    assert problem(person.login(recovery_code="aaaa-bbbb-cccc-dddd")) == (401, "auth.recovery_code_invalid")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: person.login(recovery_code=codes[1]).status_code, range(4)))
    assert answers.count(200) == 1


def test_new_recovery_codes_void_the_old_ones(person):
    app, codes = person.enrolled()
    token = person.logged_in(recovery_code=codes[0])["access_token"]
    answer = person.call(
        "POST", "/api/auth/totp/recovery-codes", token, {"password": PASSWORD, "totp": app.code()}
    )
    assert answer.status_code == 200
    assert problem(person.login(recovery_code=codes[1])) == (401, "auth.recovery_code_invalid")
    assert person.login(recovery_code=answer.json()["recovery_codes"][0]).status_code == 200


def test_whoever_steals_an_access_token_cannot_touch_the_second_factor(person):
    _, codes = person.enrolled()
    token = person.logged_in(recovery_code=codes[0])["access_token"]
    no_password = person.call("DELETE", "/api/auth/totp", token, {"password": "a guess of mine"})
    assert problem(no_password) == (403, "auth.invalid_credentials")
    one_factor = person.call("DELETE", "/api/auth/totp", token, {"password": PASSWORD})
    assert problem(one_factor) == (403, "auth.totp_required")
    again = person.call("POST", "/api/auth/totp", token, {"password": PASSWORD})
    assert problem(again) == (409, "auth.totp_enabled")
    password = person.call(
        "POST", "/api/auth/password", token, {"password": PASSWORD, "new_password": "brand new password"}
    )
    assert problem(password) == (403, "auth.totp_required")


def test_a_person_removes_the_app_with_both_factors(person):
    _, codes = person.enrolled()
    token = person.logged_in(recovery_code=codes[0])["access_token"]
    body = {"password": PASSWORD, "recovery_code": codes[1]}
    assert person.call("DELETE", "/api/auth/totp", token, body).status_code == 204
    assert person.login().status_code == 200
    assert person.sql("select count(*) from app.recovery_codes where user_id = %s", person.user_id) == [(0,)]


def test_guessing_codes_with_the_right_password_locks_the_account(person):
    app, _ = person.enrolled()
    answers = [person.login(totp=app.wrong()).status_code for _ in range(6)]
    assert answers == [401] * 5 + [423]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/auth/totp"),
        ("POST", "/api/auth/totp/confirm"),
        ("DELETE", "/api/auth/totp"),
        ("POST", "/api/auth/totp/recovery-codes"),
        ("POST", "/api/auth/password"),
        ("POST", "/api/auth/logout-all"),
    ],
)
def test_changing_a_login_needs_a_token(http, method, path):
    assert problem(http.request(method, path, json={"password": PASSWORD})) == (401, "token.missing")
