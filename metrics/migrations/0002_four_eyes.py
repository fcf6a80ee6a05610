from django.db import migrations

# Two rules that only the database can hold against everybody: a ruling never changes, and nobody rules figures that
# he or she uploaded or handed in (T05).
OWN = """
  SELECT 1 FROM metrics_submission AS own
  WHERE own.state IN ('handed_in', 'certified')
    AND own.handed_in_at <= NEW.decided_at
    AND own.period_start < NEW.period_end AND own.period_end > NEW.period_start
    AND {names} > 0
    AND NEW.decided_by_id IN (own.uploaded_by_id, own.handed_in_by_id)
"""
DECIDES = "NEW.decision IN ('accepted', 'left', 'right', 'parked')"
TABLES = ('metrics_ruling', 'metrics_sideanswer')
POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION metrics_ruling_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF %s AND EXISTS (%s) THEN
    RAISE EXCEPTION 'nobody rules own figures' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$"""
    % (DECIDES, OWN.format(names="position('|' || own.profile || '|' IN NEW.profiles)")),
    """CREATE TRIGGER metrics_ruling_four_eyes BEFORE INSERT ON metrics_ruling
FOR EACH ROW EXECUTE FUNCTION metrics_ruling_four_eyes()""",
    """CREATE OR REPLACE FUNCTION metrics_ruling_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rulings and answers are written once' USING ERRCODE = 'integrity_constraint_violation';
END $$""",
    *(
        f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION metrics_ruling_written_once()"
        for table in TABLES
    ),
]
SQLITE = [
    "CREATE TRIGGER metrics_ruling_four_eyes BEFORE INSERT ON metrics_ruling "
    "WHEN %s AND EXISTS (%s) BEGIN SELECT RAISE(ABORT, 'nobody rules own figures'); END"
    % (DECIDES, OWN.format(names="instr(NEW.profiles, '|' || own.profile || '|')")),
    *(
        f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'rulings and answers are written once'); END"
        for table in TABLES
    ),
]


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == 'postgresql' else SQLITE:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    on = schema_editor.connection.vendor == 'postgresql'
    for name, table in [('metrics_ruling_four_eyes', TABLES[0]), *((f'{one}_written_once', one) for one in TABLES)]:
        schema_editor.execute(f'DROP TRIGGER IF EXISTS {name}' + (f' ON {table}' if on else ''))


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
