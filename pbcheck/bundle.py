"""A bundle: report, result, and the hashes of everything the result rests on, in one zip; and whether all of it still matches.

The same audit gives the same bytes. A bundle is read without unpacking anything to disk, within bounds.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pbcheck._version import __version__
from pbcheck.discover import find_exports, shown
from pbcheck.errors import UsageError
from pbcheck.model import Report
from pbcheck.render import write_as
from pbcheck.render.json_report import decision_data
from pbcheck.rulebook.files import pack_files
from pbcheck.shipped import shipped

FORMAT = "1.0"
MANIFEST, HTML, RESULT = "manifest.json", "report.html", "result.json"
LIMITS = {MANIFEST: 64 << 20, HTML: 1 << 30, RESULT: 1 << 30}
DATE = (1980, 1, 1, 0, 0, 0)
_PIECE = 1 << 20


@dataclass(frozen=True)
class Compared:
    """What came of comparing one kind of file: how many match, and the names of those that changed, are missing or are new."""

    name: str
    match: int = 0
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Return whether everything matches."""
        return not (self.changed or self.missing or self.new)


def write_bundle(
    path: Path,
    report: Report,
    roots: Sequence[Path],
    packs: Sequence[Path] = (),
    instructions: Sequence[Path] = (),
    *,
    pseudonymised: bool = False,
) -> None:
    """Write the bundle of an audit of `roots` under `packs`, as a whole or not at all; raises OSError where it cannot be written.

    `instructions` are the configuration, the register of waivers and the baseline, as far as there are any.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pbcheck-") as folder:
        files = {name: Path(folder) / name for name in (HTML, RESULT, MANIFEST)}
        write_as(files[HTML], "html", report)
        write_as(files[RESULT], "json", report)
        made = {
            "format": "pbcheck-bundle",
            "version": FORMAT,
            "tool": {"name": "pbcheck", "version": report.version, "rulebook": report.rulebook_hash},
            "audit": {"as_of": report.as_of or None, "profile": report.profile, "complete": report.complete},
            "pseudonymised": pseudonymised,
            "roots": [] if pseudonymised else [shown(one) for one in roots],
            "files": [
                {"path": name, "sha256": _file_hash(files[name]), "bytes": files[name].stat().st_size} for name in sorted((HTML, RESULT))
            ],
            "inputs": [{"path": one.path, "sha256": one.sha256 or None, "bytes": one.size} for one in report.inputs],
            "packs": [{"path": shown(one), "files": _hashes(one, pack_files(one))} for one in packs],
            "shipped": shipped_files(),
            "instructions": [{"path": shown(one), "sha256": _file_hash(one)} for one in instructions],
            "waivers": [decision_data(one) for one in report.decisions],
        }
        files[MANIFEST].write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        _write(path, files)


def _write(path: Path, files: Mapping[str, Path]) -> None:
    """Put files into a zip that is there as a whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for inside, file in sorted(files.items()):
                info = zipfile.ZipInfo(inside, DATE)
                info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
                info.file_size = file.stat().st_size
                with file.open("rb") as source, archive.open(info, "w") as member:
                    shutil.copyfileobj(source, member, _PIECE)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def shipped_files() -> list[dict[str, Any]]:
    """Return the hashes of what ships with pbcheck and every audit rests on: rules, registers and schemas."""
    rules = shipped("rules")
    schemas = sorted(shipped("schemas").glob("*.json"))
    return [*_hashes(rules, sorted(rules.rglob("*.yaml")), "rules/"), *_hashes(shipped("schemas"), schemas, "schemas/")]


def _hashes(folder: Path, files: Iterable[Path], before: str = "") -> list[dict[str, Any]]:
    made = []
    for one in files:
        raw = one.read_bytes()
        name = before + (one.relative_to(folder).as_posix() if one != folder else one.name)
        made.append({"path": name, "sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)})
    return made


class Bundle:
    """A bundle that was read: its manifest, and the hashes of the report and the result in it."""

    def __init__(self, path: Path) -> None:
        """Read a bundle; raises UsageError where the file is none, or is not what a bundle may be."""
        try:
            with zipfile.ZipFile(path) as archive:
                self._check(archive)
                raw = b"".join(_pieces(archive, MANIFEST))
                self.found = {name: _sha256(_pieces(archive, name)) for name in (HTML, RESULT)}
            self.made = json.loads(raw)
        except OSError as error:
            raise UsageError(f"{path} cannot be read ({error.strerror or 'it is damaged'}).") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, RecursionError):
            raise UsageError(f"{path} is no bundle of pbcheck, or is damaged.") from None
        if not _is_manifest(self.made):
            raise UsageError(f"{path} is no bundle of pbcheck: its manifest is not one.")
        if self.made["version"].split(".")[0] != FORMAT.split(".")[0]:
            raise UsageError(f"{path} was written by another version of pbcheck ({self.made['version']}): use that one.")

    @staticmethod
    def _check(archive: zipfile.ZipFile) -> None:
        """Raise ValueError where an archive holds what no bundle holds: other names, names twice, too much, other ways to pack."""
        infos = archive.infolist()
        if sorted(one.filename for one in infos) != sorted(LIMITS):
            raise ValueError("other files")
        for one in infos:
            if (
                one.file_size > LIMITS[one.filename]
                or one.flag_bits & 1
                or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            ):
                raise ValueError("too much, or packed otherwise")

    def contents(self) -> Compared:
        """Return whether report and result are those that were put in."""
        return _compared("Report and result", {one["path"]: one["sha256"] for one in self.made["files"]}, dict(self.found))

    def shipped(self) -> Compared:
        """Return whether the rules, registers and schemas of this installation are those of the audit."""
        now = shipped_files()
        return _compared(
            "Rules and schemas of pbcheck", *({one["path"]: one["sha256"] for one in found} for found in (self.made["shipped"], now))
        )

    def instructions(self) -> Compared:
        """Return whether the configuration, the register of waivers and the baseline are what they were, where they were."""
        recorded = {one["path"]: one["sha256"] for one in self.made["instructions"]}
        now = {name: _file_hash(Path(name)) for name in recorded if Path(name).is_file()}
        return _compared("Configuration and exceptions", recorded, now)

    def packs(self, given: Sequence[Path]) -> list[Compared]:
        """Return whether the rule packs are those of the audit: where they were then, or where the user says that they are."""
        recorded = self.made["packs"]
        if given and len(given) != len(recorded):
            raise UsageError(f"The audit used {len(recorded)} rule packs of its own: name as many with --rules, in the same order.")
        made = []
        for one, folder in zip(recorded, given or [Path(one["path"]) for one in recorded], strict=True):
            now = {row["path"]: row["sha256"] for row in _hashes(folder, pack_files(folder))} if folder.exists() else {}
            made.append(_compared(f"Rule pack {one['path']}", {row["path"]: row["sha256"] for row in one["files"]}, now))
        return made

    def inputs(self, given: Sequence[Path]) -> Compared:
        """Return whether the files that were audited are what they were: where they were then, or in the exports that are named."""
        roots = self.made["roots"]
        if self.made["pseudonymised"]:
            if not given:
                raise UsageError("The files of this bundle are named by hashes: name the exports that were audited.")
            return self._by_hash(given)
        if given and len(given) != len(roots):
            raise UsageError(f"The audit was of {len(roots)} paths ({', '.join(roots)}): name as many, in the same order.")
        recorded = {one["path"]: one["sha256"] for one in self.made["inputs"]}
        places = dict(zip(roots, given or [Path(one) for one in roots], strict=True))
        now: dict[str, str | None] = {}
        for root, here in places.items():
            now |= {_named(path, here, root): _file_hash(path) for path in _files(here, asked=bool(given))}
        for name in recorded:
            where = _place(name, places)
            if name not in now and where.is_file():
                now[name] = _file_hash(where)
        return _compared("Audited files", recorded, now)

    def _by_hash(self, given: Sequence[Path]) -> Compared:
        """Return the same where only the hashes tell which file is which."""
        wanted = {one["sha256"]: one["path"] for one in self.made["inputs"] if one["sha256"]}
        now = {_file_hash(path): shown(path) for here in given for path in _files(here, asked=True)}
        missing = tuple(sorted(name for one, name in wanted.items() if one not in now))
        new = tuple(sorted(name for one, name in now.items() if one not in wanted))
        unsure = tuple(sorted(one["path"] for one in self.made["inputs"] if not one["sha256"]))
        return Compared("Audited files", len(wanted.keys() & now.keys()), (), missing, new, unsure)

    @property
    def same_tool(self) -> bool:
        """Return whether this version of pbcheck made the bundle."""
        return bool(self.made["tool"]["version"] == __version__)


def _is_manifest(made: Any) -> bool:
    """Return whether a manifest has the keys and types of one."""

    def is_rows(rows: Any) -> bool:
        return isinstance(rows, list) and all(
            isinstance(one, dict) and isinstance(one.get("path"), str) and "sha256" in one for one in rows
        )

    if not isinstance(made, dict) or made.get("format") != "pbcheck-bundle" or not isinstance(made.get("version"), str):
        return False
    tool, packs, roots = made.get("tool"), made.get("packs"), made.get("roots")
    return (
        all(is_rows(made.get(name)) for name in ("files", "inputs", "shipped", "instructions"))
        and isinstance(tool, dict)
        and isinstance(tool.get("version"), str)
        and isinstance(packs, list)
        and all(isinstance(one, dict) and isinstance(one.get("path"), str) and is_rows(one.get("files")) for one in packs)
        and isinstance(roots, list)
        and all(isinstance(one, str) for one in roots)
        and isinstance(made.get("pseudonymised"), bool)
    )


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterable[bytes]:
    """Yield the content of a member piece by piece; raises ValueError where it is more than it may be."""
    left = LIMITS[name]
    with archive.open(name) as member:
        while piece := member.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise ValueError("too much")
            yield piece


def _sha256(pieces: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()


def _file_hash(path: Path) -> str | None:
    """Return the hash of an ordinary file; None where it is none or cannot be read."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as handle:
            return _sha256(iter(lambda: handle.read(_PIECE), b""))
    except OSError:
        return None


def _files(here: Path, *, asked: bool) -> list[Path]:
    """Return the files that an audit of a path would read; none where it is gone. Raises UsageError where it was named and is not there."""
    if not asked and not os.path.lexists(here):
        return []
    exports = find_exports([here])
    return [file.path for one in exports for file in (*one.files, *([one.manifest_file] if one.manifest_file else ()))]


def _named(path: Path, here: Path, root: str) -> str:
    """Return how a file was named in the audit, where its export lies elsewhere now."""
    return shown(Path(root) / path.relative_to(here)) if path != here else root


def _place(name: str, places: dict[str, Path]) -> Path:
    """Return where a file of the audit should be now; raises UsageError for a file outside what was audited."""
    for root, here in places.items():
        if name == root:
            return here
        path = PurePosixPath(name)
        if path.is_relative_to(root) and ".." not in path.relative_to(root).parts:
            return here / path.relative_to(root)
    raise UsageError("The manifest of this bundle names a file outside of what was audited: it is no bundle of pbcheck.")


def _compared(name: str, then: dict[str, str | None], now: dict[str, str | None]) -> Compared:
    unsure = {one for one, digest in then.items() if digest is None}
    return Compared(
        name,
        sum(1 for one, digest in then.items() if digest is not None and now.get(one) == digest),
        tuple(sorted(one for one, digest in then.items() if one in now and one not in unsure and now[one] != digest)),
        tuple(sorted(one for one in then if one not in now and one not in unsure)),
        tuple(sorted(one for one in now if one not in then)),
        tuple(sorted(unsure)),
    )
