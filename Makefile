# Everything here is one call of the tool that does the work; `make help` lists it.
# The environment in .venv is made on first use, from the hashes in .ci/requirements.lock.
PYTHON ?= python3
export PG

.DEFAULT_GOAL := help
.PHONY: help run demo stop test bench lint sql reset lock

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.ready ## Start everything on http://127.0.0.1:8000 (Ctrl-C stops it)
	@exec .venv/bin/pgcrm serve

demo: .venv/.ready ## Show the main job from nothing: log in, import leads, read them as different people
	@exec .venv/bin/pgcrm demo

stop: .venv/.ready ## Stop whatever runs in this folder
	@exec .venv/bin/pgcrm stop

test: .venv/.ready ## All tests, against a fresh server (PG=15: Debian's PostgreSQL 15, PG=container: Docker)
	@exec .venv/bin/python -m tests

bench: .venv/.ready ## What we claim about speed: ours, the limit, the ratio
	@exec .venv/bin/python -m benchmarks

lint: .venv/.ready ## Style and types
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

sql: .venv/.ready ## Write the database as plain SQL files into dist/sql
	@exec .venv/bin/pgcrm sql

reset: .venv/.ready ## Throw the database of this folder away and make it anew
	@exec .venv/bin/pgcrm reset

lock: .venv/.ready ## Renew the locked dependencies from pyproject.toml
	@.venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade --quiet --output-file .ci/requirements.lock

# The stamp comes last: an interrupted build is made again, a finished one costs nothing.
.venv/.ready: .ci/requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("pgcrm needs Python 3.11 or newer, this is %d.%d: make PYTHON=/path/to/python3" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Making the environment in .venv ..."
	@$(PYTHON) -m venv --clear .venv
	@sed -n '/^uv==/,/[^\\]$$/p' .ci/requirements.lock > .venv/uv.txt && .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@VIRTUAL_ENV=.venv .venv/bin/uv pip sync --quiet --require-hashes .ci/requirements.lock
	@VIRTUAL_ENV=.venv .venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
