#!/bin/sh
# Set everything up and run every check of the repository. `scripts/test.sh quick` runs the tests that together need less than a minute.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh dev
bin=.venv/bin
PBCHECK_CACHE_DIR=$(mktemp -d); export PBCHECK_CACHE_DIR
trap 'rm -rf "$PBCHECK_CACHE_DIR"' EXIT
if [ "${1:-}" = quick ]; then
  exec $bin/python -m pytest -q -x -m "not slow" -n auto --dist loadfile
fi
CI=${CI:-1}; export CI  # here the tests in a browser must run: without one they fail
step() { printf '\n== %s\n' "$1"; }
step "lint";                   $bin/ruff check .
step "format";                 $bin/ruff format --check .
step "types";                  $bin/mypy
step "import order";           $bin/lint-imports
step "schemas are up to date"; $bin/python -m tools.build_schemas --check
step "pages are up to date";   $bin/python -m tools.build_docs --check
step "the rules' own examples"; $bin/pbcheck test
step "tests";                  $bin/python -m pytest -q -n auto --dist loadfile --cov --cov-report=term
