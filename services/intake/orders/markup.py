"""Tables that web systems export under the name .xls: HTML pages and SpreadsheetML 2003, read as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
PIECE = 65_536
BLANKS = re.compile(r"[ \t\r\n]+")
"""Pages break lines anywhere; only <br> is one."""
ROW, CELL = frozenset({"tr", "row"}), frozenset({"td", "th", "cell"})
WIDEST = 1000
"""Columns that a cell may span or skip; more is a mistake."""


def is_markup(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its line as a spreadsheet program shows it, from 1. Blank cells follow one over several columns."""
    parser = _Tables()
    for at in range(0, len(text), PIECE):
        parser.feed(text[at : at + PIECE])
        yield from parser.taken()
    parser.close()
    parser.end_row()
    yield from parser.taken()


class _Tables(HTMLParser):
    """Rows and cells end where the next begins, if nothing ends them before: pages leave end tags out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._rows: list[tuple[int, list[str]]] = []
        self._line = 0
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span, self._folded = 1, False

    def taken(self) -> list[tuple[int, list[str]]]:
        rows, self._rows = self._rows, []
        return rows

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag in ROW:
            self.end_row()
            self._line = max(self._line + 1, _number(attrs, "ss:index", 0))
            self._row = []
        elif tag in CELL and self._row is not None:
            self._begin_cell(self._row, attrs)
            self._folded = tag != "cell"
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def _begin_cell(self, row: list[str], attrs: Attributes) -> None:
        self._end_cell()
        row.extend([""] * (min(_number(attrs, "ss:index", 0), WIDEST) - 1 - len(row)))
        self._span = min(_number(attrs, "colspan", _number(attrs, "ss:mergeacross", 0) + 1), WIDEST)
        self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ROW:
            self.end_row()
        elif tag in CELL:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(BLANKS.sub(" ", data) if self._folded else data)

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row.extend(["".join(self._cell).strip(), *[""] * (self._span - 1)])
        self._cell = None

    def end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._rows.append((self._line, self._row))
        self._row = None


def _number(attrs: Attributes, name: str, otherwise: int) -> int:
    found = dict(attrs).get(name) or ""
    return int(found) if found.isdecimal() and len(found) < 8 else otherwise
