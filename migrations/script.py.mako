"""${message}

Leads a database built from older files to today's. State only: tables, columns, types, indexes, rows, functions of 05_keys.
Functions, views, grants and policies follow from their files. See db/migrate/revision.py for what may be called.
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

files: tuple[str, ...] = ()
"""The files of 05_keys and 10_tables (paths below migrations/) whose change this revision carries."""


def upgrade() -> None:
    op.execute("")
