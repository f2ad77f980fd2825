"""Excel files: the rows of one sheet, streamed; numbers as the fifteen digits that Excel keeps, dates as ISO text."""

from __future__ import annotations

import hashlib
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pbcheck.errors import UsageError
from pbcheck.exports.mapping.sources import Broken, Row
from pbcheck.schema.suggest import did_you_mean
from pbcheck.source.document import Fault, Unreadable

MAX_UNFOLDED = 4 << 30


class ExcelSource:
    """One sheet of an .xlsx file; raises Unreadable where the file is damaged or protected, UsageError where openpyxl is missing."""

    delimiters: Sequence[str] = ("",)

    def __init__(self, path: Path, shown: str, sheet: str) -> None:
        self.path: Path | None = path
        with path.open("rb") as handle:
            self.sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        self.size = path.stat().st_size
        self.file = path
        _bounded(path)
        book = _book(path)
        try:
            self.sheets = list(book.sheetnames)
        finally:
            book.close()
        if sheet and sheet not in self.sheets:
            words = f"There is no sheet `{sheet}` in this file.{did_you_mean(sheet, self.sheets)}"
            raise Unreadable(Fault("file-not-read", words))
        self.sheet = sheet or self.sheets[0]
        self.shown = f"{shown}#{self.sheet}"

    def rows(self, delimiter: str = "") -> Iterator[Row | Broken]:
        """Yield the rows of the sheet, each with its number there."""
        book = _book(self.file)
        try:
            sheet = book[self.sheet]
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                yield Row(number, [cell_text(one) for one in cells])
        except Exception as error:  # whatever a damaged sheet makes the reader do, the file cannot be read
            raise Unreadable(_damaged(error)) from None
        finally:
            book.close()


def _bounded(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as folder:
            unfolded = sum(one.file_size for one in folder.infolist())
    except (zipfile.BadZipFile, OSError):
        words = "This is no readable Excel file: it is damaged, protected by a password, or an old .xls file. Save it as .xlsx or CSV."
        raise Unreadable(Fault("file-not-read", words)) from None
    if unfolded > MAX_UNFOLDED:
        raise Unreadable(Fault("too-large", "The Excel file unfolds to more than 4 GiB: export the table as CSV."))


def _book(path: Path) -> Any:
    try:
        import openpyxl
    except ImportError:
        raise UsageError("Excel files are read with openpyxl, which is not installed: pip install 'pbcheck[tables]'.") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and validations that openpyxl does not know: only values are read
        try:
            return openpyxl.load_workbook(path, read_only=True, data_only=True)
        except Exception as error:  # whatever a damaged file makes the reader do, the file cannot be read
            raise Unreadable(_damaged(error)) from None


def _damaged(error: Exception) -> Fault:
    return Fault("file-not-read", f"The Excel file is damaged ({type(error).__name__}): save it again, or export the table as CSV.")


def cell_text(value: Any) -> str:
    """Return the text of a cell: numbers exact to fifteen digits and without exponent, dates as ISO text, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        text = f"{Decimal(format(value, '.15g')):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
