"""Alembic's door. `pgcrm migrate` opens it: lock, settings and all that is replaceable are its matter."""

from alembic import context

from db.migrate.history import run_env

run_env(context)  # type: ignore[arg-type]
