"""Applies all replaceable files to a database that exists: everything or nothing, in one transaction."""

from collections.abc import Iterable

from psycopg import errors

from db.migrate import parse
from db.migrate.applied import Applied, obsolete, record, recorded
from db.migrate.errors import MigrateError
from db.migrate.parse import Made
from db.migrate.script import Connection, ScriptError, run_file
from db.migrate.session import applying, as_administrator, as_owner
from db.migrate.stages import OWNER, Kind, SqlFile, Tree

_ROUTINES = ("function", "procedure")
# another result, parameter name or default; a function where there was a procedure
_CANNOT_REPLACE = frozenset({"42P13", "42809"})

# Schema auth is Supabase's, or a stand-in for it that is made once: no file states its rights anew.
_RIGHTS_GIVEN = """
    with given (schema, kind, name, acl) as (
        select oid, 'schema', quote_ident(nspname), nspacl
        from pg_namespace
        where nspowner = %(owner)s::regrole
        union all
        select pronamespace, 'routine', oid::regprocedure::text, proacl
        from pg_proc
        where proowner = %(owner)s::regrole
        union all
        select c.relnamespace, case c.relkind when 'S' then 'sequence' else 'table' end,
            c.oid::regclass::text, list.acl
        from pg_class as c
        cross join lateral (
            select c.relacl union all select a.attacl from pg_attribute as a where a.attrelid = c.oid
        ) as list (acl)
        where c.relowner = %(owner)s::regrole and list.acl is not null
    )
    select distinct format(
        'revoke all on %%s %%s from %%s', given.kind, given.name,
        case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end
    )
    from given cross join lateral aclexplode(given.acl) as a
    where a.grantee <> %(owner)s::regrole and given.schema is distinct from to_regnamespace('auth')
"""

_USED_BY_ROWS = """
    select pg_describe_object(d.classid, d.objid, d.objsubid)
    from pg_depend as d
    left join pg_attrdef as e on d.classid = 'pg_attrdef'::regclass and e.oid = d.objid
    left join pg_attribute as a on a.attrelid = e.adrelid and a.attnum = e.adnum
    where d.refclassid = 'pg_proc'::regclass and d.refobjid = to_regprocedure(%s)
        and (d.classid in ('pg_constraint'::regclass, 'pg_class'::regclass) or a.attgenerated <> '')
"""

_DEPENDENTS = """
    select pg_describe_object(d.classid, d.objid, d.objsubid),
        (select quote_ident(p.polname) || ' on ' || p.polrelid::regclass from pg_policy as p
        where d.classid = 'pg_policy'::regclass and p.oid = d.objid)
    from pg_depend as d
    where d.refclassid = 'pg_proc'::regclass and d.refobjid = to_regprocedure(%s) and d.deptype = 'n'
"""


def needs_rebuild(applied: dict[str, Applied], tree: Tree) -> bool:
    """Whether any file differs from what is on record, policies apart (they have a way of their own)."""
    before = {path: row.checksum for path, row in applied.items() if row.kind is not Kind.POLICIES}
    return before != {file.path: file.checksum for file in tree.files if file.kind is not Kind.POLICIES}


def refuse_changed_state(applied: dict[str, Applied], tree: Tree) -> None:
    """Raises MigrateError when a table or key file differs and no revision has carried the change."""
    now = {file.path: file.state for file in tree.files if file.kind.is_state}
    before = {path: row.state for path, row in applied.items() if row.kind.is_state}
    changes = [f"{path}: changed" for path in now.keys() & before if now[path] != before[path]]
    # a file that only moved is on both sides, under two names
    new, removed = now.keys() - before, before.keys() - now
    changes += [f"{path}: new" for path in new if now[path] not in {before[other] for other in removed}]
    changes += [f"{path}: removed" for path in removed if before[path] not in {now[other] for other in new}]
    if changes:
        raise MigrateError(
            "tables, and functions that columns and indexes use, are not replaced by their files:\n  "
            + "\n  ".join(sorted(changes))
            + "\nBefore the first release: `pgcrm reset` builds the database anew (its rows are lost)."
            + "\nAfter it: write a revision in migrations/versions that makes the change and names the files."
        )


def rebuild(connection: Connection, tree: Tree, *, lock_timeout: str) -> tuple[Made, ...]:
    """Applies every replaceable file but policies in order, and drops what no file makes any more.

    Returns what it dropped for good. Raises MigrateError, or psycopg's lock errors (try again)."""
    with applying(connection, lock_timeout=lock_timeout):
        applied = recorded(connection)
        changed = {
            file.path
            for file in tree.files
            if file.path not in applied or applied[file.path].checksum != file.checksum
        }
        as_owner(connection)
        _take_rights_back(connection)
        as_administrator(connection)
        for file in tree.files:
            if file.kind is Kind.ADMIN:
                run_file(connection, file)
        as_owner(connection)
        _refuse_functions_that_rows_use(connection, [file for file in tree.files if file.path in changed])

        _drop_views(connection, applied, tree)
        gone = list(obsolete(applied, tree, "view"))
        gone += _drop(connection, obsolete(applied, tree, "trigger", "table"))  # tables: those of 04_tests
        routines = _drop_unless_used(connection, obsolete(applied, tree, *_ROUTINES))
        for file in tree.files:
            _apply(connection, file, applied.get(file.path), changed=file.path in changed)
        late = _drop_unless_used(connection, routines)
        _refuse_unless_policies_let_go(connection, late, applied, tree)
        gone += [made for made in obsolete(applied, tree, *_ROUTINES) if made not in late]
        _remember(connection, tree, applied, late)
    return tuple(gone)


def sweep(connection: Connection, tree: Tree, *, lock_timeout: str) -> tuple[Made, ...]:
    """Drops the functions that only policies of yesterday used. Returns them. Call it after the policies."""
    with applying(connection, lock_timeout=lock_timeout):
        as_owner(connection)
        applied = recorded(connection)
        left = obsolete(applied, tree, *_ROUTINES)
        if left:
            still = _drop_unless_used(connection, left)
            _refuse_unless_policies_let_go(connection, still, applied, tree)
            _remember(connection, tree, applied, ())
    return left


def _apply(connection: Connection, file: SqlFile, row: Applied | None, *, changed: bool) -> None:
    match file.kind:
        case Kind.ADMIN | Kind.POLICIES:
            return
        case Kind.KEYS | Kind.TABLE:
            run_file(connection, file.keeping(parse.is_restatable if changed else parse.is_right))
        case Kind.TRIGGER if not changed:
            # creating its triggers again would only lock writers out of the tables
            run_file(connection, file.keeping(lambda statement: not parse.is_trigger(statement)))
        case Kind.TRIGGER:
            _drop(connection, parse.triggers_that_fail_when_present(file.text))
            _replace(connection, file)
        case Kind.TEST:
            _drop(connection, [made for made in (row.objects if row else ()) if made.kind == "table"])
            _replace(connection, file)
        case _ if changed:
            _replace(connection, file)
        case _:
            run_file(connection, file)


def _replace(connection: Connection, file: SqlFile) -> None:
    """Runs the file; where Postgres will not replace a function by one of another shape, drops it first."""
    try:
        with connection.transaction():
            run_file(connection, file)
    except ScriptError as error:
        if error.sqlstate not in _CANNOT_REPLACE:
            raise
        routines = [made for made in file.objects if made.kind in _ROUTINES]
        used = _drop_unless_used(connection, [Made("routine", made.name) for made in routines])
        if used:
            raise MigrateError(f"{error}\n{_who_uses(connection, used)}\n{_WRITE_A_REVISION}") from None
        run_file(connection, file)


_WRITE_A_REVISION = (
    "A function that policies, columns or triggers use keeps its result and parameters. To change them, write"
    " a revision that drops what uses it (`policies_off` in db.migrate.revision), or use another name."
)


def _drop(connection: Connection, things: Iterable[Made]) -> tuple[Made, ...]:
    things = tuple(things)
    for made in things:
        connection.execute(f"drop {made.kind} if exists {made.name}")
    return things


def _drop_views(connection: Connection, applied: dict[str, Applied], tree: Tree) -> None:
    """All views that files make or made, in one statement, so that their order does not matter."""
    objects = [made for row in applied.values() if not row.kind.is_state for made in row.objects]
    objects += [made for file in tree.files for made in file.objects]
    views = sorted({made.name for made in objects if made.kind == "view"})
    if not views:
        return
    try:
        connection.execute(f"drop view if exists {', '.join(views)}")
    except errors.DependentObjectsStillExist as error:
        raise MigrateError(
            "objects that no file makes stand on our views, which are dropped and made anew: drop them first,"
            f" or move them to a database of their own.\n{error.diag.message_detail}"
        ) from None


def _drop_unless_used(connection: Connection, things: Iterable[Made]) -> tuple[Made, ...]:
    """Drops what nothing depends on; returns the rest."""
    used = []
    for made in things:
        try:
            with connection.transaction():
                _drop(connection, [made])
        except errors.DependentObjectsStillExist:
            used.append(made)
    return tuple(used)


def _who_uses(connection: Connection, routines: Iterable[Made]) -> str:
    users = [
        f"{user} uses {made.name}"
        for made in routines
        for user, _ in connection.execute(_DEPENDENTS, [made.name]).fetchall()
    ]
    return "\n".join(users)


def _refuse_unless_policies_let_go(
    connection: Connection, used: tuple[Made, ...], applied: dict[str, Applied], tree: Tree
) -> None:
    """A function that goes may still be used by policies that are about to go or to change, by nothing
    else."""
    rewritten = {file.path: file for file in tree.files if file.kind is Kind.POLICIES}
    leaving = {
        made.name
        for path, row in applied.items()
        if row.kind is Kind.POLICIES and (path not in rewritten or rewritten[path].checksum != row.checksum)
        for made in row.objects
    }
    for made in used:
        policies = [policy for _, policy in connection.execute(_DEPENDENTS, [made.name]).fetchall()]
        if any(policy not in leaving for policy in policies):
            raise MigrateError(
                f"no file makes {made} any more, but\n{_who_uses(connection, [made])}\n{_WRITE_A_REVISION}"
            )


def _refuse_functions_that_rows_use(connection: Connection, changed: Iterable[SqlFile]) -> None:
    """Stored values were made by the function as it was: its file belongs in 05_keys, its change in a
    revision."""
    for file in changed:
        for made in file.objects if not file.kind.is_state else ():
            if made.kind == "function":
                users = [str(user) for (user,) in connection.execute(_USED_BY_ROWS, [made.name]).fetchall()]
                if users:
                    raise MigrateError(
                        f"{file.path}: {made} is used by {', '.join(users)}, whose stored values would no"
                        " longer agree with it. Move its file to 05_keys and change it by a revision."
                    )


def _take_rights_back(connection: Connection) -> None:
    """Nobody but the owner keeps any right: the files grant all of them again, so one that a file lost is
    gone."""
    revokes = [str(revoke) for (revoke,) in connection.execute(_RIGHTS_GIVEN, {"owner": OWNER}).fetchall()]
    if revokes:
        connection.execute("; ".join(revokes))


def _remember(
    connection: Connection, tree: Tree, applied: dict[str, Applied], late: tuple[Made, ...]
) -> None:
    """Brings app.applied_files to the files' state; what is still to be dropped stays on record under its
    path."""
    files = [file for file in tree.files if file.kind is not Kind.POLICIES]
    paths = {file.path for file in files}
    left_over = {
        path: left
        for path, row in applied.items()
        if (left := tuple(made for made in row.objects if made in late))
    }
    record(connection, files, left_over)
    for path, row in applied.items():
        if row.kind is Kind.POLICIES or path in paths:
            continue
        if path not in left_over:
            connection.execute("delete from app.applied_files where path = %s", [path])
        else:
            connection.execute("update app.applied_files set checksum = '' where path = %s", [path])
