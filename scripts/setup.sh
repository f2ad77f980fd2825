#!/bin/sh
# Make the virtual environment .venv with pbcheck and all it needs. With the word `dev`, also what the tests need.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-}
for name in $python python3 python3.14 python3.13 python3.12 python3.11; do
  if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$name; break; fi
done
if [ -z "$python" ]; then
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq python3 python3-venv && python=python3
  else
    echo "pbcheck needs Python 3.11 or newer: install it, then run this again." >&2; exit 2
  fi
fi
if [ ! -x .venv/bin/python ]; then
  "$python" -m venv .venv 2>/dev/null || {
    rm -rf .venv
    command -v apt-get >/dev/null 2>&1 || { echo "Python's venv module is missing: install it, then run this again." >&2; exit 2; }
    apt-get update -qq && apt-get install -y -qq python3-venv && "$python" -m venv .venv
  }
fi
what=.
[ "${1:-}" = dev ] && what='.[dev,bench]'
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable "$what"
[ "${1:-}" = dev ] || exit 0
# The tests open pages in a browser, read tables from a database and run on Spark: from Debian's packages where this may install them.
missing=
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  # shellcheck disable=SC2086  # a list of names
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
else
  echo "Not found:$missing. Install them for the tests that need them (sh scripts/test.sh quick does without)." >&2
fi
