"""Base 1 of 5: roles, schemas, tables, functions and triggers, as their files say today."""

from db.migrate.revision import apply_stage

revision = "00_schema"
down_revision = None


def upgrade() -> None:
    apply_stage(revision)
