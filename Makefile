# Every target sets up what it needs; `make` alone lists them.
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
SOURCES := src tests bench

.PHONY: help demo test lint format bench torture schema lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.installed-run: requirements/run.txt pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh run

$(VENV)/.installed-dev: requirements/dev.txt pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh dev

demo: $(VENV)/.installed-run ## validate the example book on real bars (ECB reference rates); report in reports/latest
	@$(BIN)/tradeworthy validate fx-daily || { code=$$?; [ $$code -eq 1 ] || [ $$code -eq 3 ] || exit $$code; }

test: $(VENV)/.installed-dev ## run all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q

lint: $(VENV)/.installed-dev ## formatting, rules, types and floors
	@$(BIN)/ruff format --check --quiet $(SOURCES) || { echo "run make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.installed-dev ## rewrite the code in its house format
	@$(BIN)/ruff format --quiet $(SOURCES)
	@$(BIN)/ruff check --quiet --fix $(SOURCES)

bench: $(VENV)/.installed-dev ## measure speed, beside other libraries and C, and false alarms; writes bench/results
	@sh bench/peers/environments.sh || echo "some peers cannot be installed and will be NOT RUN" >&2
	@$(BIN)/python bench/speed.py
	@$(BIN)/python bench/search_speed.py
	@$(BIN)/python bench/statistics_speed.py
	@$(BIN)/python bench/peers.py
	@$(BIN)/python bench/agreement.py
	@$(BIN)/python bench/peer_figures.py
	@$(BIN)/python bench/false_alarms.py
	@$(BIN)/python bench/pool_coverage.py
	@$(BIN)/python bench/widening.py
	@$(BIN)/python bench/selection.py
	@$(BIN)/python bench/as_of.py
	@$(BIN)/python bench/drift.py
	@$(BIN)/python bench/report_speed.py
	@$(BIN)/python bench/journal_commit.py
	@$(BIN)/python bench/audit_speed.py
	@$(BIN)/python bench/monte_carlo.py
	@$(BIN)/python bench/gate_speed.py
	@$(BIN)/python bench/desk_speed.py

torture: $(VENV)/.installed-dev ## kill a desk at every moment of its day, again and again, and while its broker fails
	@$(BIN)/python bench/desk_torture.py

schema: $(VENV)/.installed-run ## write the JSON Schemas of reports in docs from the code
	@$(BIN)/python -c "from tradeworthy.reports.models import SCHEMAS, json_schema; \
	  [open(f'docs/{name}', 'wb').write(json_schema(kind)) for name, kind in SCHEMAS.items()]"

lock: ## pin requirements again with hashes (needs uv)
	@for kind in run dev; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --upgrade -o requirements/$$kind.txt requirements/$$kind.in; done

clean: ## remove the environment and everything made by it
	@rm -rf $(VENV) .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
