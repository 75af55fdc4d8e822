"""app.applied_files: what a database remembers of the files it was built from."""

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg.types.json import Jsonb

from db.migrate.parse import Made
from db.migrate.script import Connection
from db.migrate.stages import Kind, SqlFile, Tree, state_of

_ALL = """
    select path, checksum, kind, array(select jsonb_array_elements_text(objects)) from app.applied_files
"""

_UPSERT = """
    insert into app.applied_files as f (path, checksum, kind, stage, objects) values (%s, %s, %s, %s, %s)
    on conflict (path) do update
    set checksum = excluded.checksum, kind = excluded.kind, objects = excluded.objects,
        applied_at = excluded.applied_at
"""


@dataclass(frozen=True)
class Applied:
    """A row of app.applied_files."""

    path: str
    checksum: str
    kind: Kind
    objects: tuple[Made, ...]

    @property
    def state(self) -> str:
        return state_of(self.checksum)


def recorded(connection: Connection) -> dict[str, Applied]:
    """All rows, by path."""
    rows = connection.execute(_ALL).fetchall()
    return {
        path: Applied(path, checksum, Kind(kind), tuple(Made.read(text) for text in objects))
        for path, checksum, kind, objects in rows
    }


def record(
    connection: Connection, files: Iterable[SqlFile], left_over: dict[str, tuple[Made, ...]] | None = None
) -> None:
    """Remembers that the files stand as they are now. ``left_over``: by path, what is still to be dropped."""
    rows = []
    for file in files:
        objects = file.objects + (left_over or {}).get(file.path, ())
        rows.append((file.path, file.checksum, file.kind, file.stage, Jsonb([str(made) for made in objects])))
    connection.cursor().executemany(_UPSERT, rows)


def obsolete(applied: dict[str, Applied], tree: Tree, *kinds: str) -> tuple[Made, ...]:
    """Objects of these kinds that a replaceable file made once and no file makes any more."""
    made_now = {made for file in tree.files for made in file.objects}
    return tuple(
        made
        for row in applied.values()
        if not row.kind.is_state
        for made in row.objects
        if made.kind in kinds and made not in made_now
    )
