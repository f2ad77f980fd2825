#!/bin/sh
# Set everything up, audit the sample export and write report.html.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh
.venv/bin/pbcheck audit fixtures/compliant --output html=report.html
echo "The report is in report.html. Next: .venv/bin/pbcheck audit fixtures/councils/st-helens"
