"""Types for rule conditions, made from the JSON Schemas and the catalogue of figures.

Money is an integer number of pence, a decimal an integer number of thousandths, a date its ISO text (which sorts as time
does). A field that may be null has a wrapper type, so that `x == null` can be asked of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from pbcheck.figures.catalogue import DERIVED, FIGURES, DerivedField
from pbcheck.figures.figure import Figure
from pbcheck.schema.store import KINDS, deref, load

PACKAGE = "pbcheck"


@dataclass(frozen=True)
class Field:
    """What a rule may read under one name: its kind, the message it leads to, and its closed list of values if it has one."""

    kind: str
    message: str = ""
    repeated: bool = False
    nullable: bool = False
    values: tuple[str, ...] = ()
    personal: bool = False


Messages = dict[str, dict[str, Field]]


@cache
def messages() -> Messages:
    """Return every message type by dotted name (`case`, `case.plan.components`, `figure.case`) with its fields."""
    found: Messages = {}
    for kind in KINDS:
        root = load(kind)
        _add_object(found, root, kind, root)
    for parent, fields in DERIVED.items():
        name = f"{parent}.derived"
        found[parent]["derived"] = Field("message", name)
        found[name] = {key: _figure_field(one) for key, one in fields.items()}
    for kind in KINDS:
        found[f"figure.{kind}"] = {key: _figure_field(one) for key, one in FIGURES.get(kind, {}).items()}
    return found


def _figure_field(figure: Figure | DerivedField) -> Field:
    return Field(figure.type, values=figure.values)


def _add_object(found: Messages, root: dict[str, Any], name: str, node: dict[str, Any]) -> None:
    found[name] = {}
    for key, child in node["properties"].items():
        found[name][key] = _field(found, root, f"{name}.{key}", child)


def _field(found: Messages, root: dict[str, Any], name: str, child: dict[str, Any]) -> Field:
    personal = bool(child.get("x-personal"))
    node = deref(root, child)
    branches = [deref(root, one) for one in node.get("anyOf", [])] if not node.get("x-type") else []
    kinds = node.get("type", [])
    nullable = "null" in kinds or any(branch.get("type") == "null" for branch in branches)
    if branches and nullable and len(branches) == 2:
        node = next(branch for branch in branches if branch.get("type") != "null")
    elif branches:
        return Field("dyn", personal=personal)
    if node.get("type") == "array" or (isinstance(kinds, list) and "array" in kinds):
        inner = _field(found, root, name, node["items"])
        return Field(inner.kind, inner.message, True, nullable, inner.values, personal)
    if "properties" in node:
        _add_object(found, root, name, node)
        return Field("message", name)
    if isinstance(node.get("additionalProperties"), dict):
        value = _field(found, root, name, node["additionalProperties"])
        return Field("map", value.kind, values=value.values, personal=personal)
    if "enum" in node:
        return Field("enum", nullable=nullable, values=tuple(one for one in node["enum"] if one), personal=personal)
    return Field(_scalar(node), nullable=nullable, personal=personal)


def _scalar(node: dict[str, Any]) -> str:
    kind = str(node.get("x-type", ""))
    if kind in ("money", "decimal", "date", "integer", "bool"):
        return kind
    return "text"


def roots(subject: str) -> dict[str, str]:
    """Return the variables a rule about a subject may use, with the message type of each; `as_of` is a date and has none."""
    seen = {subject: subject, "figure": f"figure.{subject}"}
    if subject != "policy" and subject != "export":
        seen["policy"] = "policy"
    return seen


_PROTO = {"text": "TYPE_STRING", "enum": "TYPE_STRING", "date": "TYPE_STRING", "bool": "TYPE_BOOL"}
_WRAPPERS = {"TYPE_STRING": "StringValue", "TYPE_BOOL": "BoolValue", "TYPE_INT64": "Int64Value"}


def proto_name(name: str) -> str:
    """Return the protobuf name of a message type."""
    return name.replace(".", "__")


@cache
def descriptor_pool() -> Any:
    """Return a protobuf descriptor pool with all message types, for the official CEL checker."""
    from google.protobuf import descriptor_pb2, struct_pb2, wrappers_pb2
    from google.protobuf import descriptor_pool as pools

    file = descriptor_pb2.FileDescriptorProto(name="pbcheck.proto", package=PACKAGE, syntax="proto2")
    file.dependency.extend(["google/protobuf/wrappers.proto", "google/protobuf/struct.proto"])
    for name, fields in messages().items():
        message = file.message_type.add(name=proto_name(name))
        for number, (key, one) in enumerate(fields.items(), 1):
            _add_proto_field(message, key, number, one)
    pool = pools.DescriptorPool()
    for module in (wrappers_pb2, struct_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    return pool


def _add_proto_field(message: Any, key: str, number: int, one: Field) -> None:
    field = message.field.add(name=key, number=number, label=3 if one.repeated or one.kind == "map" else 1)
    if one.kind == "message":
        field.type, field.type_name = field.TYPE_MESSAGE, f".{PACKAGE}.{proto_name(one.message)}"
    elif one.kind == "dyn":
        field.type, field.type_name = field.TYPE_MESSAGE, ".google.protobuf.Value"
    elif one.kind == "map":
        entry = message.nested_type.add(name=f"{key.title().replace('_', '')}Entry")
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, label=1, type=field.TYPE_STRING)
        entry.field.add(name="value", number=2, label=1, type=getattr(field, _PROTO.get(one.message, "TYPE_INT64")))
        field.type, field.type_name = field.TYPE_MESSAGE, f".{PACKAGE}.{message.name}.{entry.name}"
    else:
        plain = _PROTO.get(one.kind, "TYPE_INT64")
        if one.nullable and not one.repeated:
            field.type, field.type_name = field.TYPE_MESSAGE, f".google.protobuf.{_WRAPPERS[plain]}"
        else:
            field.type = getattr(field, plain)
