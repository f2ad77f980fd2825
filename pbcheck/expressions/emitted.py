"""What the emitter wrote, at work: its code runs among its helpers only. Not beside the emitter, since an audit often emits nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pbcheck.expressions.logic import both, either, every, some
from pbcheck.expressions.values import pence, thousandths
from pbcheck.figures.dates import days

FAIL = 4
LOOK_CLOSER = 5
"""What no outcome has as its number: the rule has to be asked by itself, for the element that fails or the exception that excuses."""


def load(code: Any) -> dict[str, Any]:
    """Run the emitted module's code among its helpers only, and return what it defines."""
    names: dict[str, Any] = {
        "__builtins__": {},
        "EMPTY": {},
        "all": all,
        "any": any,
        "sum": sum,
        "len": len,
        "iter": iter,
        "Exception": Exception,
        "KeyError": KeyError,
        "pence": pence,
        "thousandths": thousandths,
        "days": days,
        "both": both,
        "either": either,
        "every": every,
        "some": some,
    }
    exec(code, names)  # the code object was made from an abstract syntax tree above, never from text of a pack
    return names


def parts_of(names: dict[str, Any]) -> list[Callable[..., None]]:
    """Return the parts of the fast function among what an emitted module defines, in their order."""
    return [names[f"judge_{number}"] for number in range(len(names)) if f"judge_{number}" in names]
