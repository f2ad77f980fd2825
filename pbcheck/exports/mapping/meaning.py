"""From the text of a mapping file to a Mapping: every name is looked up, and what does not fit is a fault at its place."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from pbcheck.exports.mapping.convert import plain
from pbcheck.exports.mapping.field_spec import field_map
from pbcheck.exports.mapping.fields import Steps, field_names, field_type, is_list, list_names
from pbcheck.exports.mapping.mapping_file import MappingText
from pbcheck.exports.mapping.spec import Mapping, Table, Use
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import Path as Place

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".parquet")


def made(text: MappingText) -> Mapping:
    """Return the Mapping that a text describes; what is wrong with it is taken down in `text.faults`."""
    tables = {name: _table(text, name, one) for name, one in text.data["tables"].items()}
    records = []
    for kind in ("contract", "case"):
        if kind in text.data:
            records.append(_record(text, tables, kind, text.data[kind]))
    if not records:
        text.say((), "Nothing is mapped: expected `case` or `contract` with its table, key and fields.")
    for number, use in enumerate(one for record in records for one in record.all()):
        use.number = number
    database = text.data.get("database", {})
    mapping = Mapping(tables, records, database.get("connection", ""), database.get("connection_from", ""))
    _check_tables(text, mapping)
    _check_twice(text, mapping)
    return mapping


def names(value: Any) -> tuple[str, ...]:
    """Return the headings that a mapping gives as one name or as a list."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def _table(text: MappingText, name: str, data: dict[str, Any]) -> Table:
    return Table(
        name,
        ("tables", name),
        data.get("file", ""),
        data.get("relation", ""),
        data.get("sheet", ""),
        data.get("encoding", ""),
        data.get("delimiter", ""),
        data.get("heading_row", 0),
        names(data.get("key")),
        data.get("short_rows") == "blank",
        names(data.get("not_used")),
    )


def _check_tables(text: MappingText, mapping: Mapping) -> None:
    used = {use.table for use in mapping.uses()}
    for table in mapping.tables.values():
        if bool(table.file) == bool(table.relation):
            text.say(table.place, "Expected either `file` or `relation`: where the table is read from.", key=True)
        if table.relation and not (mapping.connection or mapping.connection_from):
            text.say((*table.place, "relation"), "No database is named: add `database` with `connection_from` at the top of the mapping.")
        if table.file:
            _check_file(text, table)
        if table.name not in used:
            text.say(table.place, f"The table `{table.name}` feeds nothing: use it, or take it out.", key=True)
    if mapping.connection and (":" in mapping.connection.partition("://")[2].partition("@")[0] and "@" in mapping.connection):
        words = "A password does not belong here: put the connection string into an environment variable and name it in `connection_from`."
        text.say(("database", "connection"), words)
    if mapping.connection and mapping.connection_from:
        text.say(("database",), "Expected either `connection` or `connection_from`.", key=True)


def _check_file(text: MappingText, table: Table) -> None:
    place = (*table.place, "file")
    path = PurePosixPath(table.file.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or table.file.startswith("~") or ":" in "".join(path.parts[:1]):
        text.say(place, "This path leaves the folder of the mapping file: name files in it or below it.")
    elif path.suffix.lower() not in SUFFIXES:
        old = " An old .xls file has to be saved as .xlsx or CSV first." if path.suffix.lower() == ".xls" else ""
        text.say(place, f"This kind of table is not read: expected {', '.join(SUFFIXES)}.{old}")
    excel = path.suffix.lower() in (".xlsx", ".xlsm")
    if table.sheet and not excel:
        text.say((*table.place, "sheet"), "Only Excel files have sheets: take `sheet` out.")
    if (table.encoding or table.delimiter) and path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        text.say(table.place, "Only CSV files have an encoding and a delimiter: take them out.", key=True)


def _record(text: MappingText, tables: dict[str, Table], kind: str, data: dict[str, Any]) -> Use:
    use = Use(0, kind, (kind,), data["table"], key=names(data["key"]), repeats=data.get("repeats", False))
    _rest(text, tables, use, data)
    if not any(one.path == ("id",) for one in use.fields):
        text.say((kind, "fields"), f"`id` is missing: the column with the reference of each {kind}.", key=True)
    return use


def _join(text: MappingText, tables: dict[str, Table], parent: Use, place: Place, data: dict[str, Any]) -> Use:
    match, lookup = _match(data["match"]), data.get("lookup", False)
    use = Use(0, parent.kind, place, data["table"], parent.base, match=match, lookup=lookup, parent=parent)
    _rest(text, tables, use, data)
    if "latest" in data:
        use.latest = tuple(data["latest"].split("."))
        if not any(one.path == use.latest and one.how.type.kind == "date" for one in use.fields):
            text.say((*place, "latest"), "Expected a date field that this join feeds.")
    return use


def _list(text: MappingText, tables: dict[str, Table], parent: Use, place: Place, data: dict[str, Any]) -> Use:
    steps = tuple(data["list"].split("."))
    if not is_list(parent.kind, (*parent.base, *steps)):
        known = list_names(parent.kind, parent.base)
        text.say((*place, "list"), f"There is no list `{data['list']}` here.{did_you_mean(data['list'], known)} Known: {', '.join(known)}.")
        return Use(0, parent.kind, place, data.get("table", ""), parent=parent)
    base: Steps = (*parent.base, *steps, 0)
    match = _match(data.get("match", ()))
    use = Use(0, parent.kind, place, data.get("table", ""), base, steps, match=match, complete=data.get("complete", False), parent=parent)
    if use.same_row and (match or "only" in data):
        text.say(place, "`match` and `only` belong to a table: add `table`, or take them out.")
    if use.same_row and ("joins" in data or "lists" in data):
        text.say(place, "Nothing can hang on an element without a table: take `joins` and `lists` out, or add `table`.")
    if not use.same_row and not match:
        text.say(place, "`match` is missing: the column by which a row finds the record it belongs to.")
    _rest(text, tables, use, data)
    if "order" in data:
        use.order = tuple(data["order"].split("."))
        if not any(one.path == use.order for one in use.fields):
            text.say((*place, "order"), "Expected a field that this list feeds.")
    return use


def _match(data: Any) -> tuple[tuple[str, str], ...]:
    return tuple(data.items()) if isinstance(data, dict) else tuple((one, one) for one in names(data))


def _rest(text: MappingText, tables: dict[str, Table], use: Use, data: dict[str, Any]) -> None:
    """Fill in what every use has: its rows, fields, joins and lists."""
    if use.table and use.table not in tables:
        text.say((*use.place, "table"), f"There is no table `{use.table}` under `tables`.{did_you_mean(use.table, tables)}")
    use.only = tuple((column, frozenset(plain(one) for one in names(words))) for column, words in data.get("only", {}).items())
    known = field_names(use.kind, use.base)
    for name, spec in data["fields"].items():
        place = (*use.place, "fields", name)
        path = tuple(name.split("."))
        kind = field_type(use.kind, (*use.base, *path))
        if kind is None:
            text.say(place, _unknown(use, name, path, list(known)), key=True)
            continue
        field = field_map(text, use, path, place, kind, spec)
        if field:
            use.fields.append(field)
    use.joins = [_join(text, tables, use, (*use.place, "joins", at), one) for at, one in enumerate(data.get("joins", ()))]
    use.lists = [_list(text, tables, use, (*use.place, "lists", at), one) for at, one in enumerate(data.get("lists", ()))]


def _unknown(use: Use, name: str, path: tuple[str, ...], known: list[str]) -> str:
    if is_list(use.kind, (*use.base, *path)):
        return f"`{name}` is a list: map it under `lists`."
    where = f" of an element of `{use.name}`" if use.list_path else f" of a {use.kind}"
    return f"`{name}` is not a field{where}.{did_you_mean(name, known)} pbcheck schema show {use.kind} lists the fields."


def _check_twice(text: MappingText, mapping: Mapping) -> None:
    """Refuse a field that two parts of one record feed: which of them counts would be a matter of chance."""
    for record in mapping.records:
        for use in [one for one in record.all() if one.list_path or one.parent is None]:
            seen: set[tuple[str, ...]] = set()
            for one in _beside(use):
                for field in one.fields:
                    if field.path in seen:
                        text.say(field.place, f"`{'.'.join(field.path)}` is fed twice: keep one of the two.", key=True)
                    seen.add(field.path)


def _beside(use: Use) -> list[Use]:
    return [use, *(inner for join in use.joins for inner in _beside(join))]
