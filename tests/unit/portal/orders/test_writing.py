"""What we write we read again, and no spreadsheet carries it out."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as some
from python_calamine import CalamineWorkbook

from services.intake.orders import layout, sheets
from services.portal.orders import writing

HEADING = list(layout.COLUMNS)
WORDS = some.text(
    some.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn", "Co"]), max_size=30
)
CELLS = (WORDS | some.sampled_from(["=1+1", "+86", "-", "@x", "'=1", "''-", "640104199001010976", "一\n二"])).map(
    str.strip
)
ROWS = some.lists(some.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5)
FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"]


def xlsx(rows):
    out = BytesIO()
    writing.xlsx(rows, out)
    return out.getvalue()


def as_csv(rows, encoding="utf-8"):
    return b"".join(writing.csv_lines(rows, encoding))


def read(content):
    return [[layout.words(cell) for cell in row[:3]] for _, row in sheets.rows(content, layout.is_heading)][1:]


@pytest.mark.parametrize(
    "write", [xlsx, as_csv, lambda rows: as_csv(rows, "gb18030")], ids=["xlsx", "utf-8", "gb18030"]
)
@given(rows=ROWS)
def test_given_any_rows_when_written_and_read_then_they_are_the_same(write, rows):
    kept = [[f"NX{no}x", *cells[1:]] for no, cells in enumerate(rows)]
    assert kept == read(write([HEADING, *kept]))


@pytest.mark.parametrize("cell", FORMULAS)
def test_given_a_cell_that_looks_like_a_formula_when_written_then_it_is_text(cell):
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx([HEADING, [cell]])))
    line = next(csv.reader(StringIO(as_csv([[cell]]).decode("utf-8-sig"), newline="")))[0]
    assert (cell, "'") == (book.get_sheet_by_index(0).to_python()[1][0], line[0])


def test_given_a_number_of_eighteen_digits_when_written_then_every_digit_is_there_as_text():
    number = "640104199001010976"
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx([HEADING, [number]])))
    assert (number, f"\t{number}") == (book.get_sheet_by_index(0).to_python()[1][0], writing.as_text(number))


CHANGED = ["2-3-5", "3/4", "5-2", "0123", "1E5", "12:30", "100%", "1,234", "2024-07-05", "7月5日", "1.10"]
UNCHANGED = ["5", "0", "12", "2024-07-05 10:20:30", "5号楼2单元301室", "一", ""]


@pytest.mark.parametrize(("cell", "guard"), [*((cell, "\t") for cell in CHANGED), *((cell, "") for cell in UNCHANGED)])
def test_given_figures_that_programs_change_when_a_csv_is_written_then_they_are_kept_as_text_and_read_as_they_were(
    cell, guard
):
    assert (guard + cell, [["NX1", cell]]) == (
        writing.as_text(cell), [row[:2] for row in read(as_csv([HEADING, ["NX1", cell]]))],
    )  # fmt: skip


def test_given_many_rows_when_a_csv_is_written_then_each_leaves_as_it_comes():
    taken = []
    lines = writing.csv_lines((taken.append(no) or [str(no)] for no in range(1000)), "utf-8")
    next(lines)
    assert [0] == taken
