# `make run` starts ARO, `make test` tests it. Both need only Python 3.11 or newer, make and git.
.DEFAULT_GOAL := help
.PHONY: help run test test-sqlite test-postgres check eval learn bench outages chaos fuzz evidence coverage messages docs requirements prepare prepare-dev clean

BIN := .venv/bin
N ?= 50
ARGS ?=
PACKAGES := aro compliance appointments workflows integrations config
# Checks need settings but no installation: made-up keys, an empty data directory, no sandbox value.
OFFLINE := env -u REDIS_URL -u ARO_EVAL_DATA DATABASE_URL=sqlite://:memory: ARO_HOME=$(CURDIR)/.mypy_cache/no-home \
	PUBLIC_BASE_URL=https://aro.example.com \
	ARO_SECRET_KEY=only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH \
	ARO_ENCRYPTION_KEYS=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=
DJANGO := $(OFFLINE) $(BIN)/python -m django
EVAL := $(OFFLINE) DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -m tests.eval
# In an order of chance, except the stories (tests/groups.py); `ARGS=--randomly-seed=N` repeats the one that was printed.
# One worker more than cores: who plays the stories mostly waits.
PYTEST = $(BIN)/python -m pytest -n $(shell $(BIN)/python -c 'import os; print(os.cpu_count() + 1)') $(ARGS)
# Python keeps what it compiled, the tests with their rewritten asserts too: it is read by every process that a test starts.
unexport PYTHONDONTWRITEBYTECODE
# The first usable Python: new enough, and able to make a virtual environment with pip.
USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
FIND_PYTHON = for p in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	if $$p -c '$(USABLE)' 2>/dev/null; then found=$$p; break; fi; done; \
	if [ -z "$$found" ]; then \
	echo "ARO needs Python 3.11 or newer with its venv module (found: $$(python3 --version 2>&1)). Install it (Debian: apt install python3.11 python3.11-venv) or name it: make run PYTHON=/path/to/python3" >&2; \
	exit 1; fi

help:
	@echo "make run     start everything in sandbox mode (Ctrl-C stops it)"
	@echo "make test    the whole suite on SQLite and on PostgreSQL; ARGS='-k name' passes through"
	@echo "make check   format, lint, types, floors, migrations, deployment check"
	@echo "make eval    how well replies are read; ARGS=--wrong prints what was read wrongly"
	@echo "make learn   what the reader of replies learns from tests/workflows/replies/sets; ARGS=--apart measures it"
	@echo "make bench   measure and record in docs/benchmarks"
	@echo "make outages lost answers, no broker, no carrier, all at one instant: in full size (ARGS='--people 2000')"
	@echo "make chaos   every fault once and N=50 random kills, then look at every promise"
	@echo "make fuzz    N=5000 forged and N malformed deliveries per provider, on both databases"
	@echo "make coverage  how much of each floor the tests pass through, lines and branches (the suite on SQLite)"
	@echo "make evidence  all of it on both databases, hours long, into one folder with a summary (ARGS='--part bench')"
	@echo "make messages  bring the desk's catalogues (locale/) in step with the code"
	@echo "make docs    check that the docs agree with the code"

prepare:
	@$(FIND_PYTHON); $$found aro/ops/prepare.py embedded

prepare-dev: prepare
	@$(BIN)/python aro/ops/prepare.py dev

# `exec`: the supervisor takes the shell's place, so that Ctrl-C reaches it directly.
run: prepare
	@ARO_HOME="$(CURDIR)/.aro" ARO_MODE=sandbox; export ARO_HOME ARO_MODE; exec $(BIN)/python manage.py up

test: test-sqlite test-postgres

test-sqlite: prepare-dev
	@echo "== the suite on SQLite"
	ARO_TEST_DATABASE=sqlite $(PYTEST)

# A figure per floor, lines and branches. Tracing makes the tests two thirds dearer: not at every change.
coverage: prepare-dev
	ARO_TEST_DATABASE=sqlite $(PYTEST) -p tests.measuring

# What asks for no rows is tested once, on SQLite (tests/groups.py).
test-postgres: prepare-dev
	@echo "== the suite on PostgreSQL"
	ARO_TEST_DATABASE=postgres $(PYTEST)

check: prepare-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(PACKAGES) tests
	$(BIN)/lint-imports
	@echo "== hints are given in one place"
	@! grep -rnE "\.(delay|apply_async)\(" --include="*.py" $(PACKAGES) | grep -vE "^aro/(queue/hints|ops/supervise/beat).py:"
	@echo "== no missing migration"
	$(DJANGO) makemigrations --check --dry-run --settings config.settings.test
	@echo "== fit for the open internet"
	$(DJANGO) check --deploy --fail-level WARNING --settings config.settings.production
	@echo "== replies are read as well as before"
	$(EVAL)

# What a change of a word costs. ARO_EVAL_DATA=folder measures the sets there as well, ARGS=--held those kept back.
eval: prepare-dev
	$(EVAL) $(if $(ARO_EVAL_DATA),--data "$(ARO_EVAL_DATA)") $(ARGS)

# Needs more packages than the tests do. Nothing that ARO runs needs them.
learn: prepare-dev
	@$(BIN)/python aro/ops/prepare.py learn
	$(OFFLINE) DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -m tests.eval.learn $(ARGS)

bench: prepare-dev
	$(BIN)/python -m tests.bench $(ARGS)

outages: prepare-dev
	for name in lost_answers no_broker carrier_down one_minute; do \
	ARO_RATE_LIMITS=off SYNC_EVERY_MINUTES=0 $(BIN)/python -m aro.ops.trial python -m tests.bench.outages $$name $(ARGS) || exit 1; done

chaos: prepare-dev
	ARO_RATE_LIMITS=off SYNC_EVERY_MINUTES=0 $(BIN)/python -m aro.ops.trial aro prove --kills $(N) $(ARGS)

fuzz: prepare-dev
	for database in sqlite postgres; do ARO_TEST_DATABASE=$$database $(BIN)/python -m pytest -v -n 2 -p no:logging --timeout 3600 \
	tests/integrations/fuzz --hypothesis-profile random --fuzz $(N) $(ARGS) || exit 1; done

# Long: what a release is judged by. `.ci/run` is the short one, for every change.
evidence: prepare-dev
	$(BIN)/python -m tests.evidence $(ARGS)

# After a change of words that staff read: each language's catalogue in step with the code, and compiled.
messages: prepare-dev
	$(OFFLINE) DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -m tests.catalogues

docs: prepare-dev
	ARO_TEST_DATABASE=sqlite $(BIN)/python -m pytest tests/docs $(ARGS)

requirements: prepare-dev
	for name in uv base embedded production dev learn; do \
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
