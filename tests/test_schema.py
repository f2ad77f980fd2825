"""The schemas say the vocabulary; messages are ours and hold no value; both validators agree."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pbcheck.discover import settle_kind
from pbcheck.schema.messages import faults
from pbcheck.schema.store import KINDS, at, load, names
from pbcheck.schema.validate import Validator
from pbcheck.source.files import SUFFIXES, FileRead, read_documents
from tests.conftest import FIXTURES


def fixture_documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(FIXTURES.rglob("*")):
        if path.suffix in SUFFIXES and path.name != "expected.yaml":
            file = FileRead(path, path.name)
            for document in read_documents(file, None):
                settle_kind(document, file, named=True)
                yield document.kind, document.data


def damaged(data: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return a copy with one value put wrong somewhere."""
    made = copy.deepcopy(data)
    spots = list(places(made))
    owner, key = dice.choice(spots)
    owner[key] = dice.choice([None, "nonsense", "", -1, Decimal("1.23456"), [], {}, True, "2026-02-30", "£12.00", ["x", "x"]])
    if dice.random() < 0.3:
        next(one for one in (owner, made) if isinstance(one, dict))["not_a_key"] = 1
    return made


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in list(pairs):
        yield value, key
        yield from places(child)


@pytest.mark.parametrize("name", ["policy", "case", "contract", "portfolio", "export", "rule", "report"])
def test_every_schema_is_valid_and_names_itself(name: str) -> None:
    schema = load(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(f"/{name}.schema.json")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert name in names()


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_title_a_description_and_a_true_example(kind: str) -> None:
    schema = load(kind)
    for path, node in fields(schema):
        assert node.get("title"), path
        assert node.get("description", "").endswith("."), path
        for example in node.get("examples", ()):
            whole = {"$schema": schema["$schema"], "$defs": schema["$defs"], **node}
            assert Draft202012Validator(whole).is_valid(example), path


def fields(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for key, child in node.get("properties", {}).items():
        if key != "kind":
            yield f"{path}.{key}", child
        yield from fields(child, f"{path}.{key}")
        yield from fields(child.get("items", {}), f"{path}.{key}.*")


def test_personal_fields_are_marked() -> None:
    marked = {path for path, node in fields(load("case")) if node.get("x-personal")}
    assert {".arrangements.*.holder_name", ".carers.*.name", ".consultees.*.name", ".assessment.what_matters"} <= marked
    assert ".id" not in marked


def test_both_validators_agree_on_every_fixture() -> None:
    fast = {kind: Validator(kind) for kind in (*KINDS, "mapping")}
    pure = {kind: Validator(kind, "jsonschema") for kind in (*KINDS, "mapping")}
    count = 0
    for kind, data in fixture_documents():
        assert fast[kind].violations(data) == pure[kind].violations(data) == []
        count += 1
    assert count > 100


def test_both_validators_agree_on_damaged_fixtures_and_no_message_shows_a_value() -> None:
    dice = random.Random(7)
    fast = {kind: Validator(kind) for kind in KINDS}
    pure = {kind: Validator(kind, "jsonschema") for kind in KINDS}
    documents = list(fixture_documents())
    found = 0
    for kind, data in dice.sample(documents, 60) * 3:
        bad = damaged(data, dice)
        ours, theirs = fast[kind].violations(bad), pure[kind].violations(bad)
        assert ours == theirs
        assert fast[kind].is_valid(bad) is (not ours)
        for fault in faults(fast[kind].schema, bad, ours):
            found += 1
            assert "nonsense" not in fault.message
            assert "2026-02-30" not in fault.message
            assert fault.message.endswith((".", "?"))
    assert found > 60


@pytest.mark.parametrize("text", ["2026-04-0+", "202/-04-06", "-026-04-06", "2026-04-06T00:00:00Z", "\u0662026-04-06"])
@pytest.mark.parametrize("engine", ["", "jsonschema"])
def test_a_date_is_digits_and_hyphens_whatever_a_library_takes_for_one(text: str, engine: str) -> None:
    """The pattern beside the format is needed: jsonschema-rs alone lets some of these through."""
    check = Validator("case", engine)
    data = {"kind": "case", "id": "C-1", "as_of": text}
    assert not check.is_valid(data)
    assert {one.path for one in check.violations(data)} == {("as_of",)}
    assert check.is_valid(data | {"as_of": "2026-04-06"})


CASES = [
    ({"surplus": {"recop": "never"}}, "unknown-key", "`recop` is not a key of `surplus`. Did you mean `recoup`?"),
    ({"surplus": {"recoup": "allways"}}, "value-not-allowed", "Did you mean `always`?"),
    ({"surplus": {"at_discretion": "yes"}}, "wrong-type", "Expected true or false, found text."),
    ({"reviews": {"first_weeks": None}}, "wrong-type", "Nothing is stated here"),
    ({"as_of": "06/04/2026"}, "malformed-value", "write the year first"),
    ({"as_of": "2026-02-30"}, "malformed-value", "Expected a date written year-month-day"),
    ({"final": {"cap": "£1,200.00"}}, "malformed-value", "leave out the pound sign and the commas"),
    ({"final": {"cap": Decimal("12.345")}}, "malformed-value", "too many decimals"),
    ({"final": {"cap": "1e3"}}, "malformed-value", "without an exponent"),
    ({"final": {"cap": [1]}}, "wrong-type", "found a list"),
    ({"reviews": {"first_weeks": -1}}, "value-out-of-range", "at least 0"),
    ({"options": {"forms": ["mixed", "mixed"]}}, "repeated", "stands twice"),
    ({"options": {"uptake_targets": {"dp": Decimal("0.5")}}}, "unknown-key", "is not a name used in"),
    ({"authority": ""}, "value-out-of-range", "leave the key out"),
]


@pytest.mark.parametrize(("data", "check", "words"), CASES, ids=[one[2] for one in CASES])
def test_messages(data: dict[str, Any], check: str, words: str) -> None:
    whole = {"kind": "policy", "authority": "Exampleshire", **data}
    validator = Validator("policy")
    [fault] = faults(validator.schema, whole, validator.violations(whole))
    assert fault.check == ("value-out-of-range" if check == "repeated" else check)
    assert words in fault.message


def test_a_schema_node_is_found_by_path() -> None:
    assert at(load("policy"), ("surplus", "tiers", 3, "recoup"))["enum"][0] == "never"
    assert at(load("contract"), ("unit_rates", "hour"))["x-type"] == "money"


def test_report_schema_takes_the_report_of_the_sample_export() -> None:
    from pbcheck import audit

    report = json.loads(audit(FIXTURES / "compliant").to_json())
    Draft202012Validator(load("report")).validate(report)


def test_schemas_are_what_the_vocabulary_says() -> None:
    from tools.build_schemas import outputs

    stale = [path.name for path, text in outputs().items() if Path(path).read_text("utf-8") != text]
    assert stale == []
