SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
LOCK := $(VENV)/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
INSTALL := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes
PROGRAM_FILES := app ops tests bench wsgi.py worker.py gunicorn.conf.py

.PHONY: help run test bench screenshots lint format lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 24

run: $(VENV)/.runtime static/vendor/.built problems/.built ## Set up what is missing, start the club and print its address (PORT=8000, DEMO=1)
	@exec $(VENV)/bin/python -m ops.run

test: $(VENV)/.dev static/vendor/.built problems/.built ## Check the code and run every test
	@$(VENV)/bin/python -m ops.test_needs
	@$(MAKE) --no-print-directory lint
	@$(VENV)/bin/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

bench: $(VENV)/.dev static/vendor/.built problems/.built ## Measure, one JSON line per figure
	@$(VENV)/bin/python -m bench

screenshots: $(VENV)/.dev static/vendor/.built problems/.built ## Make the pictures of the README from a running demo club
	@$(VENV)/bin/python -m ops.test_needs
	@$(VENV)/bin/python -m ops.screenshots

lint: $(VENV)/.dev ## Check style and types
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/mypy

format: $(VENV)/.dev ## Put the code into the common format
	@$(VENV)/bin/ruff check --quiet --fix .
	@$(VENV)/bin/ruff format --quiet .

lock: $(VENV)/.runtime ## Take the newest permitted versions of all packages into the lock files
	@$(VENV)/bin/python -m pip install --quiet pip-tools
	@$(LOCK) --upgrade requirements.in
	@$(LOCK) --upgrade --output-file requirements-dev.txt requirements-dev.in
	@npm install --package-lock-only

clean: ## Remove everything that was built; the club's data in instance/ stays
	@rm -rf $(VENV) node_modules static/vendor problems/.built problems/*/data/secret .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.made:
	@echo "Making the Python environment ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/it."; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.txt $(VENV)/.made
	@echo "Installing the Python packages ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing the packages for tests ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

static/vendor/.built: package.json package-lock.json .npmrc ops/build_assets.py frontend/editor.js
	@echo "Preparing the browser packages ..."
	@$(PYTHON) ops/build_assets.py
	@touch $@

problems/.built: ops/starter_set.py $(wildcard problems/*/generators/secret.py problems/*/submissions/accepted/solution.py) | $(VENV)/.runtime
	@echo "Making the hidden tests of the problems ..."
	@$(VENV)/bin/python -m ops.starter_set
	@touch $@
