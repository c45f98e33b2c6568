# Bezant: the verbs of the house. `make help` lists them; CI uses the same.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
STAMPS := .cache/stamps
DATA ?= .bezant
export NO_MKDOCS_2_WARNING := 1

# Before a command of the Rust toolchain: where there is none, it is not run.
IF_RUST := ! cargo --version >/dev/null 2>&1 ||

HAS_WEB := $(wildcard web/package.json)
WEB_SOURCES := $(shell find web -name node_modules -prune -o -path web/dist -prune -o -path web/e2e -prune \
  -o -type f ! -name '*.test.*' -print 2>/dev/null)

.PHONY: help
help: ## List the verbs
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- run

.PHONY: run
run: native web ## Start the exchange with demo markets and users (data in .bezant)
	@$(BIN)/bezant up --demo --data-dir $(DATA)

.PHONY: install
install: ## Fetch uv if it is missing and the locked packages
	@tools/install.sh

.PHONY: native
native: install ## Build the Rust core, where there is a Rust toolchain
	@tools/native.sh $(if $(filter run,$(MAKECMDGOALS)),--quiet)

# ---------------------------------------------------------------- web

.PHONY: web
web: $(if $(HAS_WEB),web/dist/index.html) ## Build the web app, if its sources changed
	@:

$(STAMPS)/npm: web/package.json web/package-lock.json
	@echo "· Installing the web app's packages"
	@command -v npm >/dev/null || { echo "make: the web app needs Node.js 20 or newer with npm; install it and try again." >&2; exit 1; }
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(STAMPS) && touch $@

web/dist/index.html: $(STAMPS)/npm $(WEB_SOURCES)
	@echo "· Building the web app"
	@cd web && npm run --silent build
	@touch $@

# ---------------------------------------------------------------- check

.PHONY: check
check: fmt-check lint types house docs web-check ## Everything that reads the code without running it

.PHONY: fmt
fmt: install ## Format, and mend what ruff can mend by itself
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@$(IF_RUST) cargo fmt

.PHONY: fmt-check
fmt-check: install
	@$(BIN)/ruff format --check .
	@$(IF_RUST) cargo fmt --check

.PHONY: lint ruff floors clippy
lint: ruff floors clippy ## ruff (all rules), the floors (import-linter), clippy (pedantic)

clippy:
	@$(IF_RUST) cargo clippy --quiet --locked --all-targets -- -D warnings

ruff: install
	@$(BIN)/ruff check .

floors: install
	@$(BIN)/lint-imports --no-logo

.PHONY: types
types: install ## mypy --strict
	@$(BIN)/mypy

.PHONY: house tidy words traces mirror
house: tidy words traces mirror ## The house-keeping tools

tidy words traces mirror: install
	@$(BIN)/python -m tools.$@

.PHONY: docs
docs: install ## Build the documentation into site/, warnings are errors
	@$(BIN)/mkdocs build --strict --quiet

.PHONY: web-check
web-check: $(if $(HAS_WEB),$(STAMPS)/npm)
ifneq ($(HAS_WEB),)
	@cd web && npm run --silent check
endif

# ---------------------------------------------------------------- test

.PHONY: test
test: native web ## Run every test; all parts run, pytest with the whole stack last
	@status=0; \
	$(MAKE) --keep-going house web-test rust-test || status=1; \
	$(BIN)/pytest $(ARGS) || status=1; \
	exit $$status

.PHONY: rust-test
rust-test:
	@$(IF_RUST) cargo test --quiet --locked --package bezant-core

.PHONY: web-test
web-test: $(if $(HAS_WEB),$(STAMPS)/npm)
ifneq ($(HAS_WEB),)
	@cd web && npm test --silent
endif

# ---------------------------------------------------------------- made from code

.PHONY: vectors
vectors: install ## Fill in the digests of the vectors (review them like code)
	@$(BIN)/bezant core vectors tests/vectors --engine python --update

.PHONY: fuzz
fuzz: native ## Play N drawn commands from SEED on on both cores, compare all (N=… SEED=… SECONDS=…)
	@$(BIN)/python -m tests.fuzz --n $(or $(N),50000) --seed $(or $(SEED),1) --seconds $(or $(SECONDS),0)

.PHONY: api
api: install ## Write again what is generated from the code
	@$(BIN)/python -m tools.wire_reference
	@$(BIN)/python -m tools.core_reference
	@$(BIN)/python -m tools.operator_reference
	@$(BIN)/python -m tools.errors_reference

.PHONY: bench
bench: install ## Run every bench; each prints its rate or ratio with the conditions
	@set -e; for bench in $$(grep -l __main__ benches/*.py); do \
	  echo "== $$bench"; $(BIN)/python -m "benches.$$(basename "$$bench" .py)"; \
	done

# ---------------------------------------------------------------- clean

.PHONY: clean
clean: ## Remove what was built and cached here; data in .bezant stays
	@rm -rf site target web/dist web/node_modules .cache .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache
	@find src tests tools benches -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
