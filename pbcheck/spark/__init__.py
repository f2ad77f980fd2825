"""The same audit on a Spark cluster: lines of cases are judged where Spark reads them, everything else by the program that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pbcheck.spark.audit import audit_on_spark

__all__ = ["audit_on_spark"]


def __getattr__(name: str) -> Any:
    """Import the one public name when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module 'pbcheck.spark' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("pbcheck.spark.audit"), name)
