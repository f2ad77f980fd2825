"""How long the hook takes for a change of one policy file, against the hook of check-jsonschema, in the same runs of pre-commit.

Run it with: python -m benchmarks.hook_speed [--rounds N]

Both are installed by pre-commit into environments of their own, pbcheck from this work tree. Each round changes one setting, adds
the file and runs both hooks; the seconds are those that `pre-commit run --verbose` prints. The first run, in which pbcheck compiles
its rules, is told apart. check-jsonschema validates against the same schema and asks no rules. It needs pre-commit, and what pip
needs to install both.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POLICY = ROOT / "fixtures" / "councils" / "st-helens" / "policy.yaml"
SCHEMA = ROOT / "schemas" / "policy.schema.json"
HOOKS = {
    "pbcheck": (str(ROOT), "pbcheck check --in-context --fail-level never"),
    "check-jsonschema": ("check-jsonschema", f"check-jsonschema --schemafile {SCHEMA}"),
}


def config() -> str:
    hooks = [
        {"id": name, "name": name, "language": "python", "additional_dependencies": [wanted], "entry": entry, "files": "policy"}
        for name, (wanted, entry) in HOOKS.items()
    ]
    return json.dumps({"repos": [{"repo": "local", "hooks": [{**one, "require_serial": True, "verbose": True} for one in hooks]}]})


def seconds(folder: Path, weeks: int) -> dict[str, float]:
    """Change the policy, run both hooks, and return how long each took."""
    policy = folder / "policy" / "policy.yaml"
    policy.write_text(re.sub(r"(threshold_weeks:) \d+", rf"\1 {weeks}", POLICY.read_text()))
    run(folder, "git", "add", "--all")
    done = run(folder, sys.executable, "-m", "pre_commit", "run", "--verbose")
    found = {name: float(time) for name, time in re.findall(r"^- hook id: (\S+)\n- duration: ([\d.]+)s", done.stdout, re.MULTILINE)}
    if done.returncode or found.keys() != HOOKS.keys():
        sys.exit(done.stdout + done.stderr)
    return found


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    told = {"PRE_COMMIT_HOME": str(folder.parent / "home"), "PBCHECK_CACHE_DIR": str(folder.parent / "cache"), "PRE_COMMIT_COLOR": "never"}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={**kept, **told})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "council"
        (folder / "policy").mkdir(parents=True)
        shutil.copy(POLICY, folder / "policy")
        (folder / ".pre-commit-config.yaml").write_text(config())
        run(folder, "git", "init", "--quiet")
        first = seconds(folder, 1)
        times = [seconds(folder, one) for one in range(2, rounds + 2)]
    for name in HOOKS:
        found = [one[name] for one in times]
        words = f"{statistics.median(found):5.2f} s (from {min(found):.2f} to {max(found):.2f}); first run {first[name]:5.2f} s"
        print(f"{name:<17} {words}")


if __name__ == "__main__":
    main()
