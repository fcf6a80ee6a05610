"""`python -m reviewhub.check_migrations`: models and migrations agree on SQLite and on PostgreSQL.

Whether a migration is missing is asked of the models alone, so no server is needed; the engine matters because
some options (included index columns) exist on one of the two only.
"""

import os
import subprocess
import sys
import tempfile

ENGINES = {"SQLite": "sqlite:////{data}/check.sqlite3", "PostgreSQL": "postgres://nobody@127.0.0.1:1/none"}


def main() -> int:
    failed = 0
    with tempfile.TemporaryDirectory() as data:
        for engine, url in ENGINES.items():
            environment = os.environ | {
                "DATABASE_URL": url.format(data=data.strip("/")),
                "REVIEWHUB_DATA": data,
                "SECRET_KEY": "check",
                "PYTHONWARNINGS": "ignore",
            }
            command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", "-v", "1"]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            if done.returncode:
                print(f"{engine}: models and migrations differ\n{done.stdout}{done.stderr}")
                failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
