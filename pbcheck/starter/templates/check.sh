#!/bin/sh
# Checks the policies on any build server: `sh pbcheck.sh`, or `sh pbcheck.sh REVISION` to say what changed since then.
# Writes pbcheck.xml (JUnit) and pbcheck.html; with a REVISION also pbcheck-change.html.
# Exit codes: 0 clean, 1 findings, 2 wrong instructions, 3 something could not be read or judged.
set -u
base=${1:-}
code=0

# How pip gets pbcheck: a release, or an address such as git+https://git.example.gov.uk/pbcheck@v@VERSION@
requirement=@SHELL_REQUIREMENT@
place=$(mktemp -d) || exit 2
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place" && "$place/bin/python" -m pip install --quiet "$requirement" || exit 2

"$place/bin/pbcheck" check policy -o junit=pbcheck.xml -o html=pbcheck.html || code=$?

before=
if [ -n "$base" ]; then before=$(git ls-tree -r --name-only "$base" -- policy) || exit 2; fi
if [ -n "$before" ]; then
  # 3: a version could not be read. The version before does not matter here, and the new one is checked above.
  "$place/bin/pbcheck" diff "$base...HEAD" policy --fail-level never -o html=pbcheck-change.html || { said=$?; [ $said -eq 3 ] || code=$said; }
fi
exit "$code"
