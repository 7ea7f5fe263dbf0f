"""Rows as .xlsx or .csv that no spreadsheet program takes for formulas or numbers: what was words stays words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import IO

import xlsxwriter  # type: ignore[import-untyped]

Rows = Iterable[Sequence[str]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is carried out (OWASP, CSV injection)."""
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
    """A cell of a .csv that stays what it is: an apostrophe before a formula, a tab before a long number."""
    if cell.lstrip("'").startswith(FORMULA):
        return f"'{cell}"
    return f"\t{cell}" if cell.isdigit() and len(cell) >= LONG_NUMBER else cell
