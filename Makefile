# Skøn: two commands, `make run` and `make test`. `make help` lists the rest.

PYTHON ?= python3
PORT   ?= 8000
CASES  ?= 6000
T      ?= tests
# pytest-xdist workers, one more than the cores of a small machine: some wait for disks, browsers and servers.
# 0 runs in one process
N      ?= 3
# How much of the full sizes make soak tries
SHARE  ?= 1

# What needs no root, no browser and no second server
UNIT := not browser and not postgres and not gunicorn and not slow

VENV  := .venv
BIN   := $(VENV)/bin
NPM   := $(shell command -v npm || echo $(BIN)/npm)
PYTEST = $(BIN)/python -m pytest
# Who is done takes over tests of another: see tests/parts/order.py
SHARED = -n $(N) --dist worksteal
TODAY  = $(shell TZ=Europe/Copenhagen date +%F)

COMPILE = $(CC) -std=gnu11 -O3 -shared -fPIC -o models/kernel/scan.so.new $<

# Asked before anything heavy starts
define PORT_IS_FREE
case "$(PORT)" in ""|*[!0-9]*) echo "PORT must be a number: make run PORT=8001"; exit 1;; esac; \
$(PYTHON) -c '' && { $(PYTHON) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null \
  || { echo "Port $(PORT) is in use. Choose another: make run PORT=8001"; exit 1; }; }
endef

# Compiled files are kept: without them every process compiles the whole house anew
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup frontend kernel run test check bench soak requirements lock docs clean

##@ Everyday
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	     /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/installed frontend kernel ## Install the locked Python packages and the front end

frontend: node_modules/installed ## Install the design system and the accessibility engine

kernel: models/kernel/scan.built ## Compile the search for similar cases, where there is a C compiler

run: ## Prepare the demonstration if it is missing, and serve it on PORT=8000
	@$(PORT_IS_FREE)
	@$(MAKE) --no-print-directory setup var/demo.ready
	@$(BIN)/skoen serve --port $(PORT)

##@ Checks
test: ## Run every test, browser included (a part: T=tests/models)
	@$(MAKE) --no-print-directory -j 2 setup parts
	@$(PYTEST) $(SHARED) $(T)

# Side by side with setup: both wait for the network most of the time
.PHONY: parts
parts:
	@sh tests/install_parts.sh

check: setup ## Lint, types and unit tests; needs no root
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(PYTEST) $(SHARED) -m "$(UNIT)" --ignore=tests/journeys $(T)

bench: setup var/peers/installed ## Measure answer times and training beside baselines (and training on up to 2 million cases: SCALE=1)
	@SCALE=$(SCALE) $(BIN)/python tests/bench/run.py

soak: setup ## Do harm on purpose for hours, and count what is lost (a tenth: SHARE=0.1)
	@sh tests/install_parts.sh strace
	@$(BIN)/python tests/soak/run.py --share $(SHARE)

requirements: setup ## Print every requirement, the tests that prove it, or why it is open
	@$(BIN)/python tests/requirements.py

##@ Upkeep
lock: ## Renew the lock files (newer versions: UPGRADE=--upgrade)
	@test -x var/uv/bin/uv || ($(PYTHON) -m venv var/uv && var/uv/bin/pip install --quiet uv==0.13.9)
	@var/uv/bin/uv pip compile --quiet --no-config --no-header --no-build --universal --python-version 3.11 \
	  --generate-hashes --all-extras $(UPGRADE) pyproject.toml --output-file requirements.lock
	@var/uv/bin/uv pip compile --quiet --no-config --no-header --no-annotate --no-build --universal \
	  --python-version 3.11 --generate-hashes $(UPGRADE) tests/bench/peers.in --output-file tests/bench/peers.lock
	@$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

docs: setup ## Write the documentation that derives from the code
	@$(BIN)/python -m models.catalogue --write
	@$(BIN)/python -m training.datasheet --write
	@RENEW=1 $(PYTEST) -q tests/journeys/test_the_picture.py

clean: ## Remove what make installed; never the databases or the signing key
	@rm -rf $(VENV) node_modules service/web/static/vendor skoen.egg-info
	@rm -f models/kernel/scan.so models/kernel/scan.built
	@rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis
	@echo "var/ and var-signer/ are left as they are: databases, seals and the key that signs."

# Stamps: each says that the step before it finished, so that a broken-off step starts again.

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

# What the bench measures beside ours and the product never has
var/peers/installed: tests/bench/peers.lock
	@rm -rf var/peers && mkdir -p var && $(PYTHON) -m venv var/peers
	@echo "Installing the explainers that ours is measured beside: some minutes the first time."
	@var/peers/bin/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r $<
	@touch $@

node_modules/installed: package-lock.json service/web/frontend.py | $(VENV)/installed
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@$(BIN)/python -P service/web/frontend.py
	@touch $@

# Without a compiler, or with one that cannot, NumPy searches alone: slower, with the same answer.
models/kernel/scan.built: models/kernel/scan.c
	@if command -v $(CC) >/dev/null 2>&1 \
	  && { $(COMPILE) 2>/dev/null || $(COMPILE) -DSKOEN_PLAIN 2>/dev/null; }; \
	then mv -f models/kernel/scan.so.new models/kernel/scan.so; \
	else rm -f models/kernel/scan.so models/kernel/scan.so.new; \
	  echo "No C compiler: similar cases are found by NumPy alone, a few times slower."; fi
	@touch $@

var/synthetic.ready: | $(VENV)/installed
	@rm -rf var/synthetic && mkdir -p var
	@echo "1/3 Inventing a municipality with $(CASES) earlier cases"
	@$(BIN)/skoen data synthesize --cases $(CASES) --seed 140 --as-of $(TODAY) --out var/synthetic
	@touch $@

var/models.ready: | var/synthetic.ready
	@rm -rf var/models
	@echo "2/3 Learning from them"
	@$(BIN)/skoen model train var/synthetic/history.csv --out var/models
	@$(BIN)/skoen model audit var/models/*/ var/synthetic/history.csv --vault var/synthetic/vault
	@touch $@

# The program keeps its own order here, and touches var/demo.ready last: it knows which database is whose.
var/demo.ready: | var/models.ready
	@echo "3/3 Preparing the service: users, a quarter of casework, the inbox"
	@$(BIN)/skoen demo prepare --synthetic var/synthetic --models var/models
