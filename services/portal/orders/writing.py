"""Rows as .xlsx or .csv that no spreadsheet program takes for formulas or numbers: what was words stays words."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import IO

import xlsxwriter  # type: ignore[import-untyped]

Rows = Iterable[Sequence[str]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is carried out (OWASP, CSV injection)."""
FIGURES = re.compile(r"[0-9][0-9.,:/%年月日Ee+\- ]*", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
LONG_NUMBER = 12
"""Of so many digits a spreadsheet makes 6.4E+17."""


def xlsx(rows: Rows, out: IO[bytes], title: str = "工单") -> None:
    """Row by row, in little memory. Every cell is text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for line, cells in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.write_string(line, column, text)


def csv_lines(rows: Rows, encoding: str) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, or GB18030; each row as it comes."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for line, cells in enumerate(rows):
        writer.writerow([as_text(cell) for cell in cells])
        yield out.getvalue().encode("utf-8-sig" if encoding == "utf-8" and line == 0 else encoding)
        out.seek(0)
        out.truncate()


def as_text(cell: str) -> str:
    """A cell of a .csv that stays what it is: an apostrophe before a formula, a tab before figures that change."""
    if cell.lstrip("'").startswith(FORMULA):
        return f"'{cell}"
    return f"\t{cell}" if _is_taken_otherwise(cell) else cell


def _is_taken_otherwise(cell: str) -> bool:
    """Long numbers lose digits, others the 0 in front; 2-3-5 and 3/4 become days. A moment may become one."""
    if cell.isdigit():
        return len(cell) >= LONG_NUMBER or (cell.startswith("0") and len(cell) > 1)
    return FIGURES.fullmatch(cell) is not None and MOMENT.fullmatch(cell) is None
