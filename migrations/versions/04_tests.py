"""Base 5 of 5: lints and helpers. A database that comes this far is stamped with the newest revision."""

from db.migrate.revision import apply_stage

revision = "04_tests"
down_revision = "03_views"


def upgrade() -> None:
    apply_stage(revision)
