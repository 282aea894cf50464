# Skøn: two commands, `make run` and `make test`. `make help` lists the rest.

PYTHON ?= python3
PORT   ?= 8000
CASES  ?= 6000
T      ?= tests
# pytest-xdist workers; 0 runs in one process
N      ?= 0

VENV  := .venv
BIN   := $(VENV)/bin
NPM   := $(shell command -v npm || echo $(BIN)/npm)
TODAY  = $(shell TZ=Europe/Copenhagen date +%F)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup frontend run test check bench soak lock docs clean

##@ Everyday
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	     /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/installed frontend ## Install the locked Python packages and the front end
frontend: node_modules/installed ## Install the design system and the accessibility engine

$(VENV)/locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "Skøn needs Python 3.11, 3.12 or 3.13. Name one: make setup PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "The venv module is missing (on Debian: apt-get install python3-venv)."; exit 1; }
	@echo "Installing the locked Python packages: about a minute the first time."
	@$(BIN)/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.lock
	@touch $@

$(VENV)/installed: pyproject.toml $(VENV)/locked
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/installed: package-lock.json service/web/frontend.py | $(VENV)/installed
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@$(BIN)/python -P service/web/frontend.py
	@touch $@
