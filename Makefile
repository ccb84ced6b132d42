# make setup | demo | test | check | bench | audit | lock
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test check format bench audit lock clean

setup: $(STAMP)

$(STAMP): requirements/pip.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dondoc needs Python 3.11 or newer ($$($(PYTHON) --version) found); name another with: make PYTHON=python3.12 ..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/pip.txt  # pip before 23.3 cannot pin a package that is also wanted with extras
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

demo: setup  ## the year 2022 of one office in simulated time, then the board and the flow UI (Ctrl+C ends it)
	$(BIN)/dondoc demo $(DEMO)

test: setup  ## every test, the slow ones too
	$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS)

check: setup  ## style, types, structure
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## every benchmark; writes benchmarks/results.md, ends with 1 when counts do not add up
	$(BIN)/python benchmarks/report.py

audit: setup  ## what bandit finds in the code, and pip-audit in the libraries (needs the network)
	$(BIN)/bandit -q -r tasks_catalog storage notifications flows board cli || true
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements/runtime.txt

lock:  ## write the hashed lock files anew; needs uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -c requirements/runtime.txt -o requirements/dev.txt
	echo pip | uv pip compile --universal --python-version 3.11 --generate-hashes --no-header - -o requirements/pip.txt

clean:
	rm -rf $(VENV) build dist demo-out
