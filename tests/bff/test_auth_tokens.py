"""Access tokens: only ours, whole, in time and signed as agreed are believed."""

import base64
import json
import time
from uuid import uuid4

import httpx
import jwt
import pytest
from auth_people import Person, forged, new_person, our_key, problem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@pytest.fixture(scope="module")
def http(bff):
    with httpx.Client(base_url=bff, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def person(database, http) -> Person:
    person = new_person(database, http)
    person.tokens = person.logged_in()
    return person


def test_without_a_token_the_answer_says_how_to_bring_one(person):
    response = person.http.get("/api/auth/me")
    assert problem(response) == (401, "token.missing")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header", ["Bearer", "Basic YTpi", "Bearer a b", "bearer x.y.z", "Bearer " + "a" * 9000]
)
def test_a_header_that_is_no_token_is_refused(person, header):
    response = person.http.get("/api/auth/me", headers={"Authorization": header})
    assert problem(response) == (401, "token.invalid")
    assert response.headers["www-authenticate"].startswith('Bearer error="invalid_token"')


def test_a_token_signed_by_our_key_is_believed(person):
    """The counter-check of every forgery below: they fail for what they change and for nothing else."""
    kid, key = our_key(person.admin_url)
    assert person.me(forged(key, "EdDSA", kid, sub=str(person.user_id))).status_code == 200


def test_an_unsigned_token_is_refused(person):
    kid, _ = our_key(person.admin_url)
    for algorithm in ("none", "None", "NONE", "nOnE"):
        parts = (
            {"alg": algorithm, "typ": "JWT", "kid": kid},
            jwt.decode(person.tokens["access_token"], options={"verify_signature": False}),
        )
        head, body = (
            base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
        )
        for signature in ("", "AAAA"):
            assert problem(person.me(f"{head}.{body}.{signature}")) == (401, "token.invalid")


def test_a_signature_that_is_cut_off_or_changed_is_refused(person):
    head, body, signature = person.tokens["access_token"].split(".")
    changed = ("B" if signature[0] == "A" else "A") + signature[1:]
    for token in (
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{head}.{body}.{changed}",
        f"{head}.{body}.{signature}x",
    ):
        assert problem(person.me(token)) == (401, "token.invalid")


def test_claims_that_were_changed_after_signing_are_refused(person):
    head, body, signature = person.tokens["access_token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["sub"] = str(uuid4())
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    assert problem(person.me(f"{head}.{body}.{signature}")) == (401, "token.invalid")


def test_a_foreign_key_is_refused_whatever_it_calls_itself(person):
    kid, _ = our_key(person.admin_url)
    foreign = Ed25519PrivateKey.generate()
    for name in (kid, "foreign-key", None, "' or 1=1 --"):
        token = forged(foreign, "EdDSA", name, sub=str(person.user_id))
        assert problem(person.me(token)) == (401, "token.invalid")


def test_our_public_key_is_no_shared_secret(person):
    kid, key = our_key(person.admin_url)
    public = key.public_key()
    for secret in (
        public.public_bytes(Encoding.Raw, PublicFormat.Raw),
        base64.urlsafe_b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)),
    ):
        token = forged(secret, "HS256", kid, sub=str(person.user_id))
        assert problem(person.me(token)) == (401, "token.invalid")


def test_an_expired_token_says_so(person):
    kid, key = our_key(person.admin_url)
    past = int(time.time()) - 10
    response = person.me(forged(key, "EdDSA", kid, sub=str(person.user_id), exp=past))
    assert problem(response) == (401, "token.expired")
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_a_token_that_was_good_expires_although_it_was_seen_before(person):
    kid, key = our_key(person.admin_url)
    # The clocks of two machines may differ by five seconds, so this one has one second left.
    token = forged(key, "EdDSA", kid, sub=str(person.user_id), exp=int(time.time()) - 4)
    assert person.me(token).status_code in (200, 401)
    time.sleep(1.5)
    assert problem(person.me(token)) == (401, "token.expired")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "authenticated"},
        {"aud": None},
        {"iss": "https://elsewhere.test/auth/v1"},
        {"iss": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"iat": 4102444800},
        {"nbf": 4102444800},
        {"sub": None},
        {"sub": ""},
        {"sub": "admin"},
        {"sub": 1},
        {"sub": "11111111-1111-4111-8111-111111111111' or true --"},
        {"sid": "not-a-uuid"},
        {"sid": 7},
    ],
    ids=str,
)
def test_wrong_claims_are_refused_even_with_our_signature(person, claims):
    kid, key = our_key(person.admin_url)
    token = forged(key, "EdDSA", kid, **{"sub": str(person.user_id)} | claims)
    assert problem(person.me(token)) == (401, "token.invalid")


def test_a_token_for_somebody_unknown_is_refused_by_the_database(person):
    kid, key = our_key(person.admin_url)
    assert problem(person.me(forged(key, "EdDSA", kid, sub=str(uuid4())))) == (401, "auth.unknown_user")


def test_the_public_keys_are_published_and_verify_our_tokens(person):
    answer = person.http.get("/.well-known/jwks.json")
    assert answer.status_code == 200
    keys = {key["kid"]: key for key in answer.json()["keys"]}
    for key in keys.values():
        assert key.keys() == {"kty", "crv", "x", "kid", "alg", "use"}, "no private part"
    token = person.tokens["access_token"]
    key = jwt.PyJWK(keys[jwt.get_unverified_header(token)["kid"]])
    claims = jwt.decode(token, key, algorithms=["EdDSA"], audience="pgcrm", issuer="pgcrm")
    assert claims.keys() == {"iss", "aud", "sub", "sid", "iat", "exp"}


def test_a_refresh_token_is_no_access_token(person):
    assert problem(person.me(person.tokens["refresh_token"])) == (401, "token.invalid")
