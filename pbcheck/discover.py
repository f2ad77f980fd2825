"""Paths to exports: which folder or files belong together, what kind each file is, and what the manifest says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pbcheck.errors import UsageError
from pbcheck.schema.store import KINDS, load
from pbcheck.schema.suggest import did_you_mean, nearest
from pbcheck.source.document import Document, Fault
from pbcheck.source.files import SUFFIXES, TABLES, FileRead, read_documents
from pbcheck.source.lines import ending

MANIFESTS = ("export.yaml", "export.yml", "export.json")
REGISTERS = ("waivers", "baseline")
"""Kinds of files that are no documents, and are read only where the configuration or a flag names them."""
MAPPING = "mapping"
"""The kind of a file that says how tables become cases."""
INSTRUCTIONS = ("pbcheck.yaml", "pbcheck-waivers.yaml", "pbcheck-baseline.json")
"""Files that tell pbcheck what to do, and are no documents."""
_NAMES = {
    "policy": "policy",
    "policies": "policy",
    "case": "case",
    "cases": "case",
    "contract": "contract",
    "contracts": "contract",
    "portfolio": "portfolio",
    "export": "export",
}


@dataclass
class Export:
    """Documents that are audited together: a folder with its manifest, a folder without one, or files named one by one.

    `manifest_file` is where the manifest stands (it has been read already), `manifest` what it says; None where it cannot be used.
    `tables` are files that only a mapping can make cases of.
    """

    root: Path | None
    files: list[FileRead] = field(default_factory=list)
    manifest_file: FileRead | None = None
    manifest: Document | None = None
    remarks: list[str] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)


def find_exports(paths: list[Path], instructions: Iterable[Path] = ()) -> list[Export]:
    """Return the exports that the given paths stand for, each path once; raises UsageError for a path that is not there.

    `instructions` are files that tell pbcheck what to do (rules, a register): a folder is read without them, unless a manifest lists them.
    """
    found = _found(paths)
    left_out = {one.resolve() for one in instructions}
    for export in found if left_out else ():
        if export.root is not None and export.manifest is None:
            export.files = [one for one in export.files if one.path.resolve() not in left_out]
    return found


def _found(paths: list[Path]) -> list[Export]:
    found: list[Export] = []
    loose = Export(None)
    known: set[Path] = set()
    for path in paths:
        try:
            folder, there = path.is_dir(), os.path.lexists(path)
        except OSError as error:
            raise UsageError(f"{path} cannot be looked at ({error.strerror}): check the path.") from None
        if not there:
            raise UsageError(_not_there(path))
        if path.absolute() in known:
            loose.remarks.append(f"{shown(path)} was given twice: it was read once.")
        elif folder:
            found += _in_folder(path)
        else:
            loose.files.append(_file(path))
        known.add(path.absolute())
    return [loose, *found] if loose.files or loose.remarks else found


def _not_there(path: Path) -> str:
    beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    return f"{path} is not there.{did_you_mean(path.name, beside)}"


def shown(path: Path) -> str:
    """Return how a file is named in every output: as it was given, or below the working folder, with forward slashes."""
    here = Path.cwd()
    text = path.relative_to(here).as_posix() if path.is_absolute() and path.is_relative_to(here) else path.as_posix()
    return text.encode("utf-8", "backslashreplace").decode()


def _in_folder(folder: Path) -> list[Export]:
    """Return the exports in a folder: the folder itself where it has a manifest, else each one below, and the files beside them."""
    if _manifests(folder):
        return [_with_manifest(folder)]
    everything = _without_manifest(folder)
    homes = sorted({one.path.parent for one in everything.files if one.path.name in MANIFESTS})
    inner = [one for one in homes if not any(one != other and one.is_relative_to(other) for other in homes)]
    everything.files = [one for one in everything.files if not any(one.path.is_relative_to(home) for home in inner)]
    beside = [everything] if everything.files or everything.faults or not inner else []
    return beside + [_with_manifest(one) for one in inner]


def _manifests(folder: Path) -> list[Path]:
    return [folder / name for name in MANIFESTS if os.path.lexists(folder / name)]


def _without_manifest(folder: Path) -> Export:
    """Return every document file below a folder; folders that cannot be entered are faults, hidden ones are left out."""
    export = Export(folder)
    tables: list[Path] = []

    def closed(error: OSError) -> None:
        words = "This folder cannot be opened: ask for permission to read it."
        export.faults.append((shown(Path(error.filename)), Fault("file-not-read", words)))

    for place, folders, names in os.walk(folder, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if Path(place, name).is_symlink():
                words = "This is a link to a folder, which is not followed: put a copy of the folder in its place."
                export.faults.append((shown(Path(place, name)), Fault("file-not-read", words)))
        export.files += [
            FileRead(path, shown(path)) for one in (*names, *folders) if _may_be_a_document(one) for path in [Path(place, one)]
        ]
        tables += [Path(place, one) for one in names if Path(one).suffix.lower() in TABLES and not one.startswith(".")]
    for path in sorted(tables):
        file = _file(path)
        if file.reader is not None:
            export.files.append(file)
        else:
            export.tables.append(file.shown)
    export.files.sort(key=lambda one: one.path)
    return export


def _file(path: Path, kind: str = "") -> FileRead:
    """Return a file that is to be read: a Client Level Data return by its own reader, every other by its ending."""
    if path.suffix.lower() == ".csv":
        from pbcheck.exports.cld.reader import return_at

        found = return_at(path, shown(path))
        if found is not None:
            return found
    return FileRead(path, shown(path), kind=kind)


def _may_be_a_document(name: str) -> bool:
    return not name.startswith(".") and name not in INSTRUCTIONS and ending(Path(name)) in SUFFIXES


def _with_manifest(folder: Path) -> Export:
    path, *others = _manifests(folder)
    file = FileRead(path, shown(path), kind="export")
    rest = _without_manifest(folder)
    rest.files = [one for one in rest.files if one.path != path]
    export = Export(folder, manifest_file=file, faults=rest.faults, tables=rest.tables)
    for other in others:
        words = f"This folder has two manifests: {path.name} is used. Keep one of them."
        export.faults.append((shown(other), Fault("file-not-read", words)))
        rest.files = [one for one in rest.files if one.path != other]
    export.manifest = _manifest(file, folder)
    rows = export.manifest.data.get("files") if export.manifest else None
    if not isinstance(rows, list):
        export.files = rest.files
        return export
    taken = {path}
    for index, row in enumerate(rows):
        for one in _listed(export, folder, row, index):
            if one.path not in taken:
                taken.add(one.path)
                export.files.append(one)
    unlisted = [one.shown for one in rest.files if one.path not in taken]
    if unlisted:
        export.remarks.append(f"Not read, since the manifest does not list them: {', '.join(unlisted)}.")
    return export


def _manifest(file: FileRead, folder: Path) -> Document | None:
    """Return the manifest in a file, or None; what is wrong with it becomes a fault of the file."""
    documents = list(read_documents(file, folder))
    for other in documents[1:]:
        words = "A manifest is one document: put this one into a file of its own."
        file.faults.append(Fault("kind-not-known", words, other.locate(())))
    if not documents:
        return None
    fault = settle_kind(documents[0], file, named=True)
    if fault:
        file.faults.append(fault)
    return None if fault else documents[0]


def _listed(export: Export, folder: Path, row: object, index: int) -> Iterator[FileRead]:
    """Yield the files that one entry of the manifest names; an entry that names none is a fault."""
    pattern = row.get("path") if isinstance(row, dict) else None
    place = ("files", index, "path")

    def fault(words: str) -> None:
        assert export.manifest is not None
        export.faults.append((export.manifest.file, Fault("file-not-read", words, export.manifest.locate(place), place)))

    if not isinstance(pattern, str) or not isinstance(row, dict):
        fault("This entry names no file: expected `path` and `kind`.")
        return
    if pattern.startswith(("/", "~")) or ".." in Path(pattern).parts or not pattern:
        fault("This path leaves the export folder: list files inside it only.")
        return
    try:
        matched = sorted(folder.glob(pattern))
    except (ValueError, IndexError, NotImplementedError, OSError):  # what pathlib raises for `**x`, `.` and absolute patterns
        fault("This is no path or pattern: expected one such as cases/*.jsonl.")
        return
    if not matched:
        fault("No file matches this path: correct it, or take the entry out.")
    kind = row.get("kind")
    for path in matched:
        yield _file(path, kind if kind in KINDS else "")


def settle_kind(document: Document, file: FileRead, *, named: bool) -> Fault | None:
    """Give a document its kind: its own `kind` key, the manifest's word, or the name of its file; return a fault where none fits.

    A file nobody named that looks like no document at all gets kind `""` and no fault: the caller says that it was left out.
    """
    stated = document.data.get("kind")
    if stated == MAPPING and file.kind in ("", "case"):
        document.kind = MAPPING
        return None
    if stated in REGISTERS and not named and not file.kind:
        document.kind = ""
        return None
    if isinstance(stated, str) and stated in KINDS:
        document.kind = stated
        if file.kind in ("", stated):
            return None
        words = f"The document says `kind: {stated}`, but the manifest lists this file as `{file.kind}`: correct one of the two."
        return Fault("kind-not-known", words, document.locate(("kind",)), ("kind",))
    if "kind" in document.data:
        hint = did_you_mean(stated, KINDS) if isinstance(stated, str) else ""
        return Fault("kind-not-known", f"Expected `kind` to be one of: {', '.join(KINDS)}.{hint}", document.locate(("kind",)), ("kind",))
    by_name = file.kind or kind_by_name(file.path)
    if by_name:
        document.kind = by_name
        return None
    document.kind = ""
    if named or _resembles(document.data):
        words = f"This document does not say what it is: add a first line such as `kind: policy` (one of: {', '.join(KINDS)})."
        return Fault("kind-not-known", words, document.locate(()), ())
    return None


def kind_by_name(path: Path) -> str:
    """Return the kind that the name of a file or of its folder stands for, such as `policy.yaml` or `cases/`; empty where none does."""
    return _NAMES.get(path.name.split(".")[0].lower(), "") or _NAMES.get(path.parent.name.lower(), "")


def _resembles(data: dict[str, object]) -> bool:
    """Return whether the keys look like those of a document, so that leaving it out would be wrong."""
    if _is_a_rule(data):
        return False
    if nearest("kind", data.keys()):
        return True
    for kind in KINDS:
        known = load(kind)["properties"]
        if data and sum(key in known for key in data) * 2 >= len(data):
            return True
    return False


def _is_a_rule(data: dict[str, object]) -> bool:
    """Return whether the keys are those of a rule of a pack, which lies beside the documents of many a repository."""
    return {"id", "severity", "theme"} <= data.keys() and bool({"expect", "matrix"} & data.keys())
