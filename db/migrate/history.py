"""Runs Alembic: the base revisions on an empty database, later ones on an existing one."""

import threading
import traceback
from pathlib import Path
from typing import Any

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from db.migrate.applied import record
from db.migrate.errors import MigrateError
from db.migrate.script import Connection
from db.migrate.session import as_owner, connect
from db.migrate.stages import OWNER, SETTINGS, STAGES, Tree
from db.migrate.waiting import REBUILD_LOCK_TIMEOUT

_ONE_AT_A_TIME = threading.Lock()  # alembic.context and alembic.op are globals


def head(tree: Tree) -> str:
    """The newest revision, which a database built from today's files is at."""
    found = ScriptDirectory.from_config(_config(tree)).get_current_head()
    if found is None:
        raise RuntimeError(f"{tree.root}/versions holds no revision")
    return found


def upgrade(admin_url: str, tree: Tree, *, current: str | None, ran: list[str]) -> None:
    """Runs what is missing, each revision in a transaction of its own, and adds it to ``ran`` once it stands.

    A database at no revision, or amid the base ones, is built from the files, and the last base revision
    stamps it with the head: later revisions lead from older files to today's, and it was built from today's.
    Raises MigrateError, ScriptError, or sqlalchemy's DBAPIError."""
    config = _config(tree)
    config.attributes.update(admin_url=admin_url, ran=ran)
    building = current is None or current in STAGES[:-1]
    try:
        with _ONE_AT_A_TIME:
            command.upgrade(config, STAGES[-1] if building else "head")
    except CommandError as error:
        raise MigrateError(
            f"the database is at revision {current}: {error}. Is it newer than this installation of pgcrm?"
        ) from error


def explained(error: DBAPIError, tree: Tree) -> MigrateError:
    """The server's words, with the place in the revision that it answered."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f for f in frames if Path(f.filename).parent == tree.root / "versions"]
    where = f"versions/{Path(places[-1].filename).name}:{places[-1].lineno}" if places else "Alembic"
    return MigrateError(f"{where}: {error.orig}")


def run_env(env: EnvironmentContext) -> None:
    """What migrations/env.py does."""
    attributes = env.config.attributes
    if "admin_url" not in attributes:
        raise SystemExit("run `pgcrm migrate`: it takes the lock, and applies what is not Alembic's as well")
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: _as_owner(attributes["admin_url"])
    )
    try:
        with engine.connect() as connection:
            env.configure(
                connection=connection,
                version_table_schema="app",
                transaction_per_migration=True,
                on_version_apply=_remember,
            )
            with env.begin_transaction():
                env.run_migrations()
    finally:
        engine.dispose()


def _config(tree: Tree) -> Config:
    config = Config()
    config.set_main_option("script_location", str(tree.root).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["tree"] = tree
    return config


def _as_owner(admin_url: str) -> Connection:
    """A connection for later revisions: the owner's, under the settings of every file, never waiting long."""
    connection = connect(admin_url)
    settings = SETTINGS | {"role": OWNER, "lock_timeout": f"'{REBUILD_LOCK_TIMEOUT}'"}
    for name, value in settings.items():
        connection.execute(f"set {name} = {value}")
    connection.autocommit = False
    return connection


def _remember(ctx: MigrationContext, step: Any, heads: Any, run_args: Any) -> None:
    """Alembic calls this inside the revision's transaction, after it has written the version."""
    attributes = ctx.environment_context.config.attributes  # type: ignore[union-attr]
    tree: Tree = attributes["tree"]
    assert ctx.connection is not None
    connection: Connection = ctx.connection.connection.driver_connection  # type: ignore[assignment]
    revision = step.up_revision.revision
    if revision == STAGES[-1]:
        connection.execute("update app.alembic_version set version_num = %s", [head(tree)])
    elif revision not in STAGES:
        carried = set(step.up_revision.module.files)
        as_owner(connection)
        record(connection, [file for file in tree.files if file.path in carried])
        for path in carried - {file.path for file in tree.files}:
            connection.execute("delete from app.applied_files where path = %s", [path])
        # views may show what has changed: let them be made again even where no other file differs
        connection.execute("update app.applied_files set checksum = '' where kind = 'view'")
    attributes["ran"].append(revision)
