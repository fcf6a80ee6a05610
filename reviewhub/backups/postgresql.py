"""The database part on PostgreSQL: every table by COPY from one snapshot, into a schema that migrations made.

No client program is needed, so none can be older than the server (decision 15).
"""

from pathlib import Path

from django.db import connection, transaction

FOLDER = "tables"
NEW, OLD = "reviewhub_restoring", "reviewhub_before_restore"
HISTORY = "django_migrations"  # written by the migrations themselves
TABLES = """
    SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"


def dump(folder: Path) -> dict:
    """Write every table below `folder`, as of one moment; what the manifest says of them."""
    tables = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(TABLES)
        for name, columns in cursor.fetchall():
            with (folder / name).open("wb") as file:
                cursor.cursor.copy_expert(f"COPY {_listed(name, columns)} TO STDOUT", file)
            tables[name] = {"columns": columns, "rows": cursor.cursor.rowcount}
        cursor.execute(SEQUENCES)
        sequences = dict(cursor.fetchall())
        cursor.execute(f"SELECT app, name FROM {HISTORY} ORDER BY id")
        applied = [list(row) for row in cursor.fetchall()]
    return {"tables": tables, "sequences": sequences, "migrations": applied}


def begin() -> str:
    """Work in an empty schema from now on; the name of the one in use, which stays as it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        used = cursor.fetchone()[0]
        cursor.execute(f"DROP SCHEMA IF EXISTS {NEW} CASCADE")
        cursor.execute(f"CREATE SCHEMA {NEW}")
        cursor.execute(f"SET search_path TO {NEW}")
    return used


def load(folder: Path, manifest: dict) -> None:
    """Fill the tables that migrations made with what `dump` wrote: all or nothing."""
    tables = {name: row for name, row in manifest["tables"].items() if name != HISTORY}
    with transaction.atomic(), connection.cursor() as cursor:
        # What protects rows from people (a log that only grows) does not apply to putting them back.
        cursor.execute(TABLES)
        made = [name for name, _columns in cursor.fetchall() if name != HISTORY]
        for name in made:
            cursor.execute(f"ALTER TABLE {_quoted(name)} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(map(_quoted, made))}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name, row in tables.items():
            with (folder / name).open("rb") as file:
                cursor.cursor.copy_expert(f"COPY {_listed(name, row['columns'])} FROM STDIN", file)
            if cursor.cursor.rowcount != row["rows"]:
                raise ValueError(f"{name} has {cursor.cursor.rowcount} rows instead of {row['rows']}")
        for name, last in manifest["sequences"].items():
            if last is not None:
                cursor.execute("SELECT setval(%s::regclass, %s)", [_quoted(name), last])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in made:
            cursor.execute(f"ALTER TABLE {_quoted(name)} ENABLE TRIGGER USER")


def swap(used: str) -> None:
    """The new schema takes the place of the one in use, at one moment; then the old one goes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '15s'")
        cursor.execute(f"DROP SCHEMA IF EXISTS {OLD} CASCADE")
        cursor.execute(f"ALTER SCHEMA {_quoted(used)} RENAME TO {OLD}")
        cursor.execute(f"ALTER SCHEMA {NEW} RENAME TO {_quoted(used)}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {_quoted(used)} TO PUBLIC")
        cursor.execute(f"DROP SCHEMA {OLD} CASCADE")
    connection.close()


def abandon() -> None:
    """After a failure: nothing of the restore stays, the schema in use was never touched."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {NEW} CASCADE")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _listed(table: str, columns: list[str]) -> str:
    return f"{_quoted(table)} ({', '.join(map(_quoted, columns))})"
