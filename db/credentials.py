"""Passwords of people: the policy, the hash, and how an administrator hands one out.

Only hashing and comparing happen in Python (argon2id); what a log-in may do is decided by `app.auth_…`.
"""

import unicodedata
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg import Connection, connect

MIN_LENGTH = 10
MAX_LENGTH = 1024
"""Characters. The upper bound keeps a request from buying hashing time by the megabyte."""

# The first of OWASP's recommended settings: one pass over 46 MiB in one lane (more lanes would take cores
# from other log-ins). The parameters stand in each hash; older ones are renewed at the next log-in.
_hasher = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)


class WeakPassword(ValueError):  # noqa: N818 - reads as what it is
    """The password breaks the policy. The message says which rule, for people."""


def check_password(password: str) -> None:
    """Raises WeakPassword unless `password` has MIN_LENGTH to MAX_LENGTH characters, not all the same."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword(f"A password has at least {MIN_LENGTH} characters.")
    if len(password) > MAX_LENGTH:
        raise WeakPassword(f"A password has at most {MAX_LENGTH} characters.")
    if len(set(password)) == 1:
        raise WeakPassword("A password is more than one character repeated.")


def hash_password(password: str) -> str:
    """The argon2id hash (PHC string). Takes some 50 ms and 46 MiB: not for an event loop."""
    return _hasher.hash(_canonical(password))


def verify_password(password_hash: str, password: str) -> bool:
    """Whether `password` is the one that was hashed. As slow as hashing, whatever the answer."""
    try:
        return _hasher.verify(password_hash, _canonical(password))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def set_password(
    target: str | Connection,
    user_id: UUID,
    password: str,
    *,
    allow_weak: bool = False,
    must_change: bool = False,
) -> None:
    """Give a person a log-in, or a new password; ends their sessions and any lock.

    `target` is an administrator's URL or connection (within its open transaction). `must_change`: the next
    log-in has to bring a new password. `allow_weak` skips the policy: for the demo organisation's published
    passwords only. Raises WeakPassword; psycopg.Error with hint `user.not_found`; psycopg's UniqueViolation
    when somebody else logs in with that e-mail.
    """
    if isinstance(target, str):
        with connect(target) as connection:
            set_password(connection, user_id, password, allow_weak=allow_weak, must_change=must_change)
        return
    if not allow_weak:
        check_password(password)
    target.execute("select app.set_password(%s, %s, %s)", [user_id, hash_password(password), must_change])


def _canonical(password: str) -> bytes:
    """The bytes that are hashed: the same typed characters give the same bytes on every keyboard (NFKC)."""
    return unicodedata.normalize("NFKC", password).encode()
