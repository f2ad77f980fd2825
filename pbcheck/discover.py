"""Paths to exports: which folder or files belong together, what kind each file is, and what the manifest says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pbcheck.errors import UsageError
from pbcheck.schema.store import KINDS, load
from pbcheck.schema.suggest import did_you_mean, nearest
from pbcheck.source.document import Document, Fault
from pbcheck.source.files import SUFFIXES, FileRead, read_documents

MANIFESTS = ("export.yaml", "export.yml", "export.json")
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
    """Documents that are audited together: a folder with its manifest, a folder without one, or files named one by one."""

    root: Path | None
    files: list[FileRead] = field(default_factory=list)
    manifest: Document | None = None
    remarks: list[str] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)


def find_exports(paths: list[Path]) -> list[Export]:
    """Return the exports that the given paths stand for; raises UsageError for a path that is not there."""
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise UsageError(_not_there(path))
    found: list[Export] = []
    loose = [path for path in paths if not path.is_dir()]
    if loose:
        files = [FileRead(path, shown(path)) for path in loose]
        found.append(Export(None, files))
    for path in paths:
        if path.is_dir():
            found += _in_folder(path)
    return found


def _not_there(path: Path) -> str:
    beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    return f"{path} is not there.{did_you_mean(path.name, beside)}"


def shown(path: Path) -> str:
    """Return how a file is named in every output: as it was given, or below the working folder, with forward slashes."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix() if path.is_absolute() else path.as_posix()
    except ValueError:
        return path.as_posix()


def _in_folder(folder: Path) -> list[Export]:
    if _manifest(folder):
        return [_with_manifest(folder)]
    inner = sorted({path.parent for name in MANIFESTS for path in folder.rglob(name) if not _hidden(path, folder)})
    return [_with_manifest(one) for one in inner] or [_without_manifest(folder)]


def _manifest(folder: Path) -> Path | None:
    return next((folder / name for name in MANIFESTS if (folder / name).exists()), None)


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _without_manifest(folder: Path) -> Export:
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and not _hidden(path, folder))
    return Export(folder, [FileRead(path, shown(path)) for path in paths])


def _with_manifest(folder: Path) -> Export:
    path = _manifest(folder)
    assert path is not None
    file = FileRead(path, shown(path), kind="export")
    export = Export(folder, [file])
    documents = list(read_documents(file, folder))
    export.manifest = documents[0] if documents else None
    if export.manifest is None:
        rest = _without_manifest(folder)
        export.files += [one for one in rest.files if one.path != path]
        return export
    taken = {path}
    rows = export.manifest.data.get("files")
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        for one in _listed(export, folder, row, index):
            if one.path not in taken:
                taken.add(one.path)
                export.files.append(one)
    unlisted = [one.path for one in _without_manifest(folder).files if one.path not in taken]
    if unlisted and rows is None:
        export.files += [FileRead(one, shown(one)) for one in unlisted]
    elif unlisted:
        export.remarks.append(f"Not read, since the manifest does not list them: {', '.join(shown(one) for one in unlisted)}.")
    return export


def _listed(export: Export, folder: Path, row: object, index: int) -> Iterator[FileRead]:
    if not isinstance(row, dict) or not isinstance(row.get("path"), str):
        return
    pattern, kind = row["path"], row.get("kind", "")
    place = ("files", index, "path")
    manifest = export.files[0]
    mark = export.manifest.locate(place) if export.manifest else None
    if pattern.startswith(("/", "~")) or ".." in Path(pattern).parts or not pattern:
        words = "This path leaves the export folder: list files inside it only."
        export.faults.append((manifest.shown, Fault("file-not-read", words, mark, place) if mark else Fault("file-not-read", words)))
        return
    matched = sorted(folder.glob(pattern))
    if not matched:
        words = "No file matches this path: correct it, or take the entry out."
        export.faults.append((manifest.shown, Fault("file-not-read", words, mark, place) if mark else Fault("file-not-read", words)))
    for path in matched:
        yield FileRead(path, shown(path), kind=kind if isinstance(kind, str) else "")


def settle_kind(document: Document, file: FileRead, *, named: bool) -> Fault | None:
    """Give a document its kind: its own `kind` key, the manifest's word, or the name of its file; return a fault where none fits.

    A file nobody named that looks like no document at all gets kind `""` and no fault: the caller says that it was left out.
    """
    stated = document.data.get("kind")
    if isinstance(stated, str) and stated in KINDS:
        document.kind = stated
        return None
    if "kind" in document.data:
        hint = did_you_mean(stated, KINDS) if isinstance(stated, str) else ""
        return Fault("kind-not-known", f"Expected `kind` to be one of: {', '.join(KINDS)}.{hint}", document.locate(("kind",)), ("kind",))
    by_name = file.kind or _kind_by_name(file.path)
    if by_name:
        document.kind = by_name
        return None
    document.kind = ""
    if named or _resembles(document.data):
        words = f"This document does not say what it is: add a first line such as `kind: policy` (one of: {', '.join(KINDS)})."
        return Fault("kind-not-known", words, document.locate(()), ())
    return None


def _kind_by_name(path: Path) -> str:
    return _NAMES.get(path.name.split(".")[0].lower(), "") or _NAMES.get(path.parent.name.lower(), "")


def _resembles(data: dict[str, object]) -> bool:
    """Return whether the keys look like those of a document, so that leaving it out would be wrong."""
    if nearest("kind", data.keys()):
        return True
    for kind in KINDS:
        known = load(kind)["properties"]
        if data and sum(key in known for key in data) * 2 >= len(data):
            return True
    return False
