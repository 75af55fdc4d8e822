"""`pgcrm migrate`: brings a database to what the files say, whatever it is now."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from db.migrate import history
from db.migrate.applied import obsolete, recorded
from db.migrate.errors import MigrateError
from db.migrate.policies import apply_policies
from db.migrate.rebuild import needs_rebuild, rebuild, refuse_changed_state, sweep
from db.migrate.script import Connection, run_file
from db.migrate.session import APPLICATION, applying, connect
from db.migrate.stages import Tree
from db.migrate.waiting import REBUILD_LOCK_TIMEOUT, Log, patiently, saying_who_blocks

ONE_MIGRATE = 0x70676372  # "pgcr": the advisory lock that lets one migrate at a time into a database
OLDEST_SERVER = 150000
GROUND = "00_schema/00_base/00_admin/00_owner.sql"


@dataclass(frozen=True)
class MigrateReport:
    """What a run did."""

    revisions: tuple[str, ...]
    """Alembic's revisions that ran, in order; on an empty database the five base ones."""
    rebuilt: bool
    """Whether functions, triggers, grants, views and reference data were applied again."""
    policies: tuple[str, ...]
    """Policies created, changed or dropped: ``policy leads_select on crm.leads``."""
    dropped: tuple[str, ...]
    """What no file makes any more: ``view api.old``."""

    @property
    def changed(self) -> bool:
        return bool(self.revisions or self.rebuilt or self.policies or self.dropped)


def migrate(admin_url: str, *, log: Log, root: Path | None = None, patience: float = 120) -> MigrateReport:
    """Builds an empty database, or brings an existing one to today's files. A second run changes nothing.

    ``admin_url``: a direct connection (no transaction pooler) of a superuser, or of the database's owner with
    createrole. ``root``: the migrations folder, if not the one that belongs to this code. ``patience``:
    seconds to keep trying where others hold the locks. ``log`` gets a line for each thing done or waited for.
    Two runs at once both succeed; the second finds the work done. Raises MigrateError (and
    psycopg.OperationalError where there is no server)."""
    tree = Tree.read(root)
    with connect(admin_url) as connection:
        if connection.info.server_version < OLDEST_SERVER:
            version = connection.info.parameter_status("server_version")
            raise MigrateError(f"PostgreSQL 15 or newer is needed; this is {version}")
        with saying_who_blocks(admin_url, APPLICATION, log):
            connection.execute("select pg_advisory_lock(%s)", [ONE_MIGRATE])
            return _migrate(connection, admin_url, tree, log, patience)


def _migrate(connection: Connection, admin_url: str, tree: Tree, log: Log, patience: float) -> MigrateReport:
    patiently(lambda: _lay_ground(connection, tree), what="the owner", log=log, patience=patience)
    revisions: list[str] = []

    def upgrade() -> None:
        history.upgrade(admin_url, tree, current=_revision(connection), ran=revisions)

    try:
        patiently(upgrade, what="revisions", log=log, patience=patience)
    except DBAPIError as error:
        raise history.explained(error, tree) from error
    for revision in revisions:
        log(f"revision {revision}")

    applied = recorded(connection)
    refuse_changed_state(applied, tree)
    dropped: list[str] = []
    rebuilt = needs_rebuild(applied, tree)
    if rebuilt:
        log("functions, triggers, grants, views and reference data differ: applying them again")
        gone = patiently(
            lambda: rebuild(connection, tree, lock_timeout=REBUILD_LOCK_TIMEOUT),
            what="rebuild",
            log=log,
            patience=patience,
        )
        dropped += map(str, gone)
    policies = apply_policies(connection, tree, log, patience=patience)
    for policy in policies:
        log(f"changed {policy}")
    if obsolete(recorded(connection), tree, "function", "procedure"):
        gone = patiently(
            lambda: sweep(connection, tree, lock_timeout=REBUILD_LOCK_TIMEOUT),
            what="clean-up",
            log=log,
            patience=patience,
        )
        dropped += map(str, gone)
    for thing in dropped:
        log(f"dropped {thing}")
    return MigrateReport(tuple(revisions), rebuilt, tuple(map(str, policies)), tuple(dropped))


def _lay_ground(connection: Connection, tree: Tree) -> None:
    """Alembic wants its table before the first revision: the first file makes it, and all else it needs."""
    with applying(connection, lock_timeout=REBUILD_LOCK_TIMEOUT):
        run_file(connection, next(file for file in tree.files if file.path == GROUND))


def _revision(connection: Connection) -> str | None:
    row = connection.execute("select version_num from app.alembic_version").fetchone()
    return str(row[0]) if row else None
