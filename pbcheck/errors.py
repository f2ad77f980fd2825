"""What can go wrong with the ruler itself, and the exit codes. Faults in what is measured are findings, never exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command; the output format never changes them."""

    CLEAN = 0
    FINDINGS = 1
    INSTRUCTIONS = 2
    INCOMPLETE = 3
    BUG = 70
    INTERRUPTED = 130


class PbcheckError(Exception):
    """Something that stops the command; `exit_code` says how it ends."""

    exit_code = Exit.INSTRUCTIONS


class UsageError(PbcheckError):
    """The user's instructions are wrong: an unknown name, a path that is not there, a flag that does not fit."""


@dataclass(frozen=True)
class PackFault:
    """One fault in a file of instructions: where it is (line and column from 1, or no line) and what to do about it."""

    file: str
    line: int
    column: int
    message: str
    source_line: str = ""
    width: int = 1

    def __str__(self) -> str:
        if not self.line:
            return f"{self.file}: {self.message}"
        text = f"{self.file}:{self.line}:{self.column}: {self.message}"
        if self.source_line:
            gutter = str(self.line)
            caret = " " * (self.column - 1) + "^" * max(1, self.width)
            blank = " " * len(gutter)
            text += f"\n {blank} |\n {gutter} | {self.source_line}\n {blank} | {caret}"
        return text


class FaultyFileError(PbcheckError):
    """A file of instructions cannot be used; `faults` holds every fault found in it."""

    def __init__(self, faults: list[PackFault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column, fault.message))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class RulePackError(FaultyFileError):
    """The rule pack cannot be used."""


class ConfigError(FaultyFileError):
    """The configuration, a register of waivers or a baseline cannot be used."""
