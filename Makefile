# Two commands do everything on a machine with Python 3.11 and make: make demo, make test.
PYTHON ?= python3
RUN := .venv/bin
# Most tests wait for a server: one worker more than the smallest machine has cores.
WORKERS ?= 3
UV := VIRTUAL_ENV=$(CURDIR)/.venv UV_PROJECT_ENVIRONMENT=.venv $(RUN)/uv

.PHONY: help demo dev test check fix robots bench soak chaos clean
.DELETE_ON_ERROR:

help:  ## what one can do here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.venv/installed: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Aftermath needs Python 3.11 or later; this is %d.%d. Try: make PYTHON=python3.11 ..." % sys.version_info[:2])'
	@test -x $(RUN)/uv || { echo "installing into .venv; the first time takes a minute"; $(PYTHON) -m venv .venv && $(RUN)/python -m pip install --quiet --disable-pip-version-check uv; }
	@$(UV) lock --check --quiet || { echo "uv.lock does not fit pyproject.toml, or the package index is out of reach, so nothing was installed. If you changed pyproject.toml, run: $(RUN)/uv lock" >&2; exit 1; }
	@$(UV) sync --frozen --quiet --inexact
	@touch $@

demo: .venv/installed  ## one incident from resolved to closed, weeks in seconds
	$(RUN)/aftermath demo $(ARGS)

dev: .venv/installed  ## everything started and kept running
	$(RUN)/aftermath dev $(ARGS)

test: .venv/installed  ## all tests
	$(RUN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: .venv/installed  ## format, lint, types, import direction, lock, docs
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy .
	$(RUN)/lint-imports
	$(UV) lock --check --quiet
	$(RUN)/pytest -q --no-header tests/test_docs.py tests/domain/test_house.py

fix: .venv/installed  ## format, and repair what lint can repair
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

robots: .venv/installed  ## mail filters of four kinds, in Chromium too, on every link of every mail of whole lives
	AFTERMATH_ROBOTS=all $(RUN)/pytest -q tests/robots $(ARGS)

bench: .venv/installed  ## what the happy path costs, and how long deciding takes; REPORT=file.json writes the cost
	$(RUN)/python -m bench.cost $(if $(REPORT),--report $(REPORT))
	$(RUN)/python -m bench.cpu
	$(RUN)/python -m bench.deciding

soak: .venv/installed  ## pages and webhooks for ten minutes at fifty requests a second
	$(RUN)/python -m bench.soak $(ARGS)

chaos: .venv/installed  ## thirty lives while everything breaks; then nothing is lost, nothing double
	$(RUN)/python -m chaos $(ARGS)

clean:  ## forget the environment and every output
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo-output
