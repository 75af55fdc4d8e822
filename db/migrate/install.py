"""`make sql`: the first installation as plain SQL, for those who use psql or `supabase db push`."""

import json
from collections.abc import Iterable
from pathlib import Path

from db.migrate.history import head
from db.migrate.stages import OWNER, SETTINGS, STAGES, Kind, SqlFile, Tree

_HEADER = """\
-- pgcrm, {stage}: part {number} of {count} of a first installation, made by `pgcrm sql`.
-- As an administrator of the database, in order:  psql -X -1 -v ON_ERROR_STOP=1 -f {stage}.sql
-- Upgrades are `pgcrm migrate`, everywhere.
"""


def write_sql(target: Path, root: Path | None = None) -> list[Path]:
    """Writes a file for each stage into ``target`` (made if missing) and returns their paths in order.

    They leave the database exactly as migrate does, app.alembic_version and app.applied_files included."""
    tree = Tree.read(root)
    newest = head(tree)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for number, stage in enumerate(STAGES, 1):
        header = _HEADER.format(stage=stage, number=number, count=len(STAGES))
        version = newest if stage == STAGES[-1] else stage
        path = target / f"{stage}.sql"
        path.write_text(header + _stage(list(tree.stage(stage)), stage, version), encoding="utf-8")
        written.append(path)
    return written


def _stage(files: list[SqlFile], stage: str, version: str) -> str:
    settings = [f"set {name} = {value};" for name, value in SETTINGS.items()]
    parts = ["\n".join(settings)]
    parts += [_body(file) for file in files if file.kind is Kind.ADMIN]
    parts.append(f"set role {OWNER};")
    parts += [_body(file) for file in files if file.kind is not Kind.ADMIN]
    parts += (
        [_insert("app.applied_files (path, checksum, kind, stage, objects)", map(_row, files))]
        if files
        else []
    )
    parts += ["delete from app.alembic_version;", _insert("app.alembic_version (version_num)", [[version]])]
    parts.append("\n".join(f"reset {name};" for name in ("role", *SETTINGS)))
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _body(file: SqlFile) -> str:
    return f"-- {file.path}\n{file.text}"


def _row(file: SqlFile) -> list[str]:
    return [file.path, file.checksum, file.kind, file.stage, json.dumps([str(made) for made in file.objects])]


def _insert(into: str, rows: Iterable[list[str]]) -> str:
    values = ("    (" + ", ".join(map(_literal, row)) + ")" for row in rows)
    return f"insert into {into} values\n" + ",\n".join(values) + ";"


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
