"""Write schemas/*.schema.json from vocabulary/*.yaml, or say which of them are stale.

    python -m tools.build_schemas            write them
    python -m tools.build_schemas --check    exit 1 when one differs from what the vocabulary says

The vocabulary is the one place where a field is described: a line for each dotted path, `*` for any element of a list.
The schemas say the same in JSON Schema 2020-12 for validators and editors, and are never edited by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://pbcheck.example/schemas/v1/"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

DEFS: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "minLength": 1, "maxLength": 10000},
    "id": {
        "description": "A name for a record that says nothing of the person: letters, digits and . _ / -",
        "type": "string",
        "pattern": "^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$",
    },
    "bool": {"type": "boolean"},
    "integer": {"type": "integer", "minimum": 0, "maximum": 100000000},
    "date": {
        "description": "An ISO date: year, month, day",
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    },
    "money": {
        "description": "Pounds: text with two decimals, or a number with at most two",
        "anyOf": [
            {"type": "string", "pattern": "^-?[0-9]{1,9}\\.[0-9]{2}$"},
            {"type": "number", "multipleOf": 0.01, "minimum": -999999999, "maximum": 999999999},
        ],
    },
    "decimal": {
        "description": "A quantity with at most three decimals, as a number or as text",
        "anyOf": [
            {"type": "string", "pattern": "^-?[0-9]{1,7}(\\.[0-9]{1,3})?$"},
            {"type": "number", "multipleOf": 0.001, "minimum": -9999999, "maximum": 9999999},
        ],
    },
}
NAMED = ("text", "id", "bool", "integer", "date", "money", "decimal")


def build(kind: str, enumerations: dict[str, list[str]]) -> dict[str, Any]:
    """Return the JSON Schema of one kind of document, from its vocabulary file."""
    vocabulary = load(kind)
    root = new_object()
    root["properties"]["kind"] = {
        "title": "Kind of document",
        "description": "What this document is; every document says so itself.",
        "const": kind,
    }
    for path, field in vocabulary["fields"].items():
        place(root, path.split("."), node(field, enumerations))
    describe_sections(root, vocabulary.get("sections", {}))
    root["required"] = vocabulary["required"]
    return {
        "$schema": DIALECT,
        "$id": f"{BASE}{kind}.schema.json",
        "title": vocabulary["title"],
        "description": vocabulary["description"],
        **root,
        "$defs": {name: DEFS[name] for name in NAMED},
    }


def node(field: dict[str, Any], enumerations: dict[str, list[str]]) -> dict[str, Any]:
    """Return the schema of one field: its annotations, then its type."""
    out: dict[str, Any] = {"title": field["title"], "description": field["description"]}
    if field.get("personal"):
        out["x-personal"] = True
    if "phrase" in field:
        out["x-phrase"] = field["phrase"]
    if "example" in field:
        out["examples"] = [field["example"]]
    return out | typed(field, enumerations)


def typed(field: dict[str, Any], enumerations: dict[str, list[str]]) -> dict[str, Any]:
    """Return the part of a field's schema that constrains its value."""
    kind = field["type"]
    values = field.get("values") or [value for name in field.get("of", []) for value in enumerations[name]]
    if kind == "enum":
        out: dict[str, Any] = {"type": "string", "enum": values}
    elif kind in ("set", "list"):
        items = {"type": "string", "enum": values} if values else {"$ref": f"#/$defs/{field['items']}"}
        out = {"type": "array", "items": items, "maxItems": 1000}
        if kind == "set":
            out["uniqueItems"] = True
    elif kind == "map":
        out = typed_map(field, enumerations)
    elif kind == "any_or_list":
        everything = {"type": "string", "const": "any"}
        out = {"anyOf": [everything, {"type": "array", "items": {"$ref": "#/$defs/text"}, "maxItems": 1000}]}
    else:
        out = {"$ref": f"#/$defs/{kind}"}
    if field.get("pattern"):
        out["pattern"] = field["pattern"]
    return nullable(out) if field.get("nullable") else out


def typed_map(field: dict[str, Any], enumerations: dict[str, list[str]]) -> dict[str, Any]:
    """Return the schema of a map from names to values of one type."""
    value = field["value"]
    inner = {"$ref": f"#/$defs/{value}"} if isinstance(value, str) else {"type": "string", "enum": value["values"]}
    out: dict[str, Any] = {"type": "object", "additionalProperties": inner}
    keys = field.get("keys_values") or (enumerations[field["keys"]] if "keys" in field else None)
    if keys:
        out["propertyNames"] = {"enum": keys}
    return out


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that also takes null: stated as nil."""
    if "enum" in schema:
        return schema | {"type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    if "type" in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def new_object() -> dict[str, Any]:
    """Return the schema of an object that takes no key but those it names."""
    return {"type": "object", "additionalProperties": False, "properties": {}}


def place(root: dict[str, Any], path: list[str], leaf: dict[str, Any]) -> None:
    """Put the schema of a field at its path, making the objects and lists on the way."""
    here = root
    for index, key in enumerate(path[:-1]):
        if key == "*":
            here = here["items"]
        elif path[index + 1] == "*":
            rows = {"type": "array", "items": new_object(), "maxItems": 10000}
            here = here["properties"].setdefault(key, rows)
        else:
            here = here["properties"].setdefault(key, new_object())
    here["properties"][path[-1]] = leaf


def describe_sections(root: dict[str, Any], sections: dict[str, dict[str, str]]) -> None:
    """Give the objects and lists between the fields their own title and description."""
    for path, words in sections.items():
        here = root
        for key in path.split("."):
            here = here["items"] if key == "*" else here["properties"][key]
        body = dict(here)
        here.clear()
        here.update(words)
        here.update(body)


def load(name: str) -> Any:
    """Return one file of the vocabulary."""
    return yaml.safe_load((ROOT / "vocabulary" / f"{name}.yaml").read_text(encoding="utf-8"))


def outputs() -> dict[Path, str]:
    """Return every generated schema with its full text."""
    enumerations = load("enumerations")
    texts = {kind: build(kind, enumerations) for kind in ("policy", "case", "contract", "portfolio", "export")}
    for path in sorted((ROOT / "vocabulary").glob("*.schema.yaml")):
        name = path.name.removesuffix(".schema.yaml")
        texts[name] = load(f"{name}.schema")
    return {
        ROOT / "schemas" / f"{name}.schema.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in texts.items()
    }


def main() -> int:
    """Write the schemas, or with --check compare them; return the exit code."""
    stale = [path for path, text in outputs().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what the vocabulary says: run python -m tools.build_schemas")
        return 1 if stale else 0
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(stale)} of {len(outputs())} schemas rewritten")
    return 0


if __name__ == "__main__":
    sys.exit(main())
