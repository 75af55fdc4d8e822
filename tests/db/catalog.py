"""Everything a database's catalog says about our objects, as rows to compare: nothing that depends on oids,
order or time."""

from typing import Any

import psycopg

Snapshot = dict[str, list[tuple[Any, ...]]]

# Rights count by what they allow: an empty list and the owner's defaults written out are the same.
_RIGHTS = "array(select x::text from unnest(coalesce({acl}, acldefault('{kind}', {owner}))) as x order by 1)"
_OURS = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
_NOT_OF_AN_EXTENSION = """not exists (
    select from pg_depend as e where e.classid = '{catalog}'::regclass and e.objid = {oid} and e.deptype = 'e'
)"""


def _rights(acl: str, kind: str, owner: str) -> str:
    return _RIGHTS.format(acl=acl, kind=kind, owner=owner)


def _own(catalog: str, oid: str) -> str:
    return f"{_OURS} and {_NOT_OF_AN_EXTENSION.format(catalog=catalog, oid=oid)}"


QUERIES = {
    "database": f"""
        select {_rights("datacl", "d", "datdba")} from pg_database where datname = current_database()
    """,
    "settings of this database": """
        select r.setrole::regrole::text, r.setconfig from pg_db_role_setting as r
        join pg_database as d on d.oid = r.setdatabase where d.datname = current_database()
    """,
    "extensions": """
        select e.extname, e.extversion, n.nspname, e.extowner::regrole::text
        from pg_extension as e join pg_namespace as n on n.oid = e.extnamespace
    """,
    "schemas": f"""
        select n.nspname, n.nspowner::regrole::text, {_rights("n.nspacl", "n", "n.nspowner")},
            obj_description(n.oid, 'pg_namespace')
        from pg_namespace as n where {_own("pg_namespace", "n.oid")}
    """,
    "default rights": """
        select d.defaclrole::regrole::text, d.defaclnamespace::regnamespace::text, d.defaclobjtype,
            array(select x::text from unnest(d.defaclacl) as x order by 1)
        from pg_default_acl as d
    """,
    "relations": f"""
        select c.oid::regclass::text, c.relkind, c.relpersistence, c.relowner::regrole::text,
            c.relrowsecurity,
            c.relforcerowsecurity, c.reloptions, c.relreplident, c.relispartition, pg_get_expr(c.relpartbound,
            c.oid), {_rights("c.relacl", "r", "c.relowner")}, obj_description(c.oid, 'pg_class')
        from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where c.relkind not in ('i', 'I', 't') and {_own("pg_class", "c.oid")}
    """,
    "inheritance": """
        select i.inhrelid::regclass::text, i.inhparent::regclass::text, i.inhseqno from pg_inherits as i
    """,
    "columns": f"""
        select c.oid::regclass::text, row_number() over (partition by c.oid order by a.attnum), a.attname,
            format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage,
            a.attcompression, a.attcollation::regcollation::text, pg_get_expr(d.adbin, d.adrelid),
            array(select x::text from unnest(a.attacl) as x order by 1), col_description(c.oid, a.attnum)
        from pg_attribute as a
        join pg_class as c on c.oid = a.attrelid
        join pg_namespace as n on n.oid = c.relnamespace
        left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
        where a.attnum > 0 and not a.attisdropped and c.relkind not in ('i', 'I', 't')
            and {_own("pg_class", "c.oid")}
    """,
    "constraints": f"""
        select k.conrelid::regclass::text, k.contypid::regtype::text, k.conname, k.contype,
            pg_get_constraintdef(k.oid), k.condeferrable, k.condeferred, k.convalidated,
            obj_description(k.oid, 'pg_constraint')
        from pg_constraint as k join pg_namespace as n on n.oid = k.connamespace
        where {_own("pg_constraint", "k.oid")}
    """,
    "indexes": f"""
        select c.oid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisprimary,
            i.indisreplident,
            c.relowner::regrole::text, obj_description(c.oid, 'pg_class')
        from pg_index as i
        join pg_class as c on c.oid = i.indexrelid
        join pg_namespace as n on n.oid = c.relnamespace
        where {_own("pg_class", "c.oid")}
    """,
    "sequences": f"""
        select c.oid::regclass::text, s.seqtypid::regtype::text, s.seqstart, s.seqincrement, s.seqmin,
            s.seqmax,
            s.seqcache, s.seqcycle, d.refobjid::regclass::text, d.refobjsubid, d.deptype
        from pg_sequence as s
        join pg_class as c on c.oid = s.seqrelid
        join pg_namespace as n on n.oid = c.relnamespace
        left join pg_depend as d on d.classid = 'pg_class'::regclass and d.objid = c.oid
            and d.deptype in ('a', 'i')
            and d.refclassid = 'pg_class'::regclass
        where {_own("pg_class", "c.oid")}
    """,
    "views": f"""
        select c.oid::regclass::text, pg_get_viewdef(c.oid), c.reloptions
        from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where c.relkind in ('v', 'm') and {_own("pg_class", "c.oid")}
    """,
    "rules": f"""
        select r.ev_class::regclass::text, r.rulename, pg_get_ruledef(r.oid)
        from pg_rewrite as r
        join pg_class as c on c.oid = r.ev_class
        join pg_namespace as n on n.oid = c.relnamespace
        where r.rulename <> '_RETURN' and {_own("pg_class", "c.oid")}
    """,
    "functions": f"""
        select p.oid::regprocedure::text, p.prokind, pg_get_functiondef(p.oid), p.prosrc, p.proconfig,
            p.provolatile,
            p.prosecdef, p.proleakproof, p.proparallel, p.procost, p.prorows, p.prosupport::text,
            p.proowner::regrole::text, {_rights("p.proacl", "f", "p.proowner")}, obj_description(p.oid,
                'pg_proc')
        from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
        where p.prokind <> 'a' and {_own("pg_proc", "p.oid")}
    """,
    "aggregates": f"""
        select p.oid::regprocedure::text, g.aggtransfn::text, g.aggfinalfn::text, g.agginitval,
            p.proowner::regrole::text, {_rights("p.proacl", "f", "p.proowner")}, obj_description(p.oid,
                'pg_proc')
        from pg_aggregate as g
        join pg_proc as p on p.oid = g.aggfnoid
        join pg_namespace as n on n.oid = p.pronamespace
        where {_own("pg_proc", "p.oid")}
    """,
    "triggers": f"""
        select t.tgrelid::regclass::text, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled,
            obj_description(t.oid, 'pg_trigger')
        from pg_trigger as t
        join pg_class as c on c.oid = t.tgrelid
        join pg_namespace as n on n.oid = c.relnamespace
        where not t.tgisinternal and {_own("pg_class", "c.oid")}
    """,
    "event triggers": """
        select e.evtname, e.evtevent, e.evtfoid::regprocedure::text, e.evtenabled, e.evttags
            from pg_event_trigger as e
    """,
    "policies": f"""
        select c.oid::regclass::text, p.polname, p.polcmd, p.polpermissive,
            array(select r::regrole::text from unnest(p.polroles) as r order by 1),
            pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid), obj_description(p.oid,
            'pg_policy')
        from pg_policy as p
        join pg_class as c on c.oid = p.polrelid
        join pg_namespace as n on n.oid = c.relnamespace
        where {_own("pg_class", "c.oid")}
    """,
    "types": f"""
        select t.oid::regtype::text, t.typtype, t.typowner::regrole::text, t.typnotnull,
            format_type(t.typbasetype, t.typtypmod), t.typdefault, t.typcollation::regcollation::text,
            array(select e.enumlabel::text from pg_enum as e
                where e.enumtypid = t.oid order by e.enumsortorder),
            {_rights("t.typacl", "T", "t.typowner")}, obj_description(t.oid, 'pg_type')
        from pg_type as t join pg_namespace as n on n.oid = t.typnamespace
        where {_own("pg_type", "t.oid")}
    """,
    "extended statistics": f"""
        select s.stxname, pg_get_statisticsobjdef(s.oid), s.stxowner::regrole::text
        from pg_statistic_ext as s join pg_namespace as n on n.oid = s.stxnamespace where {_OURS}
    """,
    "publications": "select p.pubname, p.pubowner::regrole::text from pg_publication as p",
}


def snapshot(admin_url: str) -> Snapshot:
    """All queries' rows, sorted; under a path on which no name of ours comes out unqualified."""
    with psycopg.connect(admin_url) as connection:
        connection.execute("set local search_path = pg_catalog")
        return {
            subject: sorted(connection.execute(query.encode()).fetchall(), key=repr)
            for subject, query in QUERIES.items()
        }


def differences(one: Snapshot, other: Snapshot) -> list[str]:
    """One line for each row that only one of the two has; empty when the catalogs are identical."""
    lines = []
    for subject in QUERIES:
        mine, yours = set(map(repr, one[subject])), set(map(repr, other[subject]))
        lines += [f"{subject}: only in the first: {row}" for row in sorted(mine - yours)]
        lines += [f"{subject}: only in the second: {row}" for row in sorted(yours - mine)]
    return lines
