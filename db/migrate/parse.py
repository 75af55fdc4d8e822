"""What a SQL file says, read with Postgres' own grammar (pglast), never by asking a database."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pglast import ast, enums, parse_sql
from pglast.keywords import RESERVED_KEYWORDS
from pglast.parser import ParseError, scan

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})
_INPUT_MODES = frozenset(
    {
        enums.FunctionParameterMode.FUNC_PARAM_DEFAULT,
        enums.FunctionParameterMode.FUNC_PARAM_IN,
        enums.FunctionParameterMode.FUNC_PARAM_INOUT,
        enums.FunctionParameterMode.FUNC_PARAM_VARIADIC,
    }
)


@dataclass(frozen=True, order=True)
class Made:
    """An object that a file makes. ``str()`` is what follows ``drop``: ``trigger t on crm.leads``."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @classmethod
    def read(cls, text: str) -> "Made":
        """The inverse of ``str()``, for what ``app.applied_files.objects`` holds."""
        kind, _, name = text.partition(" ")
        return cls(kind, name)


@dataclass(frozen=True)
class Policy:
    """One ``create policy``: its name, its table, and the text that stands before and after the table."""

    name: str
    schema: str
    table: str
    before: str
    after: str

    @property
    def on(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.table)}"

    @property
    def made(self) -> Made:
        return Made("policy", f"{quoted(self.name)} on {self.on}")

    def create(self, schema: str | None = None) -> str:
        """The statement, on its own table or on the table of that name in another schema."""
        return f"{self.before}{quoted(schema or self.schema)}.{quoted(self.table)}{self.after}"


class SqlError(ValueError):
    """The text is not what its file should hold. ``position`` is a 0-based offset into it."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


def quoted(name: str) -> str:
    """An identifier as SQL writes it: bare where that is enough."""
    if _PLAIN_NAME.match(name) and name not in RESERVED_KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def checksum(text: str) -> str:
    """sha256 over the file's tokens: a reworded comment or another indent does not change a database."""
    digest = sha256()
    try:
        tokens = scan(text)
    except ParseError as error:
        raise _bad(error) from None
    for token in tokens:
        if token.name not in _COMMENTS:
            digest.update(text[token.start : token.end + 1].encode())
            digest.update(b"\0")
    return digest.hexdigest()


def statements(text: str) -> Iterator[tuple[ast.Node, str, int]]:
    """The statements of a script: syntax tree, text, 0-based offset of the text. Raises SqlError."""
    try:
        parsed = parse_sql(text)
    except ParseError as error:
        raise _bad(error) from None
    raw: Any
    for raw in parsed:
        end = raw.stmt_location + raw.stmt_len if raw.stmt_len else len(text)
        yield raw.stmt, text[raw.stmt_location : end], raw.stmt_location


def _bad(error: ParseError) -> SqlError:
    message, *location = error.args
    return SqlError(str(message), location[0] if location else 0)


def is_right(statement: ast.Node) -> bool:
    """A grant or revoke."""
    return isinstance(statement, ast.GrantStmt)


def is_restatable(statement: ast.Node) -> bool:
    """A comment, grant or revoke: it can be said again without touching a row."""
    return is_right(statement) or isinstance(statement, ast.CommentStmt)


def is_trigger(statement: ast.Node) -> bool:
    return isinstance(statement, ast.CreateTrigStmt)


def masked(text: str, keep: Callable[[ast.Node], bool]) -> str:
    """The script with all other statements blanked out, so that lines and offsets stay what they were."""
    for statement, body, start in statements(text):
        if not keep(statement):
            blank = "".join(character if character == "\n" else " " for character in body)
            text = text[:start] + blank + text[start + len(body) :]
    return text


def objects(text: str) -> tuple[Made, ...]:
    """What the script makes, in its order, each once."""
    return tuple(dict.fromkeys(made for statement, _, _ in statements(text) for made in _made(statement)))


def triggers_that_fail_when_present(text: str) -> tuple[Made, ...]:
    """Triggers the script creates without ``or replace``: to be dropped before it runs again."""
    return tuple(
        made
        for statement, _, _ in statements(text)
        if isinstance(statement, ast.CreateTrigStmt) and not statement.replace
        for made in _made(statement)
    )


def policies(text: str) -> tuple[Policy, ...]:
    """The policies of a ``*.policies.sql`` file. Raises SqlError for any other statement."""
    found = []
    for node, body, offset in statements(text):
        statement: Any = node
        if not isinstance(node, ast.CreatePolicyStmt) or not statement.table.schemaname:
            raise SqlError("a policies file holds only `create policy … on <schema>.<table> …`", offset)
        start = statement.table.location - offset
        tokens = [token for token in scan(body) if token.start >= start and token.name not in _COMMENTS]
        found.append(
            Policy(
                name=statement.policy_name,
                schema=statement.table.schemaname,
                table=statement.table.relname,
                before=body[:start],
                after=body[tokens[2].end + 1 :],  # schema, full stop, table
            )
        )
    return tuple(found)


def _made(statement: ast.Node) -> Iterator[Made]:
    node: Any = statement  # pglast types every attribute as optional; the grammar knows better
    match statement:
        case ast.CreateFunctionStmt():
            kind = "procedure" if node.is_procedure else "function"
            parameters = [p for p in node.parameters or () if p.mode in _INPUT_MODES]
            arguments = ", ".join(_type(p.argType) for p in parameters)
            yield Made(kind, f"{_dotted(node.funcname)}({arguments})")
        case ast.ViewStmt():
            yield Made("view", _relation(node.view))
        case ast.CreateStmt():
            yield Made("table", _relation(node.relation))
        case ast.CreateSeqStmt():
            yield Made("sequence", _relation(node.sequence))
        case ast.IndexStmt() if node.idxname:
            schema = node.relation.schemaname
            yield Made("index", ".".join(quoted(part) for part in (schema, node.idxname) if part))
        case ast.CreateTrigStmt():
            yield Made("trigger", f"{quoted(node.trigname)} on {_relation(node.relation)}")
        case ast.CreatePolicyStmt():
            yield Made("policy", f"{quoted(node.policy_name)} on {_relation(node.table)}")
        case ast.CreateDomainStmt():
            yield Made("domain", _dotted(node.domainname))
        case ast.CreateEnumStmt() | ast.CompositeTypeStmt():
            name = node.typeName if isinstance(statement, ast.CreateEnumStmt) else node.typevar
            yield Made("type", _relation(name) if isinstance(name, ast.RangeVar) else _dotted(name))
        case ast.CreateSchemaStmt():
            yield Made("schema", quoted(node.schemaname))
        case ast.CreateExtensionStmt():
            yield Made("extension", quoted(node.extname))
        case ast.CreateRoleStmt():
            yield Made("role", quoted(node.role))
        case ast.GrantStmt() if node.is_grant:
            yield from _granted(node)
        case _:
            return


def _granted(node: Any) -> Iterator[Made]:
    """``rights crm.leads``: whose rights the file states. Not to be dropped: a rebuild grants all anew."""
    for target in node.objects or ():
        match target:
            case ast.RangeVar():
                yield Made("rights", _relation(target))
            case ast.ObjectWithArgs(objname=name, objargs=types):
                yield Made(
                    "rights", f"{_dotted(name or ())}({', '.join(_type(each) for each in types or ())})"
                )
            case ast.String(sval=name):
                yield Made("rights", quoted(str(name)))


def _relation(name: Any) -> str:
    return ".".join(quoted(part) for part in (name.schemaname, name.relname) if part)


def _dotted(names: Iterable[Any]) -> str:
    return ".".join(quoted(name.sval) for name in names)


def _type(name: Any) -> str:
    """A type as identity: `int` and `pg_catalog.int4` are one; length and precision are no part of it."""
    parts = [part.sval for part in name.names]
    if parts[0] == "pg_catalog":
        parts = parts[1:]
    suffix = "%type" if name.pct_type else ""
    return ".".join(quoted(part) for part in parts) + suffix + "[]" * (1 if name.arrayBounds else 0)
