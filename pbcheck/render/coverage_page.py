"""The coverage of the notes by rules, as text or JSON."""

from __future__ import annotations

import json
from typing import Any

from pbcheck.render.words import wrapped


def as_text(found: Any) -> str:
    """Return the coverage passage by passage, then rule by rule, then what is explained or open."""
    parts = []
    for row in found.rows:
        lines = [f"{row.name}{' (law: ' + row.about + ')' if row.about else ''}"]
        lines += [wrapped(f"{name}: {_served(found, name, rules)}", "  ") for name, rules in row.served.items()]
        parts.append("\n".join(lines) + "\n")
    parts.append(
        "Rules and their obligations\n" + "\n".join(wrapped(f"{name}: {', '.join(ids)}", "  ") for name, ids in found.rules.items()) + "\n"
    )
    if found.explained:
        rows = [wrapped(f"{name}: {reason}", "  ") for name, reason in found.explained.items()]
        parts.append("For a person to read\n" + "\n".join(rows) + "\n")
    served = found.total - len(found.open_)
    parts.append(f"{served} of {found.total} obligations accounted for, {len(found.explained)} of them for a person to read.\n")
    if found.open_:
        parts.append(f"Neither served nor explained: {', '.join(found.open_)}.\n")
    return "\n".join(parts)


def _served(found: Any, name: str, rules: tuple[str, ...]) -> str:
    if rules:
        return ", ".join(rules)
    return f"for a person to read: {found.explained[name]}" if name in found.explained else "NO RULE"


def as_json(found: Any) -> str:
    """Return the coverage as JSON text."""
    data = {
        "total": found.total,
        "rows": [
            {"name": row.name, "relation": row.about or None, "served": {k: list(v) for k, v in row.served.items()}} for row in found.rows
        ],
        "rules": {name: list(ids) for name, ids in found.rules.items()},
        "explained": dict(found.explained),
        "open": list(found.open_),
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
