"""The tree of migrations/: which files there are, in which order, and what each kind of file means to
`migrate`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath

from pglast.ast import Node

from db import paths
from db.migrate import parse
from db.migrate.errors import MigrateError, line_of

STAGES = ("00_schema", "01_seed", "02_rls", "03_views", "04_tests")
"""The base revisions, and the folders of the same names, in the order they are applied."""

OWNER = "pgcrm_owner"

SETTINGS = {"check_function_bodies": "off", "search_path": "pg_catalog, pg_temp", "timezone": "'UTC'"}
"""What every file runs under. All but those of ``00_admin`` run as OWNER too."""


class Kind(StrEnum):
    """What a file holds."""

    ADMIN = "admin"
    KEYS = "keys"
    TABLE = "table"
    FUNCTION = "function"
    TRIGGER = "trigger"
    API = "api"
    SEED = "seed"
    GRANTS = "grants"
    POLICIES = "policies"
    VIEW = "view"
    TEST = "test"

    @property
    def is_state(self) -> bool:
        """Rows depend on it: it is changed by a revision, never by applying the file again."""
        return self in (Kind.KEYS, Kind.TABLE)


_FOLDERS = {
    "00_admin": Kind.ADMIN,
    "05_keys": Kind.KEYS,
    "10_tables": Kind.TABLE,
    "20_functions": Kind.FUNCTION,
    "30_triggers": Kind.TRIGGER,
    "90_api": Kind.API,
}
_STAGE_KINDS = {"01_seed": Kind.SEED, "03_views": Kind.VIEW, "04_tests": Kind.TEST}
_SUFFIXES = {".grants.sql": Kind.GRANTS, ".policies.sql": Kind.POLICIES}


@dataclass(frozen=True)
class SqlFile:
    """One file: ``path`` is relative to the tree's root, with forward slashes."""

    path: str
    text: str

    @property
    def stage(self) -> str:
        return self.path.split("/", 1)[0]

    @cached_property
    def kind(self) -> Kind:
        return kind_of(self.path)

    @cached_property
    def checksum(self) -> str:
        """Of a file that is state, two: of what a revision must change, and of its comments and rights."""
        if not self.kind.is_state:
            return parse.checksum(self.text)
        state = self.keeping(lambda statement: not parse.is_restatable(statement))
        return f"{parse.checksum(state.text)}/{parse.checksum(self.keeping(parse.is_restatable).text)}"

    def keeping(self, wanted: Callable[[Node], bool]) -> "SqlFile":
        """The file with all other statements blanked out: paths, lines and offsets in errors stay true."""
        return SqlFile(self.path, parse.masked(self.text, wanted))

    @property
    def state(self) -> str:
        return state_of(self.checksum)

    @cached_property
    def objects(self) -> tuple[parse.Made, ...]:
        return parse.objects(self.text)

    @cached_property
    def policies(self) -> tuple[parse.Policy, ...]:
        return parse.policies(self.text)


@dataclass(frozen=True)
class Tree:
    """All files of a migrations folder, in byte order of their paths (what ``LC_ALL=C sort`` gives)."""

    root: Path
    files: tuple[SqlFile, ...]

    @classmethod
    def read(cls, root: Path | None = None) -> "Tree":
        """Reads and parses everything, so that a file that is not SQL is found before a database is touched.

        Raises MigrateError with file and line."""
        root = root or paths.MIGRATIONS
        found = (path for stage in STAGES for path in (root / stage).rglob("*.sql"))
        named = sorted((path.relative_to(root).as_posix().encode(), path) for path in found)
        files = tuple(SqlFile(name.decode(), path.read_text(encoding="utf-8")) for name, path in named)
        if not files:
            raise MigrateError(f"{root} holds no stage: expected {', '.join(STAGES)}")
        for file in files:
            try:
                _ = file.checksum, file.policies if file.kind is Kind.POLICIES else file.objects
            except parse.SqlError as error:
                raise MigrateError(f"{file.path}:{line_of(file.text, error.position)}: {error}") from None
        return cls(root, files)

    def stage(self, stage: str) -> Iterator[SqlFile]:
        return (file for file in self.files if file.stage == stage)


def state_of(checksum: str) -> str:
    """The part of a table or key file's checksum that only a revision may change."""
    return checksum.split("/")[0]


def kind_of(path: str) -> Kind:
    """The kind of a file by where it lies. Raises MigrateError when the tree has no room for it."""
    stage, *folders = PurePosixPath(path).parent.parts
    if stage == "02_rls":
        for suffix, kind in _SUFFIXES.items():
            if path.endswith(suffix):
                return kind
    if stage in _STAGE_KINDS:
        return _STAGE_KINDS[stage]
    if stage == "00_schema" and len(folders) > 1 and folders[1] in _FOLDERS:
        return _FOLDERS[folders[1]]
    wanted = "<table>.grants.sql or <table>.policies.sql" if stage == "02_rls" else ", ".join(_FOLDERS)
    raise MigrateError(f"{path}: not a place that migrate knows (in {stage}: {wanted})")
