# Everything a newcomer needs is `make run` and `make test`; `make help` lists the rest.
# PORT (8000), HOST (127.0.0.1) and DATABASE_URL (a SQLite file in instance/) are respected.

PYTHON ?= python3
BIN := .venv/bin
MO := $(patsubst %.po,%.mo,$(wildcard cowopass/translations/*/LC_MESSAGES/*.po))
PROJECT := setup.cfg pyproject.toml constraints.txt
SLOW := slow or race or bench or browser
NODE = PATH="$(CURDIR)/$(BIN):$$PATH" node
# An installation from the constraints, by uv where it can be had, else by pip.
OPTIONS = --quiet --constraint constraints.txt --editable '.[$(EXTRAS)]'
INSTALL = $(BIN)/uv pip install --python $(BIN)/python $(OPTIONS) || $(BIN)/python -m pip install $(OPTIONS)

.DEFAULT_GOAL := help
.PHONY: help run install test test-slow test-browser test-all bench check format assets pictures translations constraints clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: install ## Serve the demonstration on http://127.0.0.1:8000; with LAN=1, to the phones around
ifneq ($(LAN),)
	@folder=$$($(BIN)/cowopass lan --port $${PORT:-8000} $${HOST:+--address $$HOST}) && \
	DATABASE_URL=$${DATABASE_URL:-sqlite:///$$folder/cowopass.db} COWOPASS_TLS=$$folder \
	COWOPASS_BASE_URL=$$(cat $$folder/base-url) HOST=0.0.0.0 $(MAKE) --no-print-directory run LAN=
else
	$(BIN)/cowopass init
	@if [ "$$COWOPASS_ENV" != production ]; then $(BIN)/cowopass demo; fi
	$(BIN)/gunicorn wsgi:app
endif

install: .venv/service .venv/assets $(MO) ## Install what the service needs, and nothing for tests

test: .venv/tests .venv/assets $(MO) ## Run the tests, on SQLite and PostgreSQL; slow ones excepted
	$(BIN)/pytest -q -n 2 -m "not ($(SLOW))"
	$(NODE) --test tests/js/*.test.mjs

test-slow: .venv/tests .venv/assets $(MO) ## Run the slow tests, then those that race
	$(BIN)/pytest -q -n 2 -m "slow and not (race or bench or browser)"
	$(BIN)/pytest -q -m "race and not (bench or browser)"

test-browser: .venv/tests .venv/assets $(MO) ## Run the tests that drive a real browser
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; } || true
	$(BIN)/pytest -q -n 2 -m "browser and not bench"

test-all: test test-slow test-browser ## Run every test

bench: .venv/tests $(MO) ## Measure a month of 50,000 visits, and hold it to its bounds
	$(BIN)/pytest -q -s -m bench

check: .venv/tests ## Hold the code to the house rules: ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/tests ## Mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

assets: .venv/assets ## Fetch what the pages load from npm into cowopass/static/vendor

pictures: .venv/tests .venv/assets $(MO) ## Take the reference pictures of the main pages anew
	$(BIN)/python -m tests.pictures docs/pictures

translations: $(MO) ## Compile the texts of the interface

constraints: .venv/ready ## Choose the versions of all packages anew
	$(BIN)/uv pip compile setup.cfg --all-extras --universal --upgrade --quiet --no-header \
		--output-file constraints.txt

clean: ## Remove what the tools made; .venv and instance stay
	rm -rf build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
	rm -f $(MO)

.venv/ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Cowopass needs Python 3.11 or later; tell make which: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python can not make a virtual environment here. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet uv || echo "Without uv, installing takes a little longer."
	@touch $@

# npm of this machine, else the one that the extra `frontend` brings.
.venv/assets: package.json package-lock.json cowopass/web/vendor.py | .venv/service
	@command -v npm >/dev/null || $(MAKE) --no-print-directory .venv/node
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(BIN)/python cowopass/web/vendor.py node_modules
	@touch $@

.venv/node: EXTRAS = frontend
.venv/node: | .venv/service
	$(INSTALL)
	@touch $@

.venv/service: EXTRAS = postgres
.venv/service: $(PROJECT) | .venv/ready
	$(INSTALL)
	@touch $@

.venv/tests: EXTRAS = postgres,test,browser,lint
.venv/tests: $(PROJECT) | .venv/ready
	$(INSTALL)
	@touch $@ .venv/service

%.mo: %.po | .venv/service
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
