"""Python's garbage collector while many records are judged: it has little to find then, and looks for it less often."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

ENOUGH = 100_000
"""So many new objects are made between two looks."""


@contextmanager
def few_collections() -> Iterator[None]:
    """Leave what is there already out of every look, the rules above all, and look less often; at the end all is as it was.

    A record is made of hundreds of small objects, which are freed without the collector as soon as it is judged.
    """
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    if not frozen:
        gc.freeze()
    if before[0]:  # 0 says that whoever calls wants no looks at all
        gc.set_threshold(max(before[0], ENOUGH), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not frozen:
            gc.unfreeze()
