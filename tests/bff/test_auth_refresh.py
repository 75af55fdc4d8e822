"""Sessions: refresh tokens rotate, a repetition is harmless, an old one that comes back ends the session."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from auth_people import Person, new_person, problem


@pytest.fixture
def http(bff):
    with httpx.Client(base_url=bff, timeout=30) as client:
        yield client


@pytest.fixture
def person(database, http) -> Person:
    return new_person(database, http)


def let_the_grace_pass(person: Person) -> None:
    person.sql(
        "update app.sessions set rotated_at = rotated_at - interval '11 seconds' where user_id = %s",
        person.user_id,
    )


def test_a_refresh_gives_new_tokens_and_they_work(person):
    first = person.logged_in()
    second = person.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert person.me(second["access_token"]).status_code == 200
    third = person.refresh(second["refresh_token"])
    assert third.status_code == 200


def test_eight_refreshes_at_once_with_one_token_end_with_one_successor(person):
    token = person.logged_in()["refresh_token"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: person.refresh(token), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert person.refresh(answers[0].json()["refresh_token"]).status_code == 200


def test_an_old_token_that_comes_back_ends_the_session_for_thief_and_owner(person):
    stolen = person.logged_in()["refresh_token"]
    owners = person.refresh(stolen).json()["refresh_token"]
    let_the_grace_pass(person)
    assert problem(person.refresh(stolen)) == (401, "auth.refresh_reused")
    assert problem(person.refresh(owners)) == (401, "auth.session_ended")
    assert person.sql(
        "select count(*) from app.audit_logs where action = 'token_reused' and record_id = %s",
        str(person.user_id),
    ) == [(1,)]


def test_a_token_two_generations_old_is_reuse_even_within_the_grace(person):
    first = person.logged_in()["refresh_token"]
    second = person.refresh(first).json()["refresh_token"]
    third = person.refresh(second).json()["refresh_token"]
    assert problem(person.refresh(first)) == (401, "auth.refresh_reused")
    assert problem(person.refresh(third)) == (401, "auth.session_ended")


def test_reuse_in_one_session_leaves_the_others_alone(person):
    stolen, other = person.logged_in()["refresh_token"], person.logged_in()["refresh_token"]
    person.refresh(stolen)
    let_the_grace_pass(person)
    person.refresh(stolen)
    assert person.refresh(other).status_code == 200


@pytest.mark.parametrize("token", ["x", "a" * 86, "é", "a.b.c", "=" * 86, "A" * 4096, "a b", "\0"])
def test_what_is_no_refresh_token_is_refused(person, token):
    assert person.refresh(token).status_code in (401, 422)


def test_a_session_id_does_not_help_to_end_the_session(person):
    """The family half is a secret of its own; only whoever had a token of the session can end it."""
    token = person.logged_in()["refresh_token"]
    forged = "A" * 43 + token[43:]
    assert problem(person.refresh(forged)) == (401, "auth.refresh_invalid")
    assert person.refresh(token).status_code == 200


def test_the_database_holds_no_refresh_token(person):
    token = person.logged_in()["refresh_token"]
    [(row,)] = person.sql("select s::text from app.sessions s where user_id = %s", person.user_id)
    assert token[:43] not in row
    assert token[43:] not in row


def test_logging_out_ends_the_session_and_twice_does_no_harm(person):
    token = person.logged_in()["refresh_token"]
    for _ in range(2):
        answer = person.post("/api/auth/logout", {"refresh_token": token})
        assert answer.status_code == 204
        assert answer.content == b""
    assert problem(person.refresh(token)) == (401, "auth.session_ended")


def test_logging_out_with_an_invented_token_tells_nothing(person):
    assert person.post("/api/auth/logout", {"refresh_token": "A" * 86}).status_code == 204


def test_logging_out_everywhere_ends_every_refresh_token_at_once(person):
    sessions = [person.logged_in() for _ in range(3)]
    assert person.call("POST", "/api/auth/logout-all", sessions[0]["access_token"]).status_code == 204
    for session in sessions:
        assert problem(person.refresh(session["refresh_token"])) == (401, "auth.session_ended")
    # Documented: an access token that was given out lives its few minutes.
    assert person.me(sessions[0]["access_token"]).status_code == 200


def test_a_session_ends_when_it_is_not_used_for_a_week_and_at_its_end(person):
    idle, old = person.logged_in()["refresh_token"], person.logged_in()["refresh_token"]
    person.sql(
        "update app.sessions set rotated_at = rotated_at - interval '7 days' where user_id = %s",
        person.user_id,
    )
    assert problem(person.refresh(idle)) == (401, "auth.session_ended")
    person.sql(
        "update app.sessions set rotated_at = now(), expires_at = now() where user_id = %s", person.user_id
    )
    assert problem(person.refresh(old)) == (401, "auth.session_ended")


def test_refreshing_and_logging_out_everywhere_at_once_never_fails(person):
    sessions = [person.logged_in() for _ in range(4)]

    def act(number: int) -> int:
        if number % 3 == 0:
            return person.call("POST", "/api/auth/logout-all", sessions[0]["access_token"]).status_code
        return person.refresh(sessions[number % 4]["refresh_token"]).status_code

    with ThreadPoolExecutor(12) as pool:
        answers = set(pool.map(act, range(36)))
    assert answers <= {200, 204, 401}
