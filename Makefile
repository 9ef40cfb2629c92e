# Everything here stays in git-ignored folders of the checkout (.venv, .data, .demo and caches).
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all lint bench tools-for-tests packages-for-tests

BIN := .venv/bin
STAMP := .venv/installed
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
INTEROP := tests/interop
NODE_JUDGES := $(INTEROP)/node_modules/.package-lock.json
CWT_JUDGE := .venv-cwt/installed
PLAIN_BASELINE := .venv-bench/installed
# A file stays on one worker, or each would start its server and its browser. In alphabetical order the long ones come
# first, and the many short ones of tests/unit fill both workers up to the end.
PYTEST := $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder
# Images of CI systems often set it; then every process that a test starts would compile all it imports, for a second.
unexport PYTHONDONTWRITEBYTECODE

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make the virtual environment with the locked dependencies
	@:

demo: setup ## Issue sample certificates and serve them on PORT (default 8000); RESET=1 starts anew
	@$(BIN)/verify-service demo $(if $(PORT),--port $(PORT)) $(if $(RESET),--reset)

test: setup tools-for-tests ## Run the tests, the long suites left out
	$(PYTEST) -m "not slow"

test-all: setup tools-for-tests ## Run every test, the long suites included
	$(PYTEST)

lint: setup ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --explicit-package-bases tests
	$(BIN)/lint-imports

bench: setup $(PLAIN_BASELINE) ## Measure lookups, guessing, issuing, drawing, checking and the hostile files
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r ops/bench/requirements.lock
	$(BIN)/python -m ops.bench

tools-for-tests: packages-for-tests $(NODE_JUDGES) $(CWT_JUDGE)

packages-for-tests:
	@.ci/install-tools chromium curl fonts-noto-cjk nodejs npm poppler-utils redis-server softhsm2

# npm writes this file last. Not `npm ci`: it wants cbor-x's native binaries too, which not every registry has. What is
# locked is installed all the same, and no package runs scripts of its own.
$(NODE_JUDGES): $(INTEROP)/package-lock.json | packages-for-tests
	@! command -v npm >/dev/null || npm install --prefix $(INTEROP) --no-save --omit=optional --ignore-scripts \
	  --no-audit --no-fund --loglevel error >/dev/null
	@! [ -e $@ ] || touch $@

# In an environment of its own, because cwt needs an older cbor2 than ours.
$(CWT_JUDGE): $(INTEROP)/cwt-requirements.lock | setup
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-cwt
	@$(BIN)/uv pip install --quiet --python .venv-cwt/bin/python --require-hashes -r $<
	@touch $@

# FastAPI and SQLAlchemy, which lookups are measured against, are nobody else's.
$(PLAIN_BASELINE): ops/bench/plain-requirements.lock | setup
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-bench
	@$(BIN)/uv pip install --quiet --python .venv-bench/bin/python --require-hashes -r $<
	@touch $@

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "Python 3.11 is needed: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo "Python's venv module is incomplete: install the package python3.11-venv (or python3-venv)" >&2; exit 1; }
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m ensurepip >/dev/null # an environment that uv made has no pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@
