"""Base 2 of 5: reference data."""

from db.migrate.revision import apply_stage

revision = "01_seed"
down_revision = "00_schema"


def upgrade() -> None:
    apply_stage(revision)
