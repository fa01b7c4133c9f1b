# Everything starts here: `make help`. Each target first sets up what it needs (requirements/bootstrap.py).
# Override: make run PORT=9000 DATA_DIR=/srv/coursewright DATABASE_URL=postgres://...

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/pytest -n $(or $(WORKERS),auto) --dist loadgroup --no-loadscope-reorder
POSTGRES := "$${TEST_POSTGRES_URL:-postgres://postgres@127.0.0.1:5432/postgres}"

define bootstrap
	@command -v $(PYTHON) >/dev/null || { echo "Coursewright needs Python 3.11 or newer: install python3." >&2; exit 1; }
	@$(PYTHON) requirements/bootstrap.py $(1)
endef

.PHONY: help setup run lint test pytest bench schema lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'
	@echo "  Variables: PORT, DATA_DIR, DATABASE_URL, TEST_POSTGRES_URL"

setup: ## Install what development and tests need, and prepare the database
	$(call bootstrap,dev)
	@mkdir -p "$${DATA_DIR:-data}"
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) setup

run: ## Set everything up and serve the demo on http://127.0.0.1:8000
	$(call bootstrap,run)
	@exec $(MANAGE) run

lint: ## Style, types, import contracts, missing migrations
	$(call bootstrap,dev)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run

test: ## Lint, then every test on SQLite and again on PostgreSQL when one is reachable
	@$(MAKE) lint
	@$(MAKE) pytest

# The order matters: what stops, stops at once, so the last line is always the summary of pytest.
pytest:
	@if $(BIN)/python -c 'import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3)' $(POSTGRES) 2>/dev/null; \
	then on_postgresql=yes; \
	elif [ -n "$$CI" ]; then echo "PostgreSQL must be reachable in CI: set TEST_POSTGRES_URL." >&2; exit 1; \
	else echo "No PostgreSQL at TEST_POSTGRES_URL: testing on SQLite only."; fi; \
	$(PYTEST) || exit $$?; \
	if [ "$$on_postgresql" ]; then DATABASE_URL=$(POSTGRES) $(PYTEST) -m "not journey" || exit $$?; fi

bench: ## Measure the promised figures; one line each, PASS or SHORT
	$(call bootstrap,dev)
	@$(MANAGE) bench

schema: ## Write the OpenAPI schema and show what changed
	$(call bootstrap,dev)
	@$(MANAGE) spectacular --format openapi-json --file docs/api/openapi.json
	@git --no-pager diff --stat -- docs/api/openapi.json

lock: ## Compile the lock files anew: hashes, no download addresses
	$(call bootstrap,dev)
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --output-file requirements/base.txt
	$(BIN)/uv pip compile pyproject.toml --extra dev --constraint requirements/base.txt $(LOCK) --output-file requirements/dev.txt

clean: ## Remove the virtual environment and caches; data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-artifacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
