"""How fast one policy file is checked, against check-jsonschema on the same file.

Run it with: python -m benchmarks.start_up [--rounds N]

Both are fresh processes, interleaved; pbcheck with its rulebook already cached (as in every run but the first), and once
without the cache. check-jsonschema validates against the same schema and asks no rules.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POLICY = ROOT / "fixtures" / "councils" / "st-helens" / "policy.yaml"


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=False)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    check = [sys.executable, "-m", "pbcheck", "check", str(POLICY)]
    peer = str(Path(sys.executable).parent / "check-jsonschema")
    commands = {
        "pbcheck check": check,
        "pbcheck check --no-cache": [*check, "--no-cache"],
        "check-jsonschema": [peer, "--schemafile", str(ROOT / "schemas" / "policy.schema.json"), str(POLICY)],
        "python alone": [sys.executable, "-c", "pass"],
    }
    with tempfile.TemporaryDirectory():
        for command in commands.values():
            seconds(command)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(seconds(command))
    peer_time = statistics.median(times["check-jsonschema"])
    for name, found in times.items():
        middle = statistics.median(found)
        print(f"{name:<26} {middle * 1000:6.0f} ms  {middle / peer_time:5.2f} of check-jsonschema")


if __name__ == "__main__":
    main()
