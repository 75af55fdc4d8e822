"""One connection for a module: every example works in a transaction that is rolled back."""

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "database",
    deadline=None,
    derandomize=True,  # the same examples in every run; a failure is not an accident of the day
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("database")


@pytest.fixture(scope="module")
def connection(database: str) -> Iterator[psycopg.Connection]:
    """A superuser's, in a transaction that is never committed."""
    with psycopg.connect(database) as connection:
        yield connection
        connection.rollback()
