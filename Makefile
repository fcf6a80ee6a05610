# Two commands: `make run` starts ReviewHub with a demo company, `make test` runs every test on real services.
# Needed on the machine: Python ≥ 3.11 with venv, and make.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --no-compile --require-hashes
# Half of the time a test waits for a browser, a server or a disk.
JOBS ?= 3

.PHONY: run test check format pictures browser lock faults clean

run: .venv/.run
	@REVIEWHUB_BIND_HOST=$(HOST) $(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

# Everything on PostgreSQL, Redis, a Celery worker and Chromium; then what touches the database once more on SQLite.
test: .venv/.test browser check
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup
	TEST_DATABASE_URL=sqlite $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m "database and not browser and not postgres"

check: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m reviewhub.check_migrations

format: .venv/.test
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "ReviewHub needs Python 3.11 or newer"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements/run.txt | .venv/bin/pip
	$(PIP) -r requirements/run.txt
	@touch $@

.venv/.test: requirements/test.txt requirements/run.txt | .venv/bin/pip
	$(PIP) -r requirements/test.txt
	@touch $@ .venv/.run

# The pictures of docs/img, from a freshly served demo company.
pictures: .venv/.test browser
	$(BIN)/python -m tests.browser.pictures
	$(BIN)/python -m tests.browser.mail_pictures

# As root on Debian or Ubuntu the packaged Chromium; else Playwright's own.
browser: .venv/.test
	@$(BIN)/python -m tests.chromium

lock:
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml --group test -c requirements/run.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/test.txt

# A meeting under killed processes; 2,000 notices under killed and sleeping workers, on both databases and both brokers; 1,000 damaged files and 20 files
# with 25 errors each from a new seed (SEED=…): half an hour.
SEED ?= $(shell date +%s)
faults: .venv/.test
	$(BIN)/python -m tests.mutate --seed $(SEED) --files 1000
	$(BIN)/python -m tests.twenty_five --seed $$(seq -s, $(SEED) $$(($(SEED) + 19)))
	$(BIN)/python -m tests.faults.outbox --pauses
	$(BIN)/python -m tests.faults.meeting --seed $(SEED)
	$(BIN)/python -m tests.faults.meeting --seed $(SEED) --database sqlite
	$(BIN)/python -m pytest tests/notices/test_model.py --hypothesis-profile=many

clean:
	rm -rf .venv var
