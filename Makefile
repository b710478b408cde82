# Gongji 共济. Needed: Python 3.11 or newer (with venv) and make. `make help` lists what there is.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check types lint arch unit bench clauses goldens screenshots format clean lock wheel env

VENV := .venv
BIN := $(VENV)/bin
# the first interpreter that is new enough and can make environments; `make PYTHON=/path/to/python` overrides
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$p; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
# --no-index: the build backend comes from the lock as well, nothing is fetched that has no hash
EDITABLE := $(PIP) install --no-deps --no-build-isolation --no-index -e .
JOBS ?= 2
TESTS ?= tests
PORT ?= 8000

help: ## show this list
	@echo 'Gongji 共济'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

run: $(VENV)/run.stamp ## start everything with demo data on 127.0.0.1:8000
	$(BIN)/gongji serve --demo --port $(PORT)

test: check unit ## everything: check, then all tests

check: lint types arch ## formatting, lint, types, architecture

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/dev.stamp ## bring the code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

arch: $(VENV)/dev.stamp
	$(BIN)/lint-imports

unit: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS)

bench: $(VENV)/dev.stamp ## measure; writes docs/performance.md
	$(BIN)/python -m bench

clauses: $(VENV)/dev.stamp ## write docs/clauses.md: clause, code, tests
	$(BIN)/gongji clauses write

goldens: $(VENV)/dev.stamp ## run the golden cases
	$(BIN)/gongji cases run tests/golden/*.yaml

screenshots: $(VENV)/dev.stamp ## every main screen at both widths into docs/screens/ (needs chromium)
	$(BIN)/python -m tests.web.screenshots

wheel: $(VENV)/dev.stamp ## build dist/*.whl
	$(PIP) wheel --no-deps --no-build-isolation --no-index --wheel-dir dist .

# A lock names versions and hashes of every platform, and no index: each user's own setting says where from.
COMPILE := $(BIN)/uv --no-config pip compile --universal --python-version 3.11 --upgrade --quiet \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header
lock: $(VENV)/dev.stamp ## choose the newest allowed versions anew
	$(COMPILE) pyproject.toml --extra batch --group dev --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --constraints requirements.lock --output-file requirements-run.lock
	$(COMPILE) --group build --constraints requirements.lock --output-file requirements-build.lock

clean: ## remove what the tools and builds left; keeps the database
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

env: $(VENV)/dev.stamp ## make the environment for work on the code

# ── the environment: two stages, the second contains the first ──
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Gongji needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv).' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements-run.lock requirements-build.lock pyproject.toml | $(BIN)/python
	@echo 'Installing what Gongji needs to run ...'
	$(PIP) install --require-hashes -r requirements-run.lock -r requirements-build.lock
	$(EDITABLE)
	@touch $@

$(VENV)/dev.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing what the work on Gongji needs ...'
	$(PIP) install --require-hashes -r requirements.lock
	$(EDITABLE)
	@touch $@ $(VENV)/run.stamp
