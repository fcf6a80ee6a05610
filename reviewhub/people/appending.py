"""The activity log only grows: triggers of the database refuse to change or delete a line, whoever asks.

The one change that they let through is the place in the chain of a line that has none yet (people.chain).
"""

from contextlib import contextmanager

from django.db import connection, transaction

from reviewhub.people.models import Activity

REFUSED = "the activity log is append-only"
FREE = ("position", "digest")  # empty until the line is chained

POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.position IS NULL AND NEW.position IS NOT NULL
       AND to_jsonb(OLD) - '{{position,digest}}'::text[] = to_jsonb(NEW) - '{{position,digest}}'::text[]
    THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '{refused}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
CREATE OR REPLACE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only();
"""
SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_append_only BEFORE UPDATE ON {table} "
    "WHEN OLD.position IS NOT NULL OR NEW.position IS NULL OR NOT ({same}) "
    "BEGIN SELECT RAISE(ABORT, '{refused}'); END",
    "CREATE TRIGGER IF NOT EXISTS {table}_keep_all BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{refused}'); END",
)

SEALED_POSTGRESQL = """
CREATE OR REPLACE FUNCTION reviewhub_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of this table are never changed' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE OR REPLACE TRIGGER {table}_sealed BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION reviewhub_sealed();
"""
SEALED_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_sealed BEFORE UPDATE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'rows of this table are never changed'); END",
    "CREATE TRIGGER IF NOT EXISTS {table}_sealed_delete BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'rows of this table are never changed'); END",
)
_sealed: list[str] = []


def seal(table: str) -> None:
    """Have the rows of an upper app's table never changed nor deleted; called in AppConfig.ready()."""
    if table not in _sealed:
        _sealed.append(table)


def guard() -> None:
    """Put the triggers in place; again and again does no harm. A migration that rebuilds the table loses them."""
    table = Activity._meta.db_table
    _guard_sealed()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL.format(table=table, refused=REFUSED))
            return
        columns = [field.column for field in Activity._meta.concrete_fields if field.column not in FREE]
        same = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in columns)
        for statement in SQLITE:
            cursor.execute(statement.format(table=table, refused=REFUSED, same=same))


def _guard_sealed() -> None:
    """The tables of upper apps that are there already: their migrations may come later."""
    statements = [SEALED_POSTGRESQL] if connection.vendor == "postgresql" else SEALED_SQLITE
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table in _sealed:
            for statement in statements if table in there else ():
                cursor.execute(statement.format(table=table))


@contextmanager
def unguarded():
    """For emptying a whole database: the triggers are away inside, and back when it ends or fails."""
    table = Activity._meta.db_table
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for name in ("append_only", "keep_all"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on_table}")
            there = set(connection.introspection.table_names(cursor))
            for sealed in there.intersection(_sealed):
                on_sealed = f" ON {sealed}" if on_table else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {sealed}_sealed{on_sealed}")
                if not on_table:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {sealed}_sealed_delete")
        yield
        guard()
