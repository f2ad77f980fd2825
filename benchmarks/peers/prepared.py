"""Records as the peers are given them: read by pbcheck, sums in whole pence, groups of keys always there, the date to judge by in each.

That is work pbcheck does within its own time and the peers are spared: none of them reads pounds exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pbcheck.expressions.values import message


def case_for_peers(case: Mapping[str, Any], as_of: str) -> dict[str, Any]:
    """Return a case with sums in pence and decimals in thousandths; its own date to judge by, or the export's."""
    return message(dict(case), "case") | {"as_of": case.get("as_of", as_of)}


def policy_for_peers(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy in the same form."""
    return message(dict(policy), "policy")


def write_for_peers(folder: Path, cases: Iterable[Mapping[str, Any]], policy: Mapping[str, Any], as_of: str) -> Path:
    """Write `cases.jsonl`, `cases.json` (one list) and `policy.json` into a folder, and return it."""
    lines = [json.dumps(case_for_peers(one, as_of)) for one in cases]
    (folder / "cases.jsonl").write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
    (folder / "cases.json").write_text("[" + ",\n".join(lines) + "]\n", encoding="utf-8")
    (folder / "policy.json").write_text(json.dumps(policy_for_peers(policy)), encoding="utf-8")
    return folder
