"""How long all budget figures of a case take, as a multiple of bare parsing of the same bytes: python -m benchmarks.figure_speed.

One process, medians of interleaved rounds. The cases of the sample export are full records; generated ones are small and hold little but
sums and dates, so that there is more to work out for each byte.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import orjson

from pbcheck.figures.budget.sheet import Sheet
from pbcheck.figures.forms import derive
from pbcheck.opened import open_export
from tests.conftest import FIXTURES
from tests.generated_cases import AS_OF, cases, contracts, policies

ROUNDS = 15


def ratio(made: list[dict[str, Any]], policy: dict[str, Any], known: dict[str, Any], as_of: str) -> tuple[int, float, float]:
    """Return the mean size in bytes, the median time of parsing in microseconds a case, and the median of figures over parsing."""
    raw = [orjson.dumps(one) for one in made]
    for one in made:
        derive(one, known)
    parsing, found = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for text in raw:
            orjson.loads(text)
        parsed = time.perf_counter() - start
        start = time.perf_counter()
        for one in made:
            Sheet(one, policy, known, as_of).all()
        parsing.append(parsed)
        found.append((time.perf_counter() - start) / parsed)
    return sum(map(len, raw)) // len(raw), statistics.median(parsing) / len(raw) * 1e6, statistics.median(found)


def main() -> None:
    opened = open_export([FIXTURES / "compliant"])
    full = [dict(one.data) for batch in opened.batches() for one in batch] * 40  # before anything is derived
    small = list(cases(1000, seed=1))
    policy = opened.policies.whole[0].data
    for words, made, used, known, as_of in (
        ("the sample export's cases", full, policy, opened.contracts.known, str(opened.as_of)),
        ("generated small cases", small, policies()["52"], contracts(small), AS_OF),
    ):
        size, parsed, times = ratio(made, used, known, as_of)
        print(f"{words:<26} {size:>6} bytes, {len(Sheet.table)} figures: orjson.loads {parsed:5.1f} us, all figures {times:4.1f} times")


if __name__ == "__main__":
    main()
