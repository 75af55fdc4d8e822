"""Base 4 of 5: what people read."""

from db.migrate.revision import apply_stage

revision = "03_views"
down_revision = "02_rls"


def upgrade() -> None:
    apply_stage(revision)
