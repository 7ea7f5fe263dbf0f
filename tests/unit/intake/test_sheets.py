"""Spreadsheets as real programs write them: encodings, lines, and numbers that were cut (seen on real files)."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as some

from chassis.errors import Invalid
from contracts.intake.imports import Encoding
from services.intake.orders import extent, layout, sheets
from tests.unit.intake.sheeting import HEADING, csv_of, row, xlsx_of

NAMES_ONLY = "陈小华\r\n马慧兰\r\n"
"""A guess by statistics reads these in GB18030 as Korean."""


def read(content, encoding=None):
    return [(line, list(cells)) for line, cells in sheets.rows(content, layout.is_heading, encoding)]


def refused(content, encoding=None):
    with pytest.raises(Invalid) as told:
        read(content, encoding)
    return told.value.details["fields"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_given_a_csv_in_each_encoding_when_read_then_the_words_are_the_same(encoding):
    assert [(1, HEADING), (2, row())] == read(csv_of(row(), encoding=encoding))


def test_given_the_euro_of_code_page_936_when_read_then_it_is_a_euro():
    content = csv_of(row(标题="押金?0元"), encoding="gb18030").replace(b"?0", b"\x8050")
    assert "押金€50元" == read(content)[1][1][HEADING.index("标题")]


def test_given_a_list_of_names_when_read_then_the_encoding_is_asked_for_and_not_guessed():
    assert ["encoding"] == list(refused(NAMES_ONLY.encode("gb18030")))


def test_given_an_encoding_that_was_told_when_the_file_is_of_another_then_that_is_said():
    assert ["encoding"] == list(refused(csv_of(row(), encoding="gb18030"), Encoding.UTF8))


def test_given_a_column_of_another_name_when_the_encoding_was_told_then_the_column_is_missed():
    assert {"content": [sheets.NO_HEADING]} == refused(NAMES_ONLY.encode(), Encoding.UTF8)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_given_another_delimiter_when_read_then_the_columns_are_found(delimiter):
    content = "\n".join(delimiter.join(cells) for cells in (HEADING, row()))
    assert (2, row()) == read(content.encode())[1]


def quoted(cells):
    out = StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()


@pytest.mark.parametrize("written", [lambda cells: ",".join(cells) + "\r\n", quoted])
def test_given_numbers_guarded_as_formulas_in_a_csv_when_read_then_they_are_the_numbers(written):
    """Many systems write ="…" so that spreadsheet programs keep every digit."""
    content = written(HEADING) + written([f'="{cell}"' for cell in row()])
    assert [(1, HEADING), (2, row())] == read(content.encode())


def test_given_line_ends_inside_a_cell_when_read_then_rows_carry_the_line_they_begin_in():
    content = csv_of(row(1, 主要内容="一\n二\n三"), row(2))
    assert [1, 2, 5] == [line for line, _ in read(content)]


def test_given_a_title_and_blank_rows_above_when_read_then_lines_are_the_sheets_own():
    assert [(4, HEADING), (5, row())] == read(xlsx_of(row(), above=3))


def test_given_blank_rows_between_when_read_then_they_count_and_say_nothing():
    assert [1, 2, 4] == [line for line, _ in read(xlsx_of(row(1), [""], row(2)))]


def test_given_a_workbook_whose_second_sheet_holds_the_orders_when_read_then_they_are_found():
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "说明")
        book.add_worksheet().write_row(0, 0, HEADING)
    assert [(1, HEADING)] == read(out.getvalue())


@pytest.mark.parametrize("form", ["yyyy-mm-dd", "yyyy年m月d日", "[$-804]yyyy-mm-dd"])
def test_given_a_date_in_a_chinese_format_when_read_then_it_is_a_date(form):
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_number(1, 0, 45478.5, book.add_format({"num_format": form}))
    assert "2024-07-05 12:00:00" == layout.words(read(out.getvalue())[1][1][0])


def test_given_one_of_the_built_in_chinese_date_formats_when_read_then_it_is_a_date():
    """Ids 27 to 36 and 50 to 58, which openpyxl gives as bare numbers."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_number(1, 0, 45478, book.add_format({"num_format": 31}))
    assert "2024-07-05" == layout.words(read(out.getvalue())[1][1][0])[:10]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04" + bytes(40), "打不开"),
        (xlsx_of(row())[:900], "打不开"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "打不开"),
        (b'"\xe5\xb7\xa5', "编码"),
    ],
)
def test_given_a_broken_file_when_read_then_it_is_named_so(content, words):
    assert words in str(refused(content))


def test_given_a_small_file_that_unpacks_beyond_the_memory_when_read_then_it_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 1000)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", "0" * 1001)
    assert "太大" in str(refused(out.getvalue()))


def stray(*places: tuple[int, int], before: int = 1) -> bytes:
    """A list of orders with blanks left behind elsewhere."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": False}) as book:
        sheet = book.add_worksheet()
        for line in range(before):
            sheet.write_row(line, 0, row(line) if line else HEADING)
        for line, column in places:
            sheet.write_string(line, column, " ")
    return out.getvalue()


@pytest.mark.parametrize(
    ("place", "words"),
    [((1_048_575, 0), "第1048576行"), ((1_048_575, 22), "第1048576行"), ((400, 16_383), "第16384列")],
)
def test_given_a_blank_left_behind_at_the_end_of_a_sheet_when_read_then_it_is_refused_unopened_and_where_it_is_is_said(
    place, words
):
    assert words in str(refused(stray(place)))


@pytest.mark.parametrize("place", [(150_000, 3), (2000, 800)])
def test_given_a_blank_left_behind_near_by_when_read_then_the_orders_are_there(place):
    assert [(1, HEADING), (2, row(1))] == [(line, cells[:23]) for line, cells in read(stray(place, before=2))[:2]]


@given(some.integers(1, 4000))
def test_given_pieces_of_any_length_when_a_sheet_is_measured_then_it_reaches_to_its_last_value(piece):
    filled = b'<x:row r="%d"><x:c r="A%d"><x:v>1</x:v></x:c><x:c r="AB%d"/></x:row>'
    last = b'<row><c r="A91"><is><t>1</t></is></c></row><row r="99"><c r="C99" s="1"/></row>'
    xml = b"<worksheet>" + b"".join(filled % (no, no, no) for no in (1, 7, 90)) + last + b"</worksheet>"
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", xml)
        packed.writestr("xl/styles.xml", "<styleSheet/>")
    with pytest.MonkeyPatch.context() as patch, ZipFile(out) as packed:
        patch.setattr(extent, "PIECE", piece)
        patch.setattr(extent, "HEAD", piece + 20)
        assert (91, 28) == extent.reach(packed)


@pytest.mark.parametrize(
    ("cell", "words"),
    [(" 一 ", "一"), (13900000003.0, "13900000003"), (1.5, "1.5"), (True, "是"), (False, "否"), ("", "")],
)
def test_given_a_cell_when_read_then_it_is_what_people_see(cell, words):
    assert words == layout.words(cell)


@given(some.integers(layout.EXACT_BELOW, 10**19))
def test_given_a_number_of_sixteen_digits_or_more_when_read_then_it_is_never_taken_for_whole(number):
    with pytest.raises(layout.Lost):
        layout.words(float(number))


@given(some.integers(0, layout.EXACT_BELOW - 1))
def test_given_a_shorter_number_when_read_then_every_digit_is_there(number):
    assert str(number) == layout.words(float(number))
