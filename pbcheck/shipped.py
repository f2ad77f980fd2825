"""Where the schemas, rules and sample export lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return the folder or file of that name that ships with pbcheck, such as `schemas` or `fixtures/compliant`.

    Raises FileNotFoundError when the installation is incomplete.
    """
    for base in (_PACKAGE, _PACKAGE.parent):
        path = base / name
        if path.exists():
            return path
    raise FileNotFoundError(f"{name} is missing from this installation of pbcheck: install it again")
