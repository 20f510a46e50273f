# Everything a newcomer types. `make` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
# Steps run in the order in which they are named, also with -j.
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/.made
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PAGE_SOURCES := $(shell find ui -path ui/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: help
help:  ## what can be made (this list)
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

.PHONY: demo
demo: $(MADE)/demo page  ## train real models on bundled data and show them while they train (ARGS=--once: no page)
	@$(BIN)/kymograph demo $(ARGS)

.PHONY: test
test: lint test-page test-python  ## everything that must hold: lint, types, every test

.PHONY: test-page
test-page: $(MADE)/node  ## the tests of the page's own code
	@cd ui
	npm test

.PHONY: test-python
test-python: $(MADE)/test $(MADE)/chromium page  ## unit, contract, crash, docs and browser tests (ARGS: for pytest)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

.PHONY: lint
lint: $(MADE)/test $(MADE)/node  ## format, lint and types of the Python and of the page
	@$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	cd ui
	npm run --silent lint
	npm run --silent typecheck

.PHONY: format
format: $(MADE)/test  ## format the Python
	@$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: page
page: $(MADE)/demo  ## build the page from ui/ if it is older than its sources
	@$(BIN)/python scripts/build_page.py

.PHONY: bench
bench: $(MADE)/test page  ## measure the figures: figure / goal
	@$(BIN)/python -m bench $(ARGS)

.PHONY: bench-peers
bench-peers: $(MADE)/test page  ## the same work through other trackers, into docs/benchmarks.md
	@$(BIN)/python -m bench.peers $(ARGS)

.PHONY: docs
docs: $(MADE)/test  ## write the generated part of the docs anew
	@$(BIN)/python scripts/write_cli_docs.py

.PHONY: clean
clean:  ## remove what was made here (not what was logged)
	@rm -rf $(VENV) ui/node_modules src/kymograph/server/page build dist .mypy_cache .ruff_cache .pytest_cache

# Each stamp says that a step was done for the files that it names.
$(MADE)/venv:
	@PYTHON="$(PYTHON)" VENV="$(VENV)" bash scripts/make_venv.sh
	mkdir -p $(MADE)
	touch $@

$(MADE)/demo: $(MADE)/venv pyproject.toml hatch_build.py
	@echo "Installing Kymograph into $(VENV) ..."
	$(PIP) install -e ".[demo]"
	touch $@

$(MADE)/test: $(MADE)/demo
	@echo "Installing what the tests need into $(VENV) ..."
	$(PIP) install -e ".[test]"
	touch $@

$(MADE)/node: $(MADE)/venv ui/package.json ui/package-lock.json
	@$(BIN)/python scripts/build_page.py --packages
	touch $@

$(MADE)/chromium: $(MADE)/test
	@$(BIN)/python scripts/get_chromium.py
	touch $@
