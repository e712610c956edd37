# Stint. `make` prints what there is; nothing but Python 3.11 or newer and git is needed.

BIN := .venv/bin
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
WORKERS ?= 2
PYTEST := $(BIN)/pytest -q -p no:benchmark -n $(WORKERS) --dist worksteal

# Some machines tell Python to keep no compiled files; every process a test starts would compile
# the bot and its libraries anew, which takes it longer than to run.
unexport PYTHONDONTWRITEBYTECODE

# pyright comes with its own node and needs nothing from elsewhere.
export PYRIGHT_PYTHON_GLOBAL_NODE := off
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check lint format types contracts fresh coverage pictures bench lock words docs hooks clean

help: ## Print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do \
		printf '  make %-10s %s\n' "$$name" "$$what"; done

setup: .venv/.run ## Set up; leaves .venv/bin/stint
	@echo "Ready. Next: .venv/bin/stint init"

demo: .venv/.demo ## Try Stint in the browser, on a simulated Discord, without a token
	@$(BIN)/stint demo

test: .venv/.dev ## Run the tests, all but the slow ones
	@$(PYTEST) -m "not slow and not browser"

check: lint types contracts fresh coverage ## Run everything: format, lint, types, contracts, all tests

coverage: .venv/.dev ## Run all tests and see that no fewer lines are covered than before
	@$(PYTEST) --cov --cov-report=term

lint: .venv/.dev ## Check format and style
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff --quiet .; exit 1; }
	@$(BIN)/ruff check --quiet .

format: .venv/.dev ## Mend format and style where a machine can
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

types: .venv/.dev ## Check types
	@$(BIN)/pyright

contracts: .venv/.dev ## Check that imports run as ARCHITECTURE.md draws them
	@$(BIN)/lint-imports --no-logo

fresh: .venv/.dev ## Check that generated files match what they are made from
	@$(BIN)/python -m tests.house.generated

docs: .venv/.dev ## Write the generated files anew
	@$(BIN)/python -m tests.house.generated --write

words: .venv/.dev ## Collect the words people read, and compile the translations
	@$(BIN)/pybabel -q extract -F pyproject.toml -k N_ --no-location --project Stint --version 0.1 --copyright-holder 'Stint contributors' -o locale/stint.pot .
	@if ls locale/*/LC_MESSAGES/stint.po >/dev/null 2>&1; then \
		$(BIN)/pybabel -q update --no-fuzzy-matching -D stint -i locale/stint.pot -d locale && \
		$(BIN)/pybabel -q compile -D stint -d locale; fi

pictures: .venv/.dev ## Take the pictures in docs/pictures anew, in the demo (needs Chromium)
	@STINT_PICTURES=1 $(BIN)/pytest -q -p no:benchmark tests/bot/demo/test_visit.py tests/bot/demo/test_gallery.py tests/bot/demo/test_gallery_openings.py tests/bot/demo/test_gallery_weeks.py tests/bot/record/test_pictures.py

bench: .venv/.dev ## Measure, side by side with a bare bot, and print the table
	@$(BIN)/python -m benchmarks.table

lock: .venv/.dev ## Resolve the dependencies anew, with hashes
	@for set in run demo dev; do \
		$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--custom-compile-command "make lock" $$([ $$set = run ] || echo "--extra $$set") \
			pyproject.toml requirements/build.in -o requirements/$$set.txt || exit 1; done

hooks: .venv/.dev ## Check every commit before it is made
	@$(BIN)/pre-commit install

clean: ## Remove what can be made again; the database and its key stay
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache .coverage*
	find bot cogs tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Stint needs Python 3.11 or newer, and found none. Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

.venv/.%: requirements/%.txt pyproject.toml | .venv/bin/python
	@echo "Setting up ($*). This takes a minute, once."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/$*.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.PRECIOUS: .venv/.%
