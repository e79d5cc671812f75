# Two commands: `make demo` shows the product, `make test` passes its tests. Both set up what they need.
PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
# Tests on two cores; each worker starts its own PostgreSQL.
WORKERS ?= 2

.PHONY: demo test lint fuzz faults trust day bench guide catalogues clean

demo: $(VENV)/.ready
	$(BIN)/helpdesk demo $(ARGS)

test: lint
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Longer suites; `make test` runs a short form of each.
fuzz: $(VENV)/.ready-dev
	$(BIN)/python -m tests.reading.fuzz 10

faults: $(VENV)/.ready-dev
	HELPDESK_FAULTS=long $(BIN)/pytest tests/faults $(ARGS)

trust: $(VENV)/.ready-dev
	HELPDESK_TRUST=long $(BIN)/pytest -n $(WORKERS) --dist loadgroup tests/trust $(ARGS)

day: $(VENV)/.ready-dev
	HELPDESK_DAY=long $(BIN)/pytest -n $(WORKERS) tests/chat/test_a_day.py $(ARGS)

bench: $(VENV)/.ready
	$(BIN)/helpdesk bench $(ARGS)

# Bring the translators' files up to date with the texts in the code.
# docs/functions.md and the written dialogues, as the desk speaks today; read the difference before you commit it.
guide: $(VENV)/.ready-dev
	$(BIN)/python -m bot.guide
	CONVERSATIONS=write $(BIN)/pytest -q tests/conversations

catalogues: $(VENV)/.ready
	mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg --add-location=file --sort-by-file --project=helpdesk-bot -o build/helpdesk.pot .
	$(BIN)/pybabel -q update -D helpdesk -i build/helpdesk.pot -d templates/locale --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 100

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.x")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,postgres]'
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
