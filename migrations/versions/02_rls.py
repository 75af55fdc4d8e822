"""Base 3 of 5: grants and policies."""

from db.migrate.revision import apply_stage

revision = "02_rls"
down_revision = "01_seed"


def upgrade() -> None:
    apply_stage(revision)
