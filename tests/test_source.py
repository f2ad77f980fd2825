"""Positions: every node of YAML and JSON has its place, and the fast way to a place gives the same as the exact one."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any

import pytest

from pbcheck.source.document import Document, Mark, Positions, Unreadable, pointer
from pbcheck.source.json_reader import FastPlaces, fast_json, read_json
from pbcheck.source.yaml_reader import plain_scalar, read_yaml
from tests.conftest import FIXTURES
from tests.test_schema import fixture_documents, places


def one_document(text: str) -> tuple[Any, Positions]:
    [found] = read_yaml(text)
    assert not isinstance(found, Unreadable)
    return found


def test_yaml_places() -> None:
    text = "a: 1\nb:\n  - x\n  - {c: 'two words', d: [3]}\ne:\n"
    data, positions = one_document(text)
    assert data == {"a": 1, "b": ["x", {"c": "two words", "d": [3]}], "e": None}
    assert positions.keys[("a",)] == Mark(1, 1, 2)
    assert positions.values[("a",)] == Mark(1, 4, 5)
    assert positions.values[("b", 1, "c")] == Mark(4, 9, 20)
    assert positions.values[("b", 1, "d", 0)] == Mark(4, 26, 27)


def test_several_documents_in_one_file() -> None:
    found = list(read_yaml("a: 1\n---\na: no\n---\na: 2\n"))
    assert [isinstance(one, Unreadable) for one in found] == [False, True, False]


def test_aliases_are_copies() -> None:
    data, _ = one_document("a: &x {k: 1}\nb: *x\n")
    data["a"]["k"] = 2
    assert data["b"] == {"k": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("1.10", Decimal("1.10")),
        ("2026-04-06", "2026-04-06"),
        ("plain text", "plain text"),
        ("-x", "-x"),
        ("10 Downing", "10 Downing"),
        ("Norway", "Norway"),
    ],
)
def test_plain_scalars(text: str, value: object) -> None:
    assert plain_scalar(text) == (value, None)


@pytest.mark.parametrize(
    "text", ["no", "Yes", "ON", "y", "012", "0x1F", "0b1", "0o7", "1_000", "12:30:00", "1:30", "2026-4-6", "01.50", ".5", "5."]
)
def test_what_versions_of_yaml_read_differently(text: str) -> None:
    value, problem = plain_scalar(text)
    assert value is None
    assert problem is not None
    assert problem[0] == "ambiguous-value"
    assert plain_scalar.__doc__
    quoted, _ = one_document(f"a: '{text}'\n")
    assert quoted == {"a": text}


def test_json_places() -> None:
    data, positions = read_json('{"a": [1, {"b": "é"}],\n "c": -1.5}', 7)
    assert data == {"a": [1, {"b": "é"}], "c": Decimal("-1.5")}
    assert positions.values[("a", 1, "b")] == Mark(7, 17, 20)
    assert positions.keys[("c",)] == Mark(8, 2, 5)


def test_a_missing_key_has_the_place_of_its_parent() -> None:
    _, positions = one_document("kind: case\nfinal:\n  net: '1.00'\n")
    document = Document("case", {}, "f", lambda: positions)
    assert document.locate(("final", "gross")) == Mark(2, 1, 6)
    assert document.locate(("plan", "components", 3)) == Mark(1, 1, 0)
    assert Document("case", {}).locate(("x",)) == Mark(0, 0)


def test_pointers_are_escaped() -> None:
    assert pointer(("a/b", "~", 0)) == "/a~1b/~0/0"


def test_fast_and_exact_reading_agree() -> None:
    for _, data in fixture_documents():
        text = json.dumps(data, ensure_ascii=False, default=str)
        for spaced in (text, json.dumps(data, ensure_ascii=False, default=str, separators=(",", ":"))):
            fast = fast_json(spaced.encode())
            exact, _ = read_json(spaced)
            assert fast is None or fast == exact
            assert (fast is None) == ("\\" in spaced)


def test_a_lost_key_is_always_noticed() -> None:
    dice = random.Random(3)
    line = (FIXTURES / "compliant" / "cases.jsonl").read_text().splitlines()[0]
    data = json.loads(line)
    keys = [f'"{key}"' for key in data]
    for separators in ((", ", ": "), (",", ":")):
        text = json.dumps(data, ensure_ascii=False, separators=separators)
        for _ in range(50):
            key = dice.choice(keys)
            doubled = text.replace(key, f"{key}{separators[1]}null{separators[0]}{key}", 1)
            assert fast_json(doubled.encode()) is None


def test_the_fast_way_to_a_place_gives_what_the_exact_way_gives() -> None:
    for line in (FIXTURES / "compliant" / "cases.jsonl").read_text().splitlines():
        raw = line.encode()
        data, positions = read_json(line, 4)
        assert fast_json(raw) == data
        exact = Document("case", data, "f", lambda found=positions: found)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        fast = FastPlaces(raw, 4)
        paths: list[tuple[Any, ...]] = [()]
        collect(data, (), paths)
        for path in paths:
            for key in (False, True):
                assert fast(path, key) == exact.locate(path, key=key), path
            assert fast((*path, "not_there"), False) == exact.locate((*path, "not_there")), path
        assert len(paths) > len(list(places(data)))


def collect(value: Any, path: tuple[Any, ...], found: list[tuple[Any, ...]]) -> None:
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        found.append((*path, key))
        collect(child, (*path, key), found)
